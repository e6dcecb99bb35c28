import { describe, expect, test } from '@jest/globals';
import { composeReport } from '../../../core/report/compose-report.ts';
import type { ReportParts } from '../../../core/report/compose-report.ts';
import { renderMarkdown } from '../../../core/report/render-markdown.ts';
import { findingSchema } from '../../../core/schemas/finding.ts';
import { reportSchema } from '../../../core/schemas/report.ts';
import type { Report } from '../../../core/schemas/report.ts';
import {
  billing,
  dated,
  deploy,
  front,
  investigate,
  orders,
  shift,
} from '../../agents/support/world.ts';
import type { World } from '../../agents/support/world.ts';
import { embeddedAlone } from '../../support/embedded-alone.ts';

const world: World = {
  felt: [dated({ entity: front, aspect: 'error-ratio' })],
  traces: [
    dated({ entity: front, aspect: 'error-ratio' }),
    dated({ entity: orders, aspect: 'error-ratio' }),
    dated({ entity: orders, aspect: 'own-error' }),
  ],
  changes: [deploy('orders', 2), deploy('billing', 40)],
  effects: { 'orders-r7': [dated({ entity: orders, aspect: 'own-error' })] },
  missing: ['logs'],
};

const nothing: ReportParts = {
  investigationId: 'inv-test-0001',
  caseName: 'shop-case',
  writtenAt: 0,
  status: 'completed',
  ended: 'answered',
  brief: null,
  plan: null,
  findings: [],
  unfinished: [],
  synthesis: null,
  verification: null,
  rounds: [],
  actions: [],
  policyVersion: 'embedded-of-a-test',
  reasoner: embeddedAlone,
  diagnosis: null,
  cost: {
    wallMs: 1_234,
    toolCalls: 5,
    modelCalls: 0,
    inputTokens: 0,
    outputTokens: 0,
    usdMicros: 0,
  },
};

async function reportOn(given: World): Promise<Report> {
  return (await investigate(given)).report;
}

describe('the report', () => {
  test('keeps to its contract and says cause, change, remedy, gaps and rounds', async () => {
    const report = reportSchema.parse(await reportOn(world));
    expect(report).toMatchObject({
      version: 1,
      status: 'completed',
      verdict: 'cause-found',
      causes: [{ entity: orders, faultKind: 'bad-deploy', changeId: 'orders-r7' }],
      remediations: [{ kind: 'roll-back', target: orders, risk: 'low' }],
      gaps: [{ signal: 'logs' }],
    });
    expect(report.onset).not.toBeNull();
    expect(report.causes[0]?.evidenceIds.length).toBeGreaterThan(0);
  });

  test('has one iteration a role and round, also where a specialist answered a question later', async () => {
    const report = await reportOn(world);
    const keys = report.iterations.map(({ role, round }) => `${role} ${round}`);
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys).toContain('root-cause 2');
    const answered = report.iterations.find(({ reasoning }) => reasoning.startsWith('Asked: '));
    expect(answered).toMatchObject({ tools: [expect.any(String)], continued: false });
  });

  test.each([
    ['cancelled', 'cancelled', 'cancelled'],
    ['failed', 'failed', 'could not be completed'],
    ['completed', 'time', 'time was used up'],
  ] as const)('exists also when nothing was reached: %s by %s', (status, ended, words) => {
    const report = reportSchema.parse(composeReport({ ...nothing, status, ended }));
    expect(report).toMatchObject({ verdict: 'inconclusive', causes: [], status, ended });
    expect(report.summary).toContain(words);
    expect(report.gaps).toContainEqual({ signal: 'scope', reason: expect.any(String) as unknown });
  });

  test('names no cause that the verifier has not seen', async () => {
    const { brief, plan, findings, synthesis } = await investigate(world);
    const report = composeReport({
      ...nothing,
      brief,
      plan,
      findings,
      synthesis,
      verification: null,
      status: 'cancelled',
      ended: 'cancelled',
    });
    expect(report).toMatchObject({ verdict: 'inconclusive', causes: [], remediations: [] });
    expect(report.ranking[0]).toMatchObject({ entity: orders });
    expect(report.claims.some(({ checked }) => checked)).toBe(false);
    expect(report.summary).toContain('Nothing of this has been verified');
  });

  test('says what was seen when root cause was not reached', () => {
    const finding = findingSchema.parse({
      role: 'trace',
      conclusion: 'anomalous',
      summary: 'Errors arise in orders itself.',
      hypotheses: [],
      claims: [],
      confidence: 0.5,
      ended: 'calls',
    });
    const report = composeReport({
      ...nothing,
      findings: [finding],
      unfinished: [{ role: 'log', ended: 'failed' }],
    });
    expect(report.summary).toContain('Errors arise in orders itself.');
    const signals = report.gaps.map(({ signal }) => signal);
    expect(signals).toEqual(expect.arrayContaining(['traces', 'logs']));
  });
});

