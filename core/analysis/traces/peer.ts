import type { Entity } from '../../schemas/primitives.ts';

type Attributes = Readonly<Record<string, string>>;

const databaseKeys = ['db.system.name', 'db.system', 'db.namespace', 'db.name', 'db.statement'];
const queueKeys = ['messaging.system', 'messaging.destination.name', 'messaging.destination'];
const nameKeys = ['peer.service', 'server.address', 'net.peer.name', 'out.host', 'http.host'];
const databaseNameKeys = [...nameKeys, 'db.namespace', 'db.name', 'db.system.name', 'db.system'];
const queueNameKeys = ['messaging.destination.name', 'messaging.destination', ...nameKeys];
const urlKeys = ['url.full', 'http.url'];

const has = (attributes: Attributes, keys: readonly string[]): boolean =>
  keys.some((key) => attributes[key] !== undefined && attributes[key] !== '');

function hostOfUrl(url: string): string | undefined {
  const start = url.indexOf('://');
  if (start < 0) return undefined;
  const host = url.slice(start + 3, start + 300).split('/', 1)[0] ?? '';
  return host.slice(host.lastIndexOf('@') + 1);
}

/** An address of digits says where, not what; a database is then better called by its own name. */
function isNumericAddress(name: string): boolean {
  const first = name.charCodeAt(0);
  return name.startsWith('[') || (first >= 48 && first <= 57) || name.includes('::');
}

/** Cuts a port; an IPv6 address, which has several colons, stays whole. */
function withoutPort(name: string): string {
  const colon = name.indexOf(':');
  return colon > 0 && colon === name.lastIndexOf(':') ? name.slice(0, colon) : name;
}

/** The first name among the attributes that is none of digits; where all are, the first. */
function firstName(attributes: Attributes, keys: readonly string[]): string | undefined {
  let first: string | undefined;
  for (const key of keys) {
    const value = attributes[key];
    if (value === undefined || value === '') continue;
    const name = withoutPort(value);
    if (!isNumericAddress(name)) return name;
    first ??= name;
  }
  return first;
}

/**
 * Names the other end of an outgoing call from its attributes, by OpenTelemetry's conventions of today and before: a service when the name (or the
 * first label of a host name) is one of `services`, else a database, a queue or something external. Null when the attributes name nobody. Names are
 * cut to 200 characters.
 */
export function peerOf(attributes: Attributes, services: ReadonlySet<string>): Entity | null {
  const isDatabase = has(attributes, databaseKeys);
  const isQueue = !isDatabase && has(attributes, queueKeys);
  const keys = isDatabase ? databaseNameKeys : isQueue ? queueNameKeys : nameKeys;
  const name =
    firstName(attributes, keys) ??
    urlKeys
      .map((key) => hostOfUrl(attributes[key] ?? ''))
      .find((host) => host !== undefined && host !== '');
  if (name === undefined || name === '') return null;
  const label = name.split('.', 1)[0] ?? name;
  const service = [name, label].find((one) => services.has(one));
  if (service !== undefined) return { kind: 'service', name: service.slice(0, 200) };
  const kind = isDatabase ? 'database' : isQueue ? 'queue' : 'external';
  return { kind, name: withoutPort(name).slice(0, 200) };
}
