import { isAppError } from '../../core/errors.ts';
import { caseError } from './case-error.ts';
import { errorMessageOf } from './error-facts.ts';

const reasons: readonly (readonly [RegExp, (found: RegExpExecArray) => string])[] = [
  [
    /Expected Number of Columns: (\d+) Found: (\d+)/,
    ([, wanted, found]) => `has ${found} columns, the header has ${wanted}`,
  ],
  [/unterminated quote/, () => 'has a quote that does not end where the field does'],
  [/Invalid unicode|not utf-8/i, () => 'is not UTF-8'],
  [/Maximum line size of (\d+) bytes/, ([, bytes]) => `is longer than ${bytes} bytes`],
  [/No magic bytes|not a parquet file|too small to be a Parquet/i, () => 'is not a Parquet file'],
  [/invalid state/, () => 'mixes line ends or quotes in a way that CSV does not allow'],
];

/** Words an error of DuckDB's readers as ours: file, line where it says one, and what is wrong, without its advice and absolute paths. */
export function explainCsvError(file: string, error: unknown): unknown {
  if (isAppError(error)) return error;
  const message = errorMessageOf(error);
  const line = /CSV Error on Line: (\d+)/.exec(message)?.[1];
  for (const [pattern, say] of reasons) {
    const found = pattern.exec(message);
    if (found !== null) {
      return caseError(
        { file, line: line === undefined ? undefined : Number(line) },
        say(found),
        error,
      );
    }
  }
  return error;
}
