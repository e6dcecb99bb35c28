/**
 * Makes the error of a setting that cannot be used. It has the code `invalid.config`, by which the rest of the product recognises its errors: this
 * folder imports nothing of ours, not even their class.
 */
export function invalidConfig(
  problems: readonly string[],
): Error & { readonly code: 'invalid.config' } {
  const says =
    problems.length === 1 ? String(problems[0]) : problems.map((one) => `\n  - ${one}`).join('');
  const error = new Error(`The configuration cannot be used: ${says}`);
  error.name = 'AppError';
  return Object.assign(error, { code: 'invalid.config' as const, details: { problems } });
}
