import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { createClient, type Client } from '../cli/client.ts';
import { effectText, outcomeText, waitForOutcome } from '../cli/commands/decide.ts';
import { createIo, type Io } from '../cli/io.ts';
import { renderAction } from '../cli/render/action.ts';
import { endingOf } from '../cli/render/errors.ts';
import { renderReport } from '../cli/render/report.ts';
import { linkLines, waitForReport } from '../cli/run-investigation.ts';
import { readToken } from '../cli/session.ts';
import { AppError } from '../core/errors.ts';
import { demoUsage, parseDemoOptions, type DemoOptions } from './demo/demo-options.ts';
import { startShopServices, type ShopServices } from './demo/shop-services.ts';
import { findIncident } from './find-incident.ts';
import { projectRoot } from './project-root.ts';
import { acquireStack, type Stack } from './stack/acquire-stack.ts';
import { servicesFile } from './stack/program-environment.ts';
import { defaultPorts } from './stack/start-parts.ts';
import { writeFileAtomically } from './write-file.ts';

/** One thing that has to be undone, in reverse order, whatever happens. */
type Cleanup = () => Promise<void>;

const stateDir = join(projectRoot(), '.holdfast');

/** Shows one investigation from alert to approved write, then stops everything unless a person stays. */
async function demo(io: Io, options: DemoOptions, cleanups: Cleanup[]): Promise<number> {
  const caseDir = findIncident(options.incident);
  io.print('Starting PostgreSQL, Temporal, API and worker ...\n');
  await offerServices(caseDir, cleanups);
  const stack = await acquireStack({ stateDir, isWatched: false, ports: defaultPorts });
  cleanups.push(stack.release);
  const client = createClient({ url: stack.apiUrl, token: readToken(io.env, stack.apiUrl) });

  const investigation = await client.start({ case: caseDir });
  const links = await linkLines(client, investigation);
  io.print(`Investigating ${options.incident}: ${investigation.id}\n${links}\n`);
  const view = io.isLive ? 'tree' : 'lines';
  const report = await waitForReport(io, client, investigation.id, view);
  io.print(`\n${renderReport(report, io.style)}\n${links}`);

  const open = report.actions.find(({ state }) => state === 'proposed');
  const isDone = open === undefined || (await decideAction(io, client, open.actionId, options));
  if (io.isLive) await stayUntilEnter(io, stack);
  return report.status === 'completed' && isDone ? 0 : 1;
}

/** Runs the shop's services and names them in the registry, so that what the report proposes has a real target. */
async function offerServices(caseDir: string, cleanups: Cleanup[]): Promise<void> {
  const shop = await startShopServices(caseDir);
  cleanups.push(shop.stop);
  await mkdir(stateDir, { recursive: true });
  const offer = (services: ShopServices['services']): Promise<void> =>
    writeFileAtomically(servicesFile(stateDir), JSON.stringify({ services }, null, 2), 0o600);
  await offer(shop.services);
  cleanups.push(() => offer([]));
}

/** Shows the proposed write and has it decided: by the flag, by the person at the terminal, or not at all. Gives whether all went as wanted. */
async function decideAction(
  io: Io,
  client: Client,
  actionId: string,
  options: DemoOptions,
): Promise<boolean> {
  const proposed = await client.action(actionId);
  io.print(`\n${io.style.bold('Proposed write')}\n${renderAction(proposed)}`);
  io.print(`\nTo approve it:  npx holdfast approve ${actionId}\n`);
  const isApproved = options.isApproved || (io.isLive && (await ask(io, 'Approve it now? [y/N] ')));
  if (!isApproved) return true;
  await client.decide(actionId, {
    decision: 'approve',
    planHash: proposed.planHash,
    reason: 'approved in the demo',
    deliver: 'signal',
  });
  const settled = await waitForOutcome(client, actionId);
  io.print(`\n${outcomeText(settled)}${await effectText(client, settled)}`);
  return settled.state === 'applied';
}

async function ask(io: Io, question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: io.stdout });
  try {
    return /^y(es)?$/i.test((await terminal.question(question, { signal: io.stopped })).trim());
  } finally {
    terminal.close();
  }
}

async function stayUntilEnter(io: Io, stack: Stack): Promise<void> {
  const ui = stack.temporalUiUrl === null ? '' : `, Temporal UI ${stack.temporalUiUrl}`;
  io.print(`\nEverything is still running: API ${stack.apiUrl}/docs${ui}\n`);
  await ask(io, 'Press Enter to stop. ').catch(() => undefined); // Ctrl-C stops it as well
}

async function main(): Promise<number> {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => stop.abort());
  }
  const plain = createIo(process, stop.signal);
  // One stream, so that progress and report stand in order where it is kept.
  const io: Io = { ...plain, say: plain.print };
  const cleanups: Cleanup[] = [];
  try {
    const options = parseDemoOptions(process.argv.slice(2));
    if (options.isHelp) {
      io.print(demoUsage);
      return 0;
    }
    const stopped = new Promise<never>((_resolve, reject) => {
      stop.signal.addEventListener('abort', () => reject(new AppError('timeout.wait', 'stopped')));
    });
    return await Promise.race([demo(io, options, cleanups), stopped]);
  } catch (error) {
    if (stop.signal.aborted) return 130;
    const { exitCode, text } = endingOf(error);
    plain.say(text);
    return exitCode;
  } finally {
    for (const cleanup of cleanups.toReversed()) await cleanup();
  }
}

const exitCode = await main();
process.stdout.write('', () => process.exit(exitCode));
