import { describe, expect, test } from '@jest/globals';
import { jsonLines, manifest, never, withCase, writeCaseFolder } from './case-folder.ts';

const startAt = Date.parse('2026-11-20T09:00:00Z');
const iso = (seconds: number): string => new Date(startAt + seconds * 1_000).toISOString();

/** What is said of the traces of a case with these spans. */
async function problemOf(spans: readonly object[]): Promise<string> {
  const folder = await writeCaseFolder({
    'incident.yaml': manifest(['traces: [{ files: [t.jsonl], format: jsonl }]']),
    't.jsonl': jsonLines(...spans),
  });
  const coverage = await withCase(folder, (opened) => opened.coverage(never));
  return coverage.find(({ kind }) => kind === 'traces')?.problem ?? '';
}

/** A span every so many seconds. */
function spansOf(service: string, from: number, until: number, everySeconds: number): object[] {
  const count = Math.floor((until - from) / everySeconds);
  return Array.from({ length: count }, (_, index) => ({
    ...{ trace_id: `${service}-${index}`, span_id: '1', duration_ns: 1e6, service },
    start: iso(from + index * everySeconds),
  }));
}

describe('sources that stopped', () => {
  test('are named, with when they were heard last', async () => {
    const spans = [...spansOf('gateway', 0, 1_800, 2), ...spansOf('payments', 0, 1_200, 2)];
    expect(await problemOf(spans)).toBe('payments sent none after 09:19:58 UTC');
  });

  test('are not those that are rarely heard anyway, or went on until a moment ago', async () => {
    const spans = [
      ...spansOf('gateway', 0, 1_800, 2),
      ...spansOf('nightly', 0, 1_500, 60),
      ...spansOf('payments', 0, 1_750, 2),
    ];
    expect(await problemOf(spans)).toBe('');
  });
});

/** Calls from checkout to payments, which lies in the middle of what checkout waited but for its clock. */
function calls(skewSeconds: number, over: object = {}): object[] {
  return Array.from({ length: 30 }, (_, index) => {
    const trace_id = `call-${index}`;
    const [caller, callee] = [{ span_id: 'a' }, { span_id: 'b', parent_span_id: 'a' }];
    return [
      { ...caller, trace_id, service: 'checkout', kind: 'client', start: iso(index * 10) },
      {
        ...{ ...callee, trace_id, service: 'payments', kind: 'server' },
        start: iso(index * 10 + 0.01 + skewSeconds),
      },
    ].map((span, place) => ({ ...span, duration_ns: place === 0 ? 50e6 : 30e6, ...over }));
  }).flat();
}

describe('clocks that differ by seconds', () => {
  test.each([
    [3.2, 'the clock of payments is about 3.2 s ahead of that of checkout'],
    [-2, 'the clock of payments is about 2.0 s behind that of checkout'],
    [0.4, ''],
    [0, ''],
  ])('by %d s', async (skewSeconds, says) => {
    expect(await problemOf(calls(skewSeconds))).toBe(says);
  });

  test('are not concluded from calls that the caller gave up', async () => {
    expect(await problemOf(calls(3, { status: 'error' }))).toBe('');
  });
});
