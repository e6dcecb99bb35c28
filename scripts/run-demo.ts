import { join } from 'node:path';
import { createClient } from '../cli/client.ts';
import { createIo, type Io } from '../cli/io.ts';
import { endingOf } from '../cli/render/errors.ts';
import { renderReport } from '../cli/render/report.ts';
import { linkLines, waitForReport } from '../cli/run-investigation.ts';
import { readToken } from '../cli/session.ts';
import { AppError } from '../core/errors.ts';
import { ask, decideAction } from './demo/decide-action.ts';
import { chooseModel } from './demo/choose-model.ts';
import { demoTelemetry } from './demo/demo-telemetry.ts';
import { demoUsage, parseDemoOptions, type DemoOptions } from './demo/demo-options.ts';
import { liveDemo } from './demo/live-demo.ts';
import { offerTo } from './demo/offer-services.ts';
import { startShopServices } from './demo/shop-services.ts';
import { findIncident } from './find-incident.ts';
import { projectRoot } from './project-root.ts';
import { acquireStack, type Stack } from './stack/acquire-stack.ts';
import { defaultPorts } from './stack/start-parts.ts';

/** One thing that has to be undone, in reverse order, whatever happens. */
type Cleanup = () => Promise<void>;

const stateDir = join(projectRoot(), '.holdfast');

/** Shows one investigation from alert to approved write, then stops everything unless a person stays. */
async function demo(io: Io, options: DemoOptions, cleanups: Cleanup[]): Promise<number> {
  const caseDir = findIncident(options.incident);
  io.print('Starting PostgreSQL, Temporal, API and worker ...\n');
  await offerServices(caseDir, cleanups);
  const { request, settings } = await demoTelemetry(options.telemetry, caseDir, cleanups);
  const model = await chooseModel(options.model, cleanups);
  const stack = await acquireStackWith({ ...settings, ...model });
  cleanups.push(stack.release);
  const client = createClient({ url: stack.apiUrl, token: readToken(io.env, stack.apiUrl) });

  const investigation = await client.start(request);
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

/** Gives the local stack with these settings. One that runs already has its own, so it will not do where any are given. */
async function acquireStackWith(settings: Readonly<Record<string, string>>): Promise<Stack> {
  let isFresh = false;
  Object.assign(process.env, settings);
  const stack = await acquireStack({
    ...{ stateDir, isWatched: false, ports: defaultPorts },
    onStarting: () => (isFresh = true),
  });
  if (isFresh || Object.keys(settings).length === 0) return stack;
  await stack.release();
  throw new AppError(
    'unavailable.install',
    'A local stack is running with other settings. Stop what uses it (`npm run dev`, another demo), and run this again.',
  );
}

/** Runs the shop's services and names them in the registry, so that what the report proposes has a real target. */
async function offerServices(caseDir: string, cleanups: Cleanup[]): Promise<void> {
  const shop = await startShopServices(caseDir, stateDir);
  cleanups.push(shop.stop);
  cleanups.push(await offerTo(stateDir, shop.services));
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
    const { live } = options;
    const run =
      live === null
        ? demo(io, options, cleanups)
        : liveDemo(io, { ...live, isApproved: options.isApproved, stateDir }, cleanups);
    return await Promise.race([run, stopped]);
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
