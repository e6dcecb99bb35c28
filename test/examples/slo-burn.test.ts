import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { countEvents, selectorsOf } from '../../core/reliability/slo/count-events.ts';
import { evaluateSlo } from '../../core/reliability/slo/evaluate-slo.ts';
import { openCase } from '../../integrations/duckdb/open-case.ts';
import { readOpenSlo } from '../../integrations/openslo/read-openslo.ts';

const examples = join(import.meta.dirname, '../../examples');
const { 'slo-burn': name } = JSON.parse(
  readFileSync(join(examples, 'incidents/index.json'), 'utf8'),
);

test('the bundled SLO over its recording burns fast and not slowly, with every window covered', async () => {
  const [slo] = await readOpenSlo(join(examples, 'slo/gateway-availability.yaml'));
  if (slo === undefined) throw new Error('the file holds no SLO');
  const telemetry = await openCase({ dir: join(examples, 'incidents', name) });
  try {
    const { endAt } = telemetry.window;
    const reads = selectorsOf(slo.sli).map(({ metric, service = '' }) =>
      telemetry.metrics(
        { window: { startAt: endAt - 30 * 86_400_000, endAt }, metric, service, limit: 100 },
        new AbortController().signal,
      ),
    );
    const [series] = await Promise.all(reads);
    const buckets = countEvents(slo.sli, series?.rows ?? []);
    const { state, pairs } = evaluateSlo(slo, buckets, endAt);
    expect(pairs.map((pair) => pair.state)).toEqual(['burning', 'quiet']);
    expect(state).toBe('burning');
    for (const { long, short } of pairs) {
      expect(Math.min(long.coverageRatio, short.coverageRatio)).toBeGreaterThan(0.95);
    }
  } finally {
    await telemetry.close();
  }
});
