import { randomBytes } from 'node:crypto';
import { createClient, type Client } from '../../cli/client.ts';
import type { Io } from '../../cli/io.ts';
import { renderReport } from '../../cli/render/report.ts';
import { linkLines, waitForReport } from '../../cli/run-investigation.ts';
import { readToken } from '../../cli/session.ts';
import type { InvestigationRequest } from '../../core/schemas/investigation.ts';
import type { Report } from '../../core/schemas/report.ts';
import { acquireStack } from '../stack/acquire-stack.ts';
import { freePort } from '../stack/free-port.ts';
import { defaultPorts } from '../stack/start-parts.ts';
import { decideAction } from './decide-action.ts';
import { startLiveShop, type LiveAnswer, type LiveShop } from './live-shop.ts';
import { offerTo } from './offer-services.ts';

export interface LiveDemoOptions {
  readonly fault: string;
  readonly seed: number;
  readonly isApproved: boolean;
  readonly stateDir: string;
}

const services = ['gateway', 'checkout', 'catalog', 'inventory', 'cache', 'payments'] as const;
const firstPort = 18_080;
const openWithinMs = 120_000;
const faultWithinMs = 200_000;
const alertWithinMs = 90_000;
const recoveredWithinMs = 120_000;
const progressMs = 15_000;

/**
 * Runs the demo shop with users, breaks it, has its alert start an investigation over HTTP, and has what the report proposes decided. Gives 0 when the cause was
 * named rightly, nothing that was approved failed, and the shop recovered from what was rolled back.
 */
export async function liveDemo(
  io: Io,
  options: LiveDemoOptions,
  cleanups: (() => Promise<void>)[],
): Promise<number> {
  const { fault, seed, stateDir } = options;
  io.print('Starting PostgreSQL, Temporal, API and worker ...\n');
  const opsToken = randomBytes(18).toString('base64url');
  const ports = await portsOf();
  const offered = services.map((name) => ({
    name,
    url: `http://127.0.0.1:${ports[name]}`,
    token: opsToken,
  }));
  cleanups.push(await offerTo(stateDir, offered));
  const stack = await acquireStack({ stateDir, isWatched: false, ports: defaultPorts });
  cleanups.push(stack.release);
  const client = createClient({ url: stack.apiUrl, token: readToken(io.env, stack.apiUrl) });
  io.print(`Starting the shop: six services that send their telemetry to ${stack.apiUrl}/v1 ...\n`);
  const shop = startLiveShop({ fault, seed, otlpUrl: stack.apiUrl, ports, opsToken });
  cleanups.push(shop.stop);

  const { answer, at, openedAt } = await untilFault(io, shop, options);
  const request = await requestOf(io, shop, openedAt);
  const report = await investigate(io, client, request);
  const seconds = Math.round((Date.now() - at) / 1_000);
  const isRight = isAnswered(report, answer);
  io.print(
    `\nWhat was done: ${wordAnswer(answer)}. The report is ${isRight ? 'right' : 'WRONG'}.\n`,
  );
  io.print(`From the fault to the report it took ${seconds} s.\n`);
  const isMended = await mend(io, client, shop, report, options);
  return report.status === 'completed' && isRight && isMended ? 0 : 1;
}

async function portsOf(): Promise<Readonly<Record<(typeof services)[number], number>>> {
  const taken: number[] = [];
  for (const _service of services) taken.push(await freePort(firstPort, taken));
  const [gateway = 0, checkout = 0, catalog = 0, inventory = 0, cache = 0, payments = 0] = taken;
  return { gateway, checkout, catalog, inventory, cache, payments };
}

