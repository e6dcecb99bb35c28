import { pino } from 'pino';
import type { Logger } from 'pino';

export type { Logger };

/** Makes the logger of one process: JSON lines on standard output, object first, message second; credentials are never written. */
export function createLogger(options: { readonly name: string; readonly level: string }): Logger {
  return pino({
    name: options.name,
    level: options.level,
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
