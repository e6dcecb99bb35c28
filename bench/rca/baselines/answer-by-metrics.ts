import type { Window } from '../../../core/schemas/primitives.ts';
import { hullOf, joined } from '../../../core/analysis/stretches.ts';
import { openCase } from '../../../integrations/duckdb/open-case.ts';
import { rankServices } from './rank-services.ts';
import type { MetricScore } from './rank-services.ts';

const mostSeries = 5_000;

/** Answers a case as a published method would that is told when it began: the first of its ranking did it, whatever the scores are. */
export async function answerByMetrics(dir: string, onset: string, score: MetricScore) {
  const startedAt = Date.now();
  const opened = await openCase({ dir });
  try {
    const { window, baselines } = opened;
    const onsetAt = Date.parse(onset);
    const read = await opened.metrics(
      { window: hullOf(joined([window, ...baselines])), limit: mostSeries },
      new AbortController().signal,
    );
    const ranking = rankServices(read.rows, sidesOf(window, baselines, onsetAt), score);
    return {
      verdict: ranking.length > 0 ? ('cause-found' as const) : ('inconclusive' as const),
      causes: ranking.slice(0, 1).map(({ entity }) => ({ entity })),
      ranking,
      cost: { wallMs: Date.now() - startedAt },
    };
  } finally {
    await opened.close();
  }
}

/** Normal is what lies before the onset, and what the case knows to be healthy. */
function sidesOf(window: Window, baselines: readonly Window[], onsetAt: number) {
  return {
    normal: [...baselines, { startAt: window.startAt, endAt: onsetAt }],
    faulty: { startAt: onsetAt, endAt: window.endAt },
  };
}
