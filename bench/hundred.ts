import { caseOf } from '../test/support/incidents.ts';
import { investigate, reportOf } from '../test/support/line.ts';
import { verdictOf } from '../test/support/subject.ts';
import { printFigure, withGround } from './ground.ts';
import type { BenchOptions } from './ground.ts';

const withinMs = 1_800_000;

/** Many investigations of one case at once: how long, and whether all say the same. */
export function hundred({ runs }: BenchOptions): Promise<boolean> {
  return withGround(async ({ line }) => {
    const begunAt = performance.now();
    const ids = await Promise.all(
      Array.from({ length: runs }, () => investigate(line, { case: caseOf('bad-deploy') })),
    );
    const reports = await Promise.all(ids.map((id) => reportOf(line, id, withinMs)));
    const seconds = (performance.now() - begunAt) / 1_000;
    const answers = new Set(reports.map((report) => JSON.stringify(verdictOf(report))));
    printFigure(
      `${runs} investigations of one case`,
      `${seconds.toFixed(1)} s, ${((runs * 60) / seconds).toFixed(0)} a minute`,
    );
    printFigure('different answers (verdict, causes, ranking, chain)', String(answers.size));
    printFigure(
      'first cause',
      `${reports[0]?.causes[0]?.entity.name} ${reports[0]?.causes[0]?.faultKind}`,
    );
    return answers.size === 1 && reports[0]?.verdict === 'cause-found';
  });
}
