import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readResults } from './conformance/read-results.ts';
import { readTitles } from './conformance/read-titles.ts';
import { renderPage } from './conformance/render-page.ts';
import { findUnknown, idsOf, tally } from './conformance/tally.ts';
import type { NamedTest, Row } from './conformance/tally.ts';

// `npm run conformance`: counts the rows whose tests passed in the last full `npm test`, writes docs/conformance.md, and refuses a test that
// names a row which is not on the list. `--results FILE` counts by another run.
const root = process.cwd();
const rows = JSON.parse(readFileSync(join(root, 'conformance.json'), 'utf8')) as readonly Row[];
const titles = readTitles(root, 'test')
  .filter(({ title }) => idsOf(title).length > 0)
  .map((test): NamedTest => ({ ...test, passed: null }));
const resultsFlag = process.argv.indexOf('--results');
const resultsFile =
  resultsFlag === -1 ? join(root, '.holdfast/test-results.json') : process.argv[resultsFlag + 1];
const results = resultsFile === undefined ? null : readResults(root, resultsFile);

writeFileSync(join(root, 'docs/conformance.md'), renderPage(rows, titles));

for (const { design, counted, named, passing } of tally(rows, [...titles, ...(results ?? [])])) {
  const count = results === null ? `${named}/${counted} named by a test` : `${passing}/${counted}`;
  console.log(`${design}  ${count}`);
}
if (results === null) console.log('No results of a full test run: `npm test` leaves them.');

const unknown = findUnknown(rows, [...titles, ...(results ?? [])]);
for (const { where, title, unknown: ids } of unknown) {
  console.error(`${where}: "${title}" names ${ids.join(', ')}, which is not in conformance.json`);
}
if (unknown.length > 0) process.exitCode = 1;
