import { relative } from 'node:path';

/**
 * @typedef {{ status: string, title: string, ancestorTitles: string[] }} Test
 * @typedef {{ testFilePath: string, testResults: Test[] }} File
 */

/** Prints what was skipped and why, as its title says it, and the closing line of a test run on standard output; a file that could not be run counts as one failure. */
// oxlint-disable-next-line import/no-default-export -- Jest takes a reporter by its default export
export default class ClosingLine {
  /** @param {{ testNamePattern?: string }} globalConfig */
  constructor({ testNamePattern = '' }) {
    /** With names of tests given, all others count as skipped. */
    this.hasChosen = testNamePattern !== '';
  }

  /** @param {unknown} _contexts @param {Record<string, number> & { testResults: File[] }} results */
  onRunComplete(_contexts, results) {
    if (!this.hasChosen) {
      for (const line of results.testResults.flatMap(skippedIn)) console.log(line);
    }
    const { numPassedTests: passed = 0, numFailedTests = 0, numPendingTests = 0 } = results;
    const failed = numFailedTests + (results['numRuntimeErrorTestSuites'] ?? 0);
    const skipped = numPendingTests + (results['numTodoTests'] ?? 0);
    const tail = skipped > 0 ? `, ${skipped} skipped` : '';
    console.log(`${passed} passed, ${failed} failed${tail}`);
  }
}

/** One line for a group of which every test is skipped, and one for each other test. @param {File} file */
function skippedIn({ testFilePath, testResults }) {
  /** @param {Test} test */
  const groupOf = ({ ancestorTitles: [group] }) => group;
  const kept = new Set(testResults.filter(({ status }) => status !== 'pending').map(groupOf));
  const titles = testResults
    .filter(({ status }) => status === 'pending')
    .map((test) => (kept.has(groupOf(test)) ? test.title : (groupOf(test) ?? test.title)));
  const file = relative(process.cwd(), testFilePath);
  return [...new Set(titles)].map((title) => {
    const count = titles.filter((one) => one === title).length;
    return `skipped ${count}: ${title} (${file})`;
  });
}
