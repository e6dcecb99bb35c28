/** What is hidden from models, by kind. Databases, queues and outside systems count as services. */
export const identifierKinds = [
  'pod',
  'namespace',
  'cluster',
  'hostname',
  'account-id',
  'ip-address',
  'email',
  'service',
] as const;
export type IdentifierKind = (typeof identifierKinds)[number];

/** Names that stand beside a value and say of what kind it is: `namespace=shop`, `"k8s.pod.name": "…"`, `projects/…`. */
export const kindOfKey: Readonly<Record<string, IdentifierKind>> = {
  pod: 'pod',
  pods: 'pod',
  pod_name: 'pod',
  'k8s.pod.name': 'pod',
  namespace: 'namespace',
  namespaces: 'namespace',
  namespace_name: 'namespace',
  'k8s.namespace.name': 'namespace',
  'service.namespace': 'namespace',
  cluster: 'cluster',
  clusters: 'cluster',
  cluster_name: 'cluster',
  'k8s.cluster.name': 'cluster',
  host: 'hostname',
  hostname: 'hostname',
  'host.name': 'hostname',
  node: 'hostname',
  node_name: 'hostname',
  'k8s.node.name': 'hostname',
  account: 'account-id',
  account_id: 'account-id',
  'cloud.account.id': 'account-id',
  project: 'account-id',
  projects: 'account-id',
  project_id: 'account-id',
  service: 'service',
  services: 'service',
  service_name: 'service',
  'service.name': 'service',
};

const hostSuffixes: ReadonlySet<string> = new Set(
  ['com', 'net', 'org', 'io', 'dev', 'app', 'cloud', 'internal', 'local', 'localdomain', 'svc']
    .concat(['lan', 'corp', 'home', 'example', 'test', 'invalid'])
    .concat(['edu', 'gov', 'eu', 'de', 'uk', 'us', 'fr', 'jp', 'in']),
);
/** Kubernetes makes the random ends of names of these alone. */
const randomEnd = /^[bcdfghjklmnpqrstvwxz2456789]+$/;
const label = /^[a-z0-9][a-z0-9-]*$/i;

/** Tells by its form alone what a word names; null when its form says nothing. A word is a run of letters, digits, `.`, `_`, `@` and `-`. */
export function kindOfForm(word: string): IdentifierKind | null {
  if (isEmail(word)) return 'email';
  if (isIpv4(word)) return 'ip-address';
  if (/^\d{12}$/.test(word)) return 'account-id';
  if (isPod(word)) return 'pod';
  return isHost(word) ? 'hostname' : null;
}

function isEmail(word: string): boolean {
  const [user = '', domain = '', ...rest] = word.split('@');
  return user !== '' && rest.length === 0 && domain.includes('.') && !domain.startsWith('.');
}

function isIpv4(word: string): boolean {
  const parts = word.split('.');
  return parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256);
}

/** `NAME-HASH-RANDOM` of a deployment. */
function isPod(word: string): boolean {
  const parts = word.split('-');
  const [hash = '', end = ''] = parts.slice(-2);
  const isHash = hash.length >= 6 && hash.length <= 10 && (randomEnd.test(hash) || isHex(hash));
  return parts.length >= 3 && isHash && end.length === 5 && randomEnd.test(end);
}

function isHex(text: string): boolean {
  return /^[0-9a-f]+$/.test(text) && /\d/.test(text);
}

function isHost(word: string): boolean {
  if (/^ip(-\d{1,3}){4}$/.test(word) || word.startsWith('gke-')) return true;
  const labels = word.split('.');
  return (
    labels.length >= 2 &&
    hostSuffixes.has((labels.at(-1) ?? '').toLowerCase()) &&
    labels.every((one) => label.test(one))
  );
}

/** Whether a run of hexadecimal digits and colons is an IPv6 address rather than a time of day. */
export function isIpv6(run: string): boolean {
  const groups = run.split(':');
  const isShort = run.includes('::') && groups.length >= 3 && groups.length <= 8;
  return (isShort || groups.length === 8) && groups.every((group) => /^[\da-f]{0,4}$/i.test(group));
}
