/** Prints the closing line of a test run on standard output; a file that could not be run counts as one failure. */
// oxlint-disable-next-line import/no-default-export -- Jest takes a reporter by its default export
export default class ClosingLine {
  /** @param {unknown} _contexts @param {Record<string, number>} results */
  onRunComplete(_contexts, results) {
    const { numPassedTests: passed = 0, numFailedTests = 0, numPendingTests = 0 } = results;
    const failed = numFailedTests + (results['numRuntimeErrorTestSuites'] ?? 0);
    const skipped = numPendingTests + (results['numTodoTests'] ?? 0);
    const tail = skipped > 0 ? `, ${skipped} skipped` : '';
    console.log(`${passed} passed, ${failed} failed${tail}`);
  }
}
