import { isAppError } from '../core/errors.ts';
import { checkCase } from '../integrations/duckdb/check-case.ts';

// Checks the case folder that is named and prints what was found, or code and message of what kept it from looking, as one JSON object.

try {
  const check = await checkCase(process.argv[2] ?? '.');
  process.stdout.write(`${JSON.stringify({ check })}\n`);
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  const failed = { code: isAppError(error) ? error.code : 'bug.invariant', message };
  process.stdout.write(`${JSON.stringify({ failed })}\n`);
}
