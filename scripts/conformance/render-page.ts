import { testsByRow } from './tally.ts';
import type { NamedTest, Row } from './tally.ts';

/** Renders docs/conformance.md: the tests behind each row, by design, in the order of the list. */
export function renderPage(rows: readonly Row[], tests: readonly NamedTest[]): string {
  const byRow = testsByRow(tests);
  const sections = [...new Set(rows.map(({ design }) => design))].map((design) => {
    const lines = rows
      .filter((row) => row.design === design && byRow.has(row.id))
      .flatMap(({ id }) =>
        (byRow.get(id) ?? []).map(
          ({ title, where }) => `| ${id} | ${sentenceOf(title)} | \`${where}\` |`,
        ),
      );
    const table = ['| row | what a test shows | test |', '|---|---|---|', ...lines];
    return [`## ${design}`, '', ...(lines.length === 0 ? ['No tests yet.'] : table), ''];
  });
  return [
    '# Conformance',
    '',
    'Written by `npm run conformance` from the titles of the tests: which row of the list is shown by which test. The same',
    'command counts the rows whose tests passed in the last full `npm test`.',
    '',
    ...sections.flat(),
  ].join('\n');
}

function sentenceOf(title: string): string {
  const sentence = title.replaceAll(/\b(?:OS|AS|RT|AU|TA)-[0-9]+[a-z]?\b[,:]?\s*/g, '').trim();
  return sentence.replaceAll('|', '\\|').replaceAll('<', '&lt;');
}
