import type { FaultKind } from '../../schemas/fault-kind.ts';

/** What a platform or program says went wrong: its one-word reason, and its sentence. */
export interface Said {
  readonly reason: string;
  readonly message: string;
  /** Said in a warning only: nothing failed by it. */
  readonly isWarning?: boolean;
}

interface Rule {
  readonly kind: FaultKind;
  /** Any of these reasons, without case, is enough. */
  readonly reasons: readonly string[];
  /** Or any of these in the message: words in lower case, or a form. */
  readonly words: readonly (string | RegExp)[];
  /** Or these, which warnings use of lesser things too. */
  readonly failures?: readonly (string | RegExp)[];
}

/**
 * The first rule that fits counts: what says why stands before what says only that. Reasons are those of Kubernetes unless a comment names another system; words
 * are those of the systems that the comments name, or the form that many of them use.
 */
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
    // kubelet; registries by the distribution specification of OCI.
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
    // kubelet; the Linux kernel, PostgreSQL, MySQL and V8; kubelet again, as it evicts.
    words: ['oomkilled', 'out of memory', 'low on resource: memory'],
  },
  {
    kind: 'disk-full',
    reasons: ['freediskspacefailed', 'diskpressure', 'nodehasdiskpressure', 'evictionthresholdmet'],
    words: [
      // What ENOSPC reads as in C, and so in PostgreSQL, Go, Node and others; kubelet, as it evicts.
      'no space left',
      'low on resource: ephemeral-storage',
      // MySQL (ER_DISK_FULL, EE_DISK_FULL) and SQLite.
      'disk full',
      'disk is full',
      // AWS: the status of an RDS instance, RDS-EVENT-0007, and DMS.
      'storage-full',
      'allocated storage has been exhausted',
      'ran out of storage',
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
    // The scheduler of Kubernetes.
    words: [
      'unbound immediate persistentvolumeclaim',
      'persistentvolumeclaim "',
      'volume node affinity conflict',
    ],
  },
  {
    kind: 'quota-exceeded',
    reasons: ['exceededquota'],
    // The API server of Kubernetes; APIs of Google Cloud, and EDQUOT of Linux.
    words: ['exceeded quota', 'quota exceeded'],
  },
  {
    kind: 'scheduling',
    reasons: ['failedscheduling', 'unschedulable'],
    // The scheduler of Kubernetes.
    words: ['nodes are available: '],
  },
  {
    kind: 'bad-config',
    reasons: ['createcontainerconfigerror', 'createcontainererror', 'runcontainererror'],
    // kubelet.
    words: [/\b(?:configmap|secret)s? "[^"]{1,253}" not found/i, "couldn't find key"],
    failures: [
      // That an environment variable is not there, as programs in Go, Rust, Node (envalid, Prisma) and others put it.
      /\benv(?:ironment)? ?var(?:iable)?s?\b.{0,100}\b(?:not (?:set|found|defined)|missing|required)\b/i,
      /\bmissing (?:required )?env(?:ironment)? ?var/i,
      // ConfigException of Kafka, and the like.
      /\bmissing required (?:config|setting|property)/i,
      // client-go of Kubernetes.
      'invalid configuration: ',
    ],
  },
  {
    kind: 'schema-change',
    reasons: [],
    words: [
      // PostgreSQL, which also only notices that there was nothing to drop.
      /\b(?:relation|table|view|column) \S{1,200} (?:of relation \S{1,200} )?does not exist\b(?!, skipping)/i,
      // MySQL.
      /\btable '[^']{1,200}' doesn't exist/i,
      /\bunknown column '[^']{1,200}' in /i,
      // SQLite.
      'no such table: ',
      'no such column: ',
    ],
  },
  {
    kind: 'connection-exhaustion',
    reasons: [],
    words: [
      // PostgreSQL; MySQL and PostgreSQL; PostgreSQL.
      'connection slots are reserved',
      'too many connections',
      'too many clients',
      // psycopg2, redigo, commons-pool; Npgsql.
      /\bpool (?:is |has been )?exhausted/i,
    ],
  },
  {
    kind: 'probe',
    reasons: ['unhealthy', 'probeerror'],
    // kubelet.
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
    // The node controller of Kubernetes.
    words: ['node is not ready', 'kubelet stopped posting node status'],
  },
  {
    kind: 'bad-deploy',
    reasons: ['progressdeadlineexceeded'],
    // kubectl.
    words: ['exceeded its progress deadline'],
  },
  {
    kind: 'certificate-expiry',
    reasons: [],
    // Go and OpenSSL; the alert of TLS; Node.
    words: ['certificate has expired', 'certificate expired', 'cert_has_expired'],
  },
  {
    kind: 'dns-failure',
    reasons: [],
    words: [
      // Go and .NET; Node; glibc.
      'no such host',
      'enotfound',
      'eai_again',
      'failure in name resolution',
      'name or service not known',
      // gRPC and Envoy.
      /\b(?:dns|name) resolution fail/i,
      // curl, Java and wget.
      /\b(?:could not|unable to) resolve (?:the )?host\b/i,
      // Many: a name of two parts at least, a port behind it or not. Names of classes have capitals, packages a name behind their colon.
      /\b(?:[Cc]ould not|[Cc]annot|[Uu]nable to|[Ff]ailed to) resolve ["']?[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,9}(?=["']?(?:[\s,;)/]|:\d|:?\s|[:.]?$))/,
      // The answer itself.
      'nxdomain',
    ],
  },
  {
    kind: 'failover',
    // A category of RDS, as all of the events below.
    reasons: ['failover'],
    words: [
      // RDS-EVENT-0013, 0015 and 0049; Aurora: RDS-EVENT-0071 to 0073.
      /\bmulti-az (?:instance )?failover\b/i,
      /\b(?:started|completed) (?:same az |cross az )?failover to db instance/i,
    ],
  },
  {
    kind: 'replication-lag',
    reasons: [],
    words: [
      // That it is large, in the term that databases have for it.
      /\breplica(?:tion)? lag\b.{0,100}\b(?:exceed|above|behind|too (?:high|large|far))/i,
      // RDS-EVENT-0045, and Aurora.
      'replication has stopped',
      'has fallen behind the master',
    ],
  },
  {
    kind: 'disk-io',
    reasons: [],
    // PostgreSQL.
    words: ['checkpoints are occurring too frequently'],
  },
  {
    kind: 'crash',
    reasons: ['crashloopbackoff', 'error', 'containercannotrun', 'deadlineexceeded'],
    // kubelet.
    words: ['back-off restarting failed container'],
  },
];

/** Names the fault that a platform's or program's words speak of; null for words of another kind. The words stay text: nothing else follows from them. */
export function faultOfWords({ reason, message, isWarning = false }: Said): FaultKind | null {
  const word = reason.toLowerCase();
  const text = message.toLowerCase();
  const isIn = (one: string | RegExp): boolean =>
    typeof one === 'string' ? text.includes(one) : one.test(message);
  const byReason = rules.find(({ reasons }) => reasons.includes(word));
  const byWords = rules.find(
    ({ words, failures = [] }) => words.some(isIn) || (!isWarning && failures.some(isIn)),
  );
  // A message says more than a reason that only says that something failed.
  return byWords !== undefined && rules.indexOf(byWords) < rules.indexOf(byReason ?? byWords)
    ? byWords.kind
    : ((byReason ?? byWords)?.kind ?? null);
}
