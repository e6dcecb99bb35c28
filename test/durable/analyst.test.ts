import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import type { Evidence, EvidenceSummary } from '../../core/schemas/evidence.ts';
import type {
  GraphView,
  SeriesView,
  TableView,
  TemplatesView,
  WaterfallView,
} from '../../core/schemas/evidence-views.ts';
import type { Report } from '../../core/schemas/report.ts';
import { callTools } from '../support/call-tools.ts';
import { startCertainGemini, unfounded } from '../support/certain-gemini.ts';
import type { CertainGemini } from '../support/certain-gemini.ts';
import { handMade, writeHandMadeCase } from '../support/hand-made-case.ts';
import { openClient } from '../support/history.ts';
import { caseOf } from '../support/incidents.ts';
import { largeLog, writeLargeLog } from '../support/large-log.ts';
import { investigate, reportOf, startLine } from '../support/line.ts';
import type { Line } from '../support/line.ts';
import { sharedTemporal } from '../support/temporal.ts';
import { openTestFolder } from '../support/test-folder.ts';

/** What the analyst that needs no model shows of its work over HTTP: two bundled incidents, a case whose numbers can be reckoned by hand, and one of many log lines. */
const folder = openTestFolder('analyst');
let line: Line;
let client: Client;
let gemini: CertainGemini | undefined;

interface Seen {
  readonly id: string;
  readonly report: Report;
  readonly evidence: readonly EvidenceSummary[];
}
let slow: Seen;
let herring: Seen;
let byHand: Seen;
let quiet: Seen;
let large: Seen;
/** Several pages of what is read at once. */
const largeLines = 60_000;

beforeAll(async () => {
  const dir = folder.open();
  await writeHandMadeCase(dir);
  const { address } = sharedTemporal();
  line = await startLine({ temporalAddress: address });
  client = await openClient(address);
  const madeCase = join(dir, handMade.name);
  const window = { start: isoOf(handMade.quiet.startAt), end: isoOf(handMade.quiet.endAt) };
  const largeCase = await writeLargeLog(dir, largeLines);
  [slow, herring, byHand, quiet, large] = await Promise.all([
    look({ case: caseOf('slow-dependency') }),
    look({ case: caseOf('red-herring') }),
    look({ case: madeCase }),
    look({ case: madeCase, window }),
    look({ case: largeCase }),
  ]);
}, 240_000);

afterAll(async () => {
  await line?.stop();
  await client?.connection.close();
  await gemini?.close();
  folder.remove();
}, 240_000);

const isoOf = (at: number): string => new Date(at).toISOString();

async function get(path: string): Promise<unknown> {
  const response = await fetch(`${line.url}/api/v1/investigations/${path}`);
  expect(response.status).toBe(200);
  return response.json();
}

async function look(request: Readonly<Record<string, unknown>>): Promise<Seen> {
  const id = await investigate(line, request);
  const report = await reportOf(line, id);
  const { evidence } = (await get(`${id}/evidence`)) as Pick<Seen, 'evidence'>;
  return { id, report, evidence };
}

/** The data of the one piece of evidence that a tool took under a key. */
async function dataOf<View>({ id, evidence }: Seen, tool: string, key: string): Promise<View> {
  const found = evidence.filter((one) => one.tool === tool && one.key === key);
  expect([tool, key, found.length]).toEqual([tool, key, 1]);
  return ((await get(`${id}/evidence/${found[0]?.id}`)) as Evidence).data as View;
}

const kindsOf = ({ evidence }: Seen, ids: readonly string[]): ReadonlySet<string> =>
  new Set(evidence.flatMap((one) => (ids.includes(one.id) ? [one.kind] : [])));

