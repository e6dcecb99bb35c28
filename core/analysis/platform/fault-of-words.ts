import type { FaultKind } from '../../schemas/fault-kind.ts';

/** What a platform says went wrong: its one-word reason, and its sentence. */
export interface Said {
  readonly reason: string;
  readonly message: string;
}

interface Rule {
  readonly kind: FaultKind;
  /** Any of these reasons, without case, is enough. */
  readonly reasons: readonly string[];
  /** Or any of these words in the message, lower case. */
  readonly words: readonly string[];
}

/** The first rule that fits counts: what says why stands before what says only that. */
const rules: readonly Rule[] = [
  {
    kind: 'image-pull',
    reasons: [
      'errimagepull',
      'imagepullbackoff',
      'invalidimagename',
      'errimageneverpull',
      'imageinspecterror',
    ],
    words: ['failed to pull image', 'back-off pulling image', 'manifest unknown'],
  },
  {
    kind: 'memory-exhaustion',
    reasons: [
      'oomkilling',
      'oomkilled',
      'systemoom',
      'memorypressure',
      'nodehasinsufficientmemory',
    ],
    words: ['oomkilled', 'out of memory', 'low on resource: memory'],
  },
  {
    kind: 'disk-full',
    reasons: ['freediskspacefailed', 'diskpressure', 'nodehasdiskpressure', 'evictionthresholdmet'],
    words: [
      'no space left',
      'low on resource: ephemeral-storage',
      'disk full',
      'disk is full',
      'storage full',
      'out of storage',
      'storage is critically low',
      'insufficient storage',
      'enospc',
    ],
  },
  {
    kind: 'volume',
    reasons: [
      'failedmount',
      'failedattachvolume',
      'failedmapvolume',
      'provisioningfailed',
      'failedbinding',
      'volumeresizefailed',
    ],
    words: [
      'unbound immediate persistentvolumeclaim',
      'persistentvolumeclaim "',
      'volume node affinity conflict',
    ],
  },
  {
    kind: 'quota-exceeded',
    reasons: ['exceededquota'],
    words: ['exceeded quota', 'quota exceeded'],
  },
  {
    kind: 'scheduling',
    reasons: ['failedscheduling', 'unschedulable'],
    words: ['nodes are available: '],
  },
  {
    kind: 'bad-config',
    reasons: ['createcontainerconfigerror', 'createcontainererror', 'runcontainererror'],
    words: [
      'configmap "',
      'secret "',
      "couldn't find key",
      'configuration error',
      'invalid configuration',
      'required env',
      'missing environment variable',
      'missing required',
    ],
  },
  {
    kind: 'schema-change',
    reasons: [],
    words: ['" does not exist', 'no such table', 'no such column', 'unknown column'],
  },
  {
    kind: 'connection-exhaustion',
    reasons: [],
    words: [
      'max_connections',
      'connection slots',
      'too many connections',
      'too many clients',
      'pool exhausted',
      'pool is exhausted',
    ],
  },
  {
    kind: 'probe',
    reasons: ['unhealthy', 'probeerror'],
    words: [
      'liveness probe failed',
      'readiness probe failed',
      'startup probe failed',
      'failed liveness probe',
    ],
  },
  {
    kind: 'node-failure',
    reasons: ['nodenotready', 'kubeletnotready', 'rebooted', 'nodestatusunknown', 'nodelost'],
    words: ['node is not ready', 'kubelet stopped posting node status'],
  },
  {
    kind: 'bad-deploy',
    reasons: ['progressdeadlineexceeded'],
    words: ['exceeded its progress deadline'],
  },
  {
    kind: 'certificate-expiry',
    reasons: [],
    words: ['certificate has expired', 'certificate expired', 'cert_has_expired'],
  },
  {
    kind: 'dns-failure',
    reasons: [],
    words: [
      'no such host',
      'enotfound',
      'eai_again',
      'name resolution',
      'name or service not known',
      'could not resolve host',
      'unable to resolve',
      'nxdomain',
    ],
  },
  {
    kind: 'failover',
    reasons: ['failover'],
    words: [
      'failover started',
      'failover completed',
      'multi-az instance failover',
      'multi-az failover',
    ],
  },
  {
    kind: 'replication-lag',
    reasons: [],
    words: ['replication lag', 'replica lag', 'replication has stopped'],
  },
  {
    kind: 'disk-io',
    reasons: [],
    words: ['checkpoints are occurring too frequently', 'high i/o wait'],
  },
  {
    kind: 'crash',
    reasons: ['crashloopbackoff', 'error', 'containercannotrun', 'deadlineexceeded'],
    words: ['back-off restarting failed container'],
  },
];

/** Names the fault that a platform's words speak of; null for words of another kind. The words stay text: nothing else follows from them. */
export function faultOfWords({ reason, message }: Said): FaultKind | null {
  const word = reason.toLowerCase();
  const text = message.toLowerCase();
  const byReason = rules.find(({ reasons }) => reasons.includes(word));
  const byWords = rules.find(({ words }) => words.some((one) => text.includes(one)));
  // A message says more than a reason that only says that something failed.
  return byWords !== undefined && rules.indexOf(byWords) < rules.indexOf(byReason ?? byWords)
    ? byWords.kind
    : ((byReason ?? byWords)?.kind ?? null);
}