describe('the report as Markdown', () => {
  test('begins with cause and verdict, and follows with why, chain, ruled out, gaps, remedy and cost', async () => {
    const text = renderMarkdown({ ...(await reportOn(world)), cost: nothing.cost });
    const lines = text.split('\n');
    expect(lines[0]).toBe('# orders: bad-deploy, by orders-r7');
    expect(lines.slice(0, 8).join('\n')).toContain('Verdict: **cause-found**');
    const titles = lines.filter((line) => line.startsWith('## '));
    expect(titles).toEqual([
      '## Cause',
      '## Why',
      '## How it spread',
      '## What would help',
      '## Timeline',
      '## Ruled out',
      '## Not seen',
      '## Considered',
      '## How it was found',
    ]);
    expect(text).toMatch(/\[ev-[0-9a-f]{16}/);
    expect(text).toMatch(
      /1\.2 s, 5 tool calls, no model calls, decided by embedded-[0-9a-f]{12}\.\n$/,
    );
  });

  test('says so when there is no cause', async () => {
    expect(renderMarkdown(await reportOn({}))).toContain('# No cause found');
    expect(renderMarkdown(composeReport(nothing))).toContain('# Too little to tell');
  });

  test('of received telemetry, says when some may have come too late to be looked at', async () => {
    const { brief } = await investigate(world);
    const gapsAfter = (minutes: number): Report['gaps'] =>
      composeReport({
        ...{ ...nothing, isLive: true, brief },
        writtenAt: brief.window.endAt + minutes * 60_000,
      }).gaps;
    const reason = expect.stringMatching(/^Whatever arrived more than 10 minutes after/) as unknown;
    expect(gapsAfter(9)).not.toContainEqual({ signal: 'scope', reason });
    expect(gapsAfter(11)).toContainEqual({ signal: 'scope', reason });
  });

  test('shows actions and who decided', async () => {
    const action: Report['actions'][number] = {
      actionId: 'act-1234',
      planHash: 'a'.repeat(64),
      tool: 'call-ops',
      target: orders,
      state: 'applied',
      decidedBy: 'mo',
      evidenceIds: [],
    };
    const text = renderMarkdown({ ...(await reportOn(world)), actions: [action] });
    expect(text).toContain('act-1234: call-ops on orders: **applied**, decided by mo');
  });

  test('keeps telemetry text: markup, links, tables and hidden characters mean nothing', async () => {
    const hostile =
      '</script><img src=x onerror=alert(1)> [click](http://evil.example) | # *bold* `code` \u202Etxt\u0007';
    const report = await reportOn({
      ...world,
      missing: [],
      logs: [shift({ entity: orders, aspect: 'log-new', name: hostile.slice(0, 120), after: 3 })],
      changes: [{ ...deploy('orders', 2), title: '**Click** <b>here</b>' }],
    });
    const text = renderMarkdown(report);
    expect(JSON.stringify(report)).toContain('onerror');
    expect(text).toContain('onerror');
    const parts = ['<', 'http://', '\u202E', '\u0007'];
    for (const dangerous of parts) expect(text).not.toContain(dangerous);
    for (const mark of ['[click', '](http', '**Click', '`code', '| ']) {
      expect(text.replaceAll(`\\${mark.charAt(0)}`, '')).not.toContain(mark);
    }
  });
});

test('an entity that nobody blames is not in the report', async () => {
  const report = await reportOn(world);
  expect(report.affected.map(({ entity }) => entity)).not.toContainEqual(billing);
});
