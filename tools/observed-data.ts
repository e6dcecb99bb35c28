import type { Observation } from '../core/schemas/digest.ts';
import type { TableView } from '../core/schemas/evidence-views.ts';
import { tableData } from './evidence-data.ts';
import type { Cell } from './evidence-data.ts';
import { clockTime } from './split-context.ts';

const cells: Readonly<Record<string, (one: Observation) => Cell>> = {
  'entity kind': ({ entity }) => entity.kind,
  entity: ({ entity }) => entity.name,
  peer: ({ peer }) => peer?.name ?? null,
  aspect: ({ aspect }) => aspect,
  name: ({ name }) => name,
  fault: ({ faultKind }) => faultKind ?? null,
  before: ({ before }) => before,
  after: ({ after }) => after,
  unit: ({ unit }) => unit,
  score: ({ score }) => score,
  samples: ({ support }) => support,
  since: ({ onset }) => (onset === undefined ? null : clockTime(onset.earliestAt)),
};

/** Data of the view `table`: all that a digest says of each observation, the furthest out first; columns that say nothing of any are left out. */
export function observedData(observations: readonly Observation[]): TableView {
  const columns = Object.entries(cells).filter(
    ([, read]) => observations.length === 0 || observations.some((one) => read(one) !== null),
  );
  return tableData(
    columns.map(([column]) => column),
    observations
      .toSorted((one, other) => other.score - one.score)
      .map((one) => columns.map(([, read]) => read(one))),
  );
}