/** Waits, saying what goes on, until the fault was caused. */
async function untilFault(
  io: Io,
  shop: LiveShop,
  { fault, seed }: LiveDemoOptions,
): Promise<{
  readonly answer: LiveAnswer | null;
  readonly at: number;
  readonly openedAt: number;
}> {
  const open = await shop.event('open', openWithinMs);
  if (open === null) throw new Error('the shop did not open within two minutes');
  io.print(`Users are in, at ${open.gatewayUrl}. First ${open.onsetSeconds} s as usual.\n`);
  const openedAt = Date.now();
  while (Date.now() - openedAt < faultWithinMs) {
    const caused = await shop.event('fault', progressMs);
    if (caused !== null) {
      io.print(`Now: ${fault}, seed ${seed}. Users notice before Holdfast is told ...\n`);
      return { answer: caused.answer, at: Date.parse(caused.at), openedAt };
    }
    const left = open.onsetSeconds - Math.round((Date.now() - openedAt) / 1_000);
    if (left > 0) io.print(`  ${left} s to go\n`);
  }
  throw new Error('the fault was not caused in time');
}

/**
 * What is asked: the alert, or, where none comes because nobody suffers, whether anything is wrong. It looks back to when this shop opened: what is kept of
 * an earlier one has incidents of its own.
 */
async function requestOf(io: Io, shop: LiveShop, openedAt: number): Promise<InvestigationRequest> {
  const entity = { kind: 'service', name: 'gateway' } as const;
  const alert = await shop.event('alert', alertWithinMs);
  const since = `${Math.ceil((Date.now() - openedAt) / 1_000)}s`;
  if (alert === null) {
    io.print('No alert came. Asking all the same whether anything is wrong.\n');
    return { entity, question: 'Is anything wrong with the shop?', since };
  }
  io.print(`Alert: ${alert.title}. ${alert.description}\n`);
  const { title, description, startedAt } = alert;
  return {
    alert: { title, description, startedAt, severity: 'error', entity, labels: {} },
    since,
  };
}

async function investigate(io: Io, client: Client, request: InvestigationRequest): Promise<Report> {
  const started = await client.start(request);
  const links = await linkLines(client, started);
  io.print(`Investigating: ${started.id}\n${links}\n`);
  const report = await waitForReport(io, client, started.id, io.isLive ? 'tree' : 'lines');
  io.print(`\n${renderReport(report, io.style)}\n${links}`);
  return report;
}

function isAnswered(report: Report, answer: LiveAnswer | null): boolean {
  const [cause] = report.causes;
  if (answer === null || cause === undefined) return answer === null && cause === undefined;
  return (
    cause.entity.kind === answer.entityKind &&
    answer.entityNames.includes(cause.entity.name) &&
    cause.faultKind === answer.faultKind &&
    (cause.changeId ?? '') === answer.changeId
  );
}

function wordAnswer(answer: LiveAnswer | null): string {
  if (answer === null) return 'nothing';
  const { faultKind, entityKind, entityNames, changeId } = answer;
  const change = changeId === '' ? '' : `, by ${changeId}`;
  return `${faultKind} of ${entityKind} ${entityNames[0] ?? ''}${change}`;
}

/** Has the proposed write decided and, once it was carried out, waits for the shop to recover. */
async function mend(
  io: Io,
  client: Client,
  shop: LiveShop,
  report: Report,
  options: LiveDemoOptions,
): Promise<boolean> {
  const open = report.actions.find(({ state }) => state === 'proposed');
  if (open === undefined) return true;
  if (!(await decideAction(io, client, open.actionId, options))) return false;
  const { state } = await client.action(open.actionId);
  if (state !== 'applied') return true;
  shop.forget();
  const calm = await shop.event(
    'reading',
    recoveredWithinMs,
    ({ share, threshold }) => share < threshold,
  );
  const percent = (share: number): string => `${(share * 100).toFixed(0)} %`;
  io.print(
    calm === null
      ? '\nThe shop did not recover within two minutes.\n'
      : `\nThe shop has recovered: ${percent(calm.share)} of users' requests fail or are slow, under the threshold of ${percent(calm.threshold)}.\n`,
  );
  return calm !== null;
}
