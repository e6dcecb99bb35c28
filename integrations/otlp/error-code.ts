/** The code of an error of the operating system: `ENOENT`; empty for any other. */
export function errorCodeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}
