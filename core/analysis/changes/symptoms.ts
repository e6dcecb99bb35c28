import type { DiffEffect, EffectKind } from './diff-effects.ts';

/** What an effect leads to: beginnings of phrases as `splitWords` writes them. With `own`, the evidence must also speak of what the change touches; without phrases that alone tells. */
interface Symptoms {
  readonly phrases: readonly string[];
  readonly own: boolean;
}

const absence = [
  'nil pointer',
  'null pointer',
  'none type',
  'undefined',
  'dereference',
  'out of range',
  'out of bounds',
  'segfault',
  'sigsegv',
  'key error',
  'division by zero',
  'panic',
  'cannot read propert',
];
const exhaustion = [
  'exhaust',
  'pool',
  'wait',
  'saturat',
  'queue',
  'reject',
  'throttl',
  'rate limit',
  'too many requests',
  '429',
  'oom',
  'out of memory',
  'memory',
  'heap',
  'lag',
  'backlog',
  'full',
  'evict',
  'restart',
  'unavailable replicas',
  'no capacity',
];

/** After what operators look for; the words are those of run times, databases and libraries in wide use. */
const table: Readonly<Record<EffectKind, Symptoms>> = {
  'less-time': { phrases: ['deadline', 'timeout', 'timed out', 'time out', 'cancel'], own: false },
  'fewer-attempts': {
    phrases: ['retry', 'retries', 'attempt', 'gave up', 'giving up', 'exhaust'],
    own: false,
  },
  'more-attempts': { phrases: ['retry', 'retries', 'retrying', 'attempt', 'storm'], own: false },
  'less-capacity': { phrases: exhaustion, own: true },
  'more-capacity': {
    phrases: [
      'out of memory',
      'oom',
      'memory',
      'heap',
      'too many connections',
      'too many clients',
      'connection slots',
      'max connections',
      'overload',
    ],
    own: true,
  },
  'shorter-life': {
    phrases: ['cache', 'miss', 'hit ratio', 'expire', 'stampede', 'session', 'token'],
    own: true,
  },
  'check-removed': { phrases: absence, own: false },
  'bound-removed': {
    phrases: ['slow', 'query', 'scan', 'rows', 'memory', 'heap', 'oom', 'timeout', 'latency'],
    own: true,
  },
  'cleanup-removed': {
    phrases: [
      'leak',
      'too many open',
      'exhaust',
      'pool',
      'deadlock',
      'goroutine',
      'descriptor',
      'memory',
      'heap',
      'oom',
      'connections',
      'lock',
    ],
    own: false,
  },
  'calls-in-loop': {
    phrases: ['query', 'queries', 'n 1', 'select', 'per request', 'requests per', 'calls'],
    own: false,
  },
  'lock-added': { phrases: ['lock', 'blocked', 'deadlock', 'contention'], own: false },
  'pattern-added': { phrases: ['cpu', 'event loop', 'backtrack', 'regex'], own: false },
  'schema-changed': {
    phrases: [
      'column',
      'relation',
      'does not exist',
      'constraint',
      'not null',
      'no such table',
      'index',
      'seq scan',
      'slow query',
    ],
    own: false,
  },
  'dependency-bumped': {
    phrases: [
      'panic',
      'incompatib',
      'version',
      'registration',
      'no such method',
      'not found',
      'cannot find',
      'symbol',
      'import',
      'serializ',
      'unmarshal',
      'unsupported',
      'crashloop',
    ],
    own: true,
  },
  'address-changed': {
    phrases: [
      'no such host',
      'enotfound',
      'refused',
      'unreachable',
      'resolve',
      'not found',
      '404',
      'dns',
    ],
    own: false,
  },
  'access-changed': {
    phrases: [
      'unauthorized',
      'unauthenticated',
      'forbidden',
      'denied',
      '401',
      '403',
      'permission',
      'signature',
      'unknown authority',
      'authentication',
      'credential',
    ],
    own: false,
  },
  switched: { phrases: [], own: true },
};

export const symptomsOf = ({ kind }: Pick<DiffEffect, 'kind'>): Symptoms => table[kind];
