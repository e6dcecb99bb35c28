import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import type { NamedTest } from './tally.ts';

interface JestResults {
  readonly testResults: readonly {
    readonly name: string;
    readonly assertionResults: readonly { readonly title: string; readonly status: string }[];
  }[];
}

/** Reads what jest wrote with `--json --outputFile`; skipped tests are left out. Null when there is no such file. */
export function readResults(root: string, file: string): readonly NamedTest[] | null {
  if (!existsSync(file)) return null;
  const { testResults } = JSON.parse(readFileSync(file, 'utf8')) as JestResults;
  return testResults.flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter(({ status }) => status === 'passed' || status === 'failed')
      .map(({ title, status }) => ({
        where: relative(root, name).replaceAll('\\', '/'),
        title,
        passed: status === 'passed',
      })),
  );
}
