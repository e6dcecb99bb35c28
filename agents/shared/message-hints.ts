import type { FaultKind } from '../../core/schemas/fault-kind.ts';

/** Words that programs of every kind use for a few well-known troubles, lower case; the first entry that fits counts. */
const hints: readonly { readonly kind: FaultKind; readonly words: readonly string[] }[] = [
  { kind: 'memory-exhaustion', words: ['out of memory', 'oomkilled', 'heap limit', 'outofmemory'] },
  { kind: 'disk-full', words: ['no space left', 'disk full', 'enospc'] },
  {
    kind: 'connection-exhaustion',
    words: ['too many connections', 'too many clients', 'pool exhausted', 'pool timeout', 'emfile'],
  },
  { kind: 'dns-failure', words: ['no such host', 'enotfound', 'name resolution'] },
  {
    kind: 'certificate-expiry',
    words: ['certificate has expired', 'certificate expired', 'cert_has_expired'],
  },
  {
    kind: 'credentials',
    words: ['authentication failed', 'invalid credentials', 'access denied', 'unauthorized'],
  },
  {
    kind: 'quota-exceeded',
    words: ['quota exceeded', 'rate limit', 'rate-limit', 'too many requests'],
  },
  {
    kind: 'dependency-outage',
    words: ['connection refused', 'econnrefused', 'unreachable', 'no healthy upstream'],
  },
  {
    kind: 'slow-dependency',
    words: ['timed out', 'timeout', 'time-out', 'did not answer', 'deadline exceeded', 'etimedout'],
  },
];

/** Guesses what kind of trouble a log message speaks of; `unknown` for one without such words. The text stays text: nothing else follows from it. */
export function faultOfMessage(message: string): FaultKind {
  const text = message.toLowerCase();
  return hints.find(({ words }) => words.some((word) => text.includes(word)))?.kind ?? 'unknown';
}