describe('the trace analyst', () => {
  test('AU-03 lays the worst request out with its critical path, and names what held it up longest', async () => {
    const { spans } = await dataOf<WaterfallView>(slow, 'inspect-spans', 'payments/worst-trace');
    const [root] = spans;
    const held = spans.reduce((sum, { criticalMs }) => sum + criticalMs, 0);
    expect(root).toMatchObject({ service: 'gateway', depth: 0, parentSpanId: null });
    // To the rounding of each span to four digits, the critical path is as long as the request.
    expect(Math.abs(held - (root?.durationMs ?? 0))).toBeLessThan(1);
    const places = new Map(spans.map(({ spanId }, place) => [spanId, place]));
    for (const [place, { parentSpanId }] of spans.entries()) {
      expect(places.get(parentSpanId ?? '') ?? -1).toBeLessThan(place);
    }
    const calls = spans.filter(({ name }) => name === 'POST /authorisations');
    const waited = calls.reduce((sum, { criticalMs }) => sum + criticalMs, 0);
    expect(waited / held).toBeGreaterThan(0.9);
    expect(calls.every(({ service, kind }) => service === 'payments' && kind === 'client')).toBe(
      true,
    );
    expect(slow.report.causes[0]).toMatchObject({
      entity: { kind: 'external', name: 'card-network' },
      faultKind: 'slow-dependency',
    });
  });

  test('AU-21 compares baseline and suspect at the ninetieth percentile, and sees a query for each row where there was one for all', async () => {
    const { rows } = await dataOf<TableView>(byHand, 'compare-traces', 'services');
    const levels = rows.map(([service, aspect, name, before, after, unit]) =>
      [service, aspect, name, before, after, unit].join(' | '),
    );
    // Half of the requests take less than 60 ms, one in twenty takes 400.
    expect(levels).toContain('front | duration | GET /basket | 100 | 300 | ms');
    expect(levels).toContain(
      'shelf | edge-fan-out | calls for each request, to stock-db | 1 | 8 | {call}',
    );
    expect(levels).toContain('front | error-ratio | all operations | 0 | 0 | 1');
  });

  test('AU-25 finds who depends on whom from the traces, also on what sends no telemetry, and whom a fault reached', async () => {
    const { nodes, edges } = await dataOf<GraphView>(byHand, 'compare-traces', 'call-graph');
    const calls = edges.map(({ from, to, calls: count }) => [from.name, to.name, count]);
    // A request a second for ten minutes; 320 of them ask the database once, 280 eight times.
    expect(calls).toEqual([
      ['shelf', 'stock-db', 320 + 280 * 8],
      ['front', 'shelf', 600],
    ]);
    expect(nodes).toContainEqual({ kind: 'database', name: 'stock-db', score: null });
    const coverage = await dataOf<TableView>(byHand, 'check-coverage', 'coverage');
    expect(coverage.rows.map(([kind, , , , services]) => [kind, services])).toEqual([
      ['metrics', 'sorter'],
      ['logs', 'courier'],
      ['traces', 'front, shelf'],
      ['changes', 'courier, front, sorter'],
    ]);
    expect(
      slow.report.affected.map(({ entity, role }) => [entity.kind, entity.name, role]),
    ).toEqual([
      ['external', 'card-network', 'cause'],
      ['service', 'gateway', 'symptom'],
      ['service', 'checkout', 'propagated'],
      ['service', 'payments', 'propagated'],
    ]);
  });
});

describe('the analyst of logs', () => {
  test('AU-04 counts every line of a large log by what it says, and finds the few at its end that nobody wrote before', async () => {
    const { templates, omittedTemplates } = await dataOf<TemplatesView>(
      large,
      'cluster-logs',
      'all services',
    );
    const { services, rareFrom, rareLines } = largeLog;
    // Each service says five things, one of them one more.
    expect(omittedTemplates + templates.length).toBe(5 * services.length + 1);
    const counted = templates.reduce((sum, one) => sum + one.linesBefore + one.linesAfter, 0);
    expect(counted).toBe(largeLines);
    expect(templates[0]).toMatchObject({
      ...{ service: 'ledger', severity: 'error', change: 'new' },
      ...{ template: 'lease on shard <*> lost to node-<*>' },
      ...{ linesBefore: 0, linesAfter: rareLines, firstAt: rareFrom },
    });
    expect(templates.filter(({ change }) => change === 'new')).toHaveLength(1);
  });
});

describe('the analyst of metrics', () => {
  test('AU-22 tells how far a series left the range of its baseline, to the number reckoned by hand', async () => {
    const scanned = await dataOf<TableView>(byHand, 'scan-metrics', 'all services');
    // Before: 0 to 0.395 in steps of 0.005, whose median is 0.1975 and whose 99 % quantile is 0.005 * 0.99 * 79. After: 0.9717, four times as far from the median as that.
    const usual = 0.005 * 0.99 * 79 - 0.1975;
    // Less what few samples cost: 80 before, 70 after.
    const score = (0.9717 - 0.1975) / usual / (1 + 3 / 80) / (1 + 1 / 70);
    expect(score).toBeCloseTo(3.8, 2);
    const cpu = [null, 'cpu', 'process.cpu.utilization', 0.1975, 0.9717, '1'];
    expect(scanned.rows).toEqual([['sorter', ...cpu, Number(score.toFixed(2)), 70]]);
    const { series } = await dataOf<SeriesView>(byHand, 'inspect-metrics', 'sorter/metrics');
    const [drawn] = series;
    expect(drawn?.baseline?.median).toBeCloseTo(0.1975, 9);
    expect(drawn?.baseline?.high).toBeCloseTo(0.005 * 0.99 * 79, 4);
    expect(drawn?.onset?.earliestAt).toBeLessThanOrEqual(handMade.metricAt);
    expect(drawn?.onset?.latestAt).toBeGreaterThanOrEqual(handMade.metricAt);
  });
});

