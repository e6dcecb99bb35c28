/** Prints the closing line of a test run on standard output; a file that could not be run counts as one failure. */
// oxlint-disable-next-line import/no-default-export -- Jest takes a reporter by its default export
export default class ClosingLine {
  /** @param {unknown} _contexts @param {import('@jest/test-result').AggregatedResult} results */
  onRunComplete(_contexts, results) {
    const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites: broken } = results;
    const skipped = results.numPendingTests + results.numTodoTests;
    const tail = skipped > 0 ? `, ${skipped} skipped` : '';
    console.log(`${numPassedTests} passed, ${numFailedTests + broken} failed${tail}`);
  }
}
