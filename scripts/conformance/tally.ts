/** One row of the conformance list; `must` and `fix` are counted. */
export interface Row {
  readonly id: string;
  readonly design: string;
  readonly priority: string;
}

/** A test that names rows; `passed` is null where nobody has run it. */
export interface NamedTest {
  readonly where: string;
  readonly title: string;
  readonly passed: boolean | null;
}

export interface DesignTally {
  readonly design: string;
  readonly counted: number;
  /** Rows named by a test. */
  readonly named: number;
  /** Rows with a test that passed and none that failed. */
  readonly passing: number;
}

const idPattern = /\b(?:OS|AS|RT|AU|TA)-[0-9]+[a-z]?\b/g;

/** Gives the ids that a title names, each once. */
export function idsOf(title: string): readonly string[] {
  return [...new Set(title.match(idPattern))];
}

/** Gives the tests that name an id which is on no row, with the ids. */
export function findUnknown(
  rows: readonly Row[],
  tests: readonly NamedTest[],
): readonly (NamedTest & { readonly unknown: readonly string[] })[] {
  const known = new Set(rows.map(({ id }) => id));
  return tests
    .map((test) => ({ ...test, unknown: idsOf(test.title).filter((id) => !known.has(id)) }))
    .filter(({ unknown }) => unknown.length > 0);
}

/** Counts, a design, the rows that matter, in the order of the list. */
export function tally(rows: readonly Row[], tests: readonly NamedTest[]): readonly DesignTally[] {
  const counted = rows.filter(({ priority }) => priority === 'must' || priority === 'fix');
  const results = testsByRow(tests);
  return [...new Set(rows.map(({ design }) => design))].map((design) => {
    const ids = counted.filter((row) => row.design === design).map(({ id }) => id);
    const named = ids.filter((id) => results.has(id));
    const passing = named.filter((id) => {
      const outcomes = (results.get(id) ?? []).map(({ passed }) => passed);
      return outcomes.includes(true) && !outcomes.includes(false);
    });
    return { design, counted: ids.length, named: named.length, passing: passing.length };
  });
}

/** Sorts tests under the rows they name. */
export function testsByRow(tests: readonly NamedTest[]): ReadonlyMap<string, readonly NamedTest[]> {
  const byRow = new Map<string, NamedTest[]>();
  for (const test of tests) {
    for (const id of idsOf(test.title)) byRow.set(id, [...(byRow.get(id) ?? []), test]);
  }
  return byRow;
}