describe('the analyst of changes', () => {
  test('AU-24 ranks changes by how shortly before the onset they were made, says by how much, and clears those that changed nothing', async () => {
    const order = async (seen: Seen): Promise<readonly unknown[]> =>
      (await dataOf<TableView>(seen, 'list-changes', 'changes')).rows.map(([id]) => id);
    // What comes after the onset comes last, though it is nearer.
    expect(await order(byHand)).toEqual(['sorter-r2', 'front-r7', 'courier-r3']);
    expect(await order(herring)).toEqual(['checkout-r133', 'cfg-6078']);
    const key = 'change/sorter-r2';
    const { text } = await dataOf<{ readonly text: string }>(byHand, 'inspect-change', key);
    expect(text).toContain('made 80.0 s before the earliest suspected onset');
    const { causes, ruledOut, remediations } = herring.report;
    expect(causes[0]).toMatchObject({
      entity: { kind: 'database', name: 'ledger-db' },
      changeId: null,
    });
    for (const change of ['checkout-r133', 'cfg-6078']) {
      const cleared = ruledOut.find(({ hypothesis }) => hypothesis.includes(change));
      expect(cleared?.because).toContain('Compared right before and right after it');
      expect(kindsOf(herring, cleared?.evidenceIds ?? [])).toEqual(new Set(['changes', 'traces']));
    }
    expect(remediations.map(({ kind }) => kind)).not.toContain('roll-back');
  });
});

describe('the root-cause analyst', () => {
  test('AU-05 merges what several specialists found into one chain from the cause to who hurts, and proposes what helps the cause', () => {
    const { causes, chain, remediations } = slow.report;
    const [cause] = causes;
    const roles = slow.evidence.flatMap(({ id, role }) =>
      cause?.evidenceIds.includes(id) === true ? [role] : [],
    );
    expect(new Set(roles)).toEqual(new Set(['aggregation', 'trace']));
    expect(chain.map(({ from, to }) => [from.name, to.name])).toEqual([
      ['card-network', 'payments'],
      ['payments', 'checkout'],
      ['checkout', 'gateway'],
    ]);
    expect(remediations.map(({ kind, target }) => [kind, target.name])).toEqual([
      ['investigate', 'card-network'],
      ['fail-over', 'card-network'],
    ]);
    for (const { evidenceIds } of remediations) expect(evidenceIds).toEqual(cause?.evidenceIds);
  });

  test('AU-14 every edge leads from cause to effect, with the tests of it: there is such a call, its cause deviates, and began no later', () => {
    for (const { report } of [slow, herring]) {
      const { chain, causes, timeline } = report;
      expect(chain).toHaveLength(3);
      expect(chain[0]?.from).toEqual(causes[0]?.entity);
      for (const [place, { from, tests }] of chain.entries()) {
        if (place > 0) expect(from).toEqual(chain[place - 1]?.to);
        expect(tests).toMatchObject({ edge: true, deviates: true });
      }
      // Metrics of every ten seconds date the cause later than traces date its effect; the services are dated alike.
      const effectAt = timeline.find(({ text }) => text.startsWith('payments deviates'))?.at ?? '';
      expect(Date.parse(causes[0]?.since?.earliest ?? '')).toBeGreaterThan(Date.parse(effectAt));
      expect(chain.map(({ tests }) => tests.order)).toEqual([false, true, true]);
    }
    const [edge] = byHand.report.chain;
    expect([edge?.from.name, edge?.to.name, edge?.tests]).toEqual([
      ...['shelf', 'front'],
      { edge: true, deviates: true, order: true },
    ]);
  });

  test('AU-23 puts changes, traces, metrics and logs on one line of time', () => {
    const { timeline } = byHand.report;
    const times = timeline.map(({ at }) => Date.parse(at));
    expect(times).toEqual(times.toSorted((one, other) => one - other));
    const entries = timeline.map(({ text, at, evidenceIds }) => ({
      who: /^(?:The deploy (\S+)|(\S+))/.exec(text)?.slice(1).join(''),
      kinds: [...kindsOf(byHand, evidenceIds)].filter((kind) => kind !== 'topology'),
      lateSeconds: (Date.parse(at) - handMade.tracesAt) / 1_000,
    }));
    const entry = (who: string, kind: string, seconds: number) => {
      const found = entries.find((one) => one.who === who);
      expect([who, found?.kinds.includes(kind)]).toEqual([who, true]);
      // Requests come every second, lines every two, samples every four.
      expect(Math.abs((found?.lateSeconds ?? Number.NaN) - seconds)).toBeLessThanOrEqual(4);
    };
    entry('sorter-r2', 'changes', -80);
    entry('front', 'traces', 0);
    entry('shelf', 'traces', 0);
    entry('sorter', 'metrics', 20);
    entry('courier', 'logs', 40);
    expect(timeline.find(({ text }) => text.startsWith('Noticed'))?.at).toBe(
      isoOf(handMade.noticedAt),
    );
  });
});

