import { AppError } from '../../core/errors.ts';

/** Where in a case folder something is wrong. `file` is relative to the folder; `line` counts from 1. */
export interface CasePlace {
  readonly file: string;
  readonly line?: number | undefined;
  readonly field?: string | undefined;
}

/** Words what is wrong in a case folder as `file:line: field: says`, with the code `invalid.case`. */
export function caseError(place: CasePlace, says: string, cause?: unknown): AppError {
  const at = place.line === undefined ? place.file : `${place.file}:${place.line}`;
  const message = [at, ...(place.field === undefined ? [] : [place.field]), says].join(': ');
  return new AppError('invalid.case', message, { details: { ...place }, cause });
}

/** Refuses a path of a manifest, with the code `invalid.case-path`. */
export function casePathError(place: CasePlace, path: string, says: string): AppError {
  const at = place.line === undefined ? place.file : `${place.file}:${place.line}`;
  const shown = JSON.stringify(path.slice(0, 200));
  const field = place.field === undefined ? '' : `${place.field}: `;
  return new AppError('invalid.case-path', `${at}: ${field}${shown} ${says}`, {
    details: { ...place, path: path.slice(0, 200) },
  });
}
