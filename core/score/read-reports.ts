import { AppError } from '../errors.ts';
import { gradableReportSchema } from '../schemas/gradable-report.ts';
import type { GradableReport } from '../schemas/gradable-report.ts';

/** Reads reports, one a line, as `investigate --cases --json` prints them. Throws `invalid.request`, naming file, line and field. */
export function readReports(text: string, file: string): readonly GradableReport[] {
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return [];
    const parsed = gradableReportSchema.safeParse(parseJson(line));
    if (parsed.success) return [parsed.data];
    const says = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    throw new AppError(
      'invalid.request',
      `${file}:${index + 1}: no report: ${says.slice(0, 3).join('; ')}`,
    );
  });
}

/** What is no JSON is no report either, which the schema says. */
function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
