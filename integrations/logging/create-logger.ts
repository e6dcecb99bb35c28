import { pino } from 'pino';
import type { Logger } from 'pino';
import { parseTraceParent } from '../../core/tracing/trace-parent.ts';

export type { Logger };

export interface LoggerOptions {
  readonly name: string;
  readonly level: string;
  /** The `traceparent` of the span that is under way; null outside of any. */
  readonly current: () => string | null;
}

/**
 * Makes the logger of one process: JSON lines on standard output with `timestamp`, `level`, `logger` and `message`, and, within a span, its trace and
 * span id; object first, message second. Credentials are never written.
 */
export function createLogger({ name, level, current }: LoggerOptions): Logger {
  return pino({
    level,
    base: { logger: name, pid: process.pid },
    messageKey: 'message',
    timestamp: () => `,"timestamp":"${new Date().toISOString()}"`,
    formatters: { level: (label) => ({ level: label }) },
    mixin: () => traceOf(current()),
    redact: {
      paths: [
        'authorization',
        'token',
        'grant',
        '*.authorization',
        '*.token',
        '*.grant',
        'req.headers.authorization',
        'req.headers.cookie',
      ],
      censor: '[redacted]',
    },
  });
}

/** Under the names that backends join logs and traces by. */
function traceOf(current: string | null): Readonly<Record<string, string>> {
  const parent = current === null ? null : parseTraceParent(current);
  return parent === null ? {} : { trace_id: parent.traceId, span_id: parent.spanId };
}