describe('a case folder', () => {
  test('OS-96 answers a query by its name and labels: a wrong one gets nothing', async () => {
    const answers = await callTools({ client, line, id: byHand.id }, 'asks', [
      { tool: 'inspect-metrics', input: { service: 'sorter' } },
      { tool: 'inspect-metrics', input: { service: 'sorted' } },
      { tool: 'inspect-spans', input: { service: 'shelf' } },
      { tool: 'inspect-spans', input: { service: 'shelves' } },
      { tool: 'read-log-lines', input: { service: 'courier', contains: 'van' } },
      { tool: 'read-log-lines', input: { service: 'courier', contains: 'vehicle' } },
      { tool: 'read-log-lines', input: { service: 'courier', severityAtLeast: 'error' } },
      { tool: 'read-log-lines', input: { service: 'sorter', severityAtLeast: 'error' } },
      { tool: 'inspect-change', input: { id: 'sorter-r2' } },
      { tool: 'inspect-change', input: { id: 'sorter-r3' } },
    ]);
    const found = answers.map(
      (one) => one.ok && one.digest.observations.length + one.digest.changes.length > 0,
    );
    expect(answers).toHaveLength(10);
    expect(found).toEqual([true, false, true, false, true, false, true, false, true, false]);
  }, 240_000);

  test('OS-96 answers of the window that was asked for, and of nothing outside it', async () => {
    // Two quiet minutes hold 120 requests and a line every two seconds; the changes were made before and after them.
    const { edges } = await dataOf<GraphView>(quiet, 'compare-traces', 'call-graph');
    expect(edges.map(({ to, calls }) => [to.name, calls])).toEqual([
      ['shelf', 120],
      ['stock-db', 120],
    ]);
    const { templates } = await dataOf<TemplatesView>(quiet, 'cluster-logs', 'all services');
    expect(
      templates.map(({ template, linesBefore, linesAfter }) => [
        template,
        linesBefore + linesAfter,
      ]),
    ).toEqual([['parcel handed over', 60]]);
    const { rows } = await dataOf<TableView>(quiet, 'list-changes', 'changes');
    expect(rows).toEqual([]);
    const { verdict, causes } = quiet.report;
    expect([verdict, causes]).toEqual(['no-cause-found', []]);
  });
});

describe('with a model that says how sure it is', () => {
  test('OS-64 confidence and validity are computed: what a model says of itself is kept with its words, and changes neither', async () => {
    await line.stop();
    gemini = await startCertainGemini(0.01);
    line = await startLine({
      temporalAddress: sharedTemporal().address,
      env: {
        ...{ MODEL: 'gemini', GEMINI_API_KEY: 'local', GEMINI_MODEL: 'certain' },
        ...{ GOOGLE_GEMINI_BASE_URL: gemini.url, HOLDFAST_MODEL_PRICE: '0.3,2.5' },
      },
    });
    const { id, report } = await look({ case: caseOf('slow-dependency') });
    const [kept] = await line.store.steps.results([
      { workflowId: `${id}/trace`, stepKey: 'trace.r1.decide' },
    ]);
    expect(JSON.stringify(kept?.result)).toContain('"confidence":0.01');
    expect(report.reasoner).toMatchObject({ kind: 'model', fallbacks: [] });
    const told = ({ causes, ranking, chain, verdict }: Report) => ({
      ...{ causes, ranking, chain, verdict },
    });
    expect(told(report)).toEqual(told(slow.report));
    const { diagnosis } = report;
    expect(diagnosis?.notValidatedClaims.map(({ text }) => text)).toEqual([unfounded]);
    const { causalChain = [], validatedClaims = [] } = diagnosis ?? {};
    const carried = 1 + causalChain.length + validatedClaims.length;
    expect(diagnosis?.validityRatio).toBeCloseTo(carried / (carried + 1), 12);
    expect(JSON.stringify(report)).not.toMatch(/"certainty"/);
  }, 240_000);
});
