import { expect, test } from '@jest/globals';
import { investigateDirectly } from '../../../bench/direct/investigate-directly.ts';
import { lines, writeCaseFolder } from './case-folder.ts';

const services = ['shop', 'cart', 'ledger'];
const stepMs = 300_000;

/** Five-minute averages of latency in seconds, one column a service. */
function latencies(startAt: string, rows: number, levels: readonly number[]): string {
  const row = (index: number): string => {
    const at = Date.parse(startAt) + index * stepMs;
    const cells = levels.map((level) => (level * (1 + 0.02 * Math.sin(index))).toFixed(4));
    return [at / 1_000, ...cells].join(',');
  };
  return lines(
    ['service', ...services].join(','),
    ['metric', ...services.map(() => 'latency')].join(','),
    ['statistic', ...services.map(() => 'Average')].join(','),
    ...Array.from({ length: rows }, (_none, index) => row(index)),
  );
}

function manifestWith(...more: readonly string[]): string {
  return lines(
    'version: 1',
    'name: slow-all-along',
    'alert:',
    '  title: The shop is slow',
    '  entity: { kind: service, name: shop }',
    '  startedAt: 2026-11-20T09:15:00Z',
    'window: { start: 2026-11-20T09:00:00Z, end: 2026-11-20T09:25:00Z }',
    ...more,
    'telemetry:',
    '  metrics:',
    '    - files: [usual.csv, now.csv]',
    '      format: csv',
    '      headers: [service, metric, statistic]',
    '      time: { column: service, unit: s }',
    '      constants: { unit: s }',
    '  topology: [{ files: [topology.csv], format: csv }]',
  );
}

async function investigate(usualAt: string, more: readonly string[]) {
  const folder = await writeCaseFolder({
    'incident.yaml': manifestWith(...more),
    'usual.csv': latencies(usualAt, 60, [0.3, 0.1, 0.05]),
    'now.csv': latencies('2026-11-20T09:00:00Z', 5, [2.3, 2.1, 0.05]),
    'topology.csv': lines('from,to', 'shop,cart', 'cart,ledger'),
  });
  try {
    const { brief, report } = await investigateDirectly(folder.dir);
    return { brief, names: report.ranking.map(({ entity }) => entity.name), report };
  } finally {
    folder.remove();
  }
}

const healthy = (start: string, end: string): string =>
  `baselines: [{ start: ${start}, end: ${end} }]`;

test.each([
  ['before', '2026-09-01T00:00:00Z', '2026-09-01T05:00:00Z'],
  ['after', '2027-02-01T00:00:00Z', '2027-02-01T05:00:00Z'],
])(
  'trouble that fills the window shows against a healthy time months %s it',
  async (_when, start, end) => {
    const { brief, names } = await investigate(start, [healthy(start, end)]);
    expect(brief.symptomatic).toBe(true);
    expect(names).toEqual(['cart', 'shop']);
  },
);

test('without a healthy time nothing shows', async () => {
  const { brief, names } = await investigate('2026-09-01T00:00:00Z', []);
  expect(brief.symptomatic).toBe(false);
  expect(names).toEqual([]);
});

test('only candidates are ranked, and an onset that is known is taken', async () => {
  const start = '2026-09-01T00:00:00Z';
  const { brief, names } = await investigate(start, [
    healthy(start, '2026-09-01T05:00:00Z'),
    'onset: 2026-11-20T09:05:00Z',
    'candidates: [{ kind: service, name: shop }, { kind: service, name: ledger }]',
  ]);
  const at = Date.parse('2026-11-20T09:05:00Z');
  expect(brief.suspected).toEqual({ earliestAt: at, latestAt: at });
  expect(names).toEqual(['shop']);
});
