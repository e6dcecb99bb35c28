/** What a masked secret was, as far as can be told from where it stood or how it begins. */
export const secretKinds = [
  'password',
  'secret',
  'key',
  'token',
  'cookie',
  'authorization',
  'private-key',
  'jwt',
  'card',
  'webhook',
] as const;

export type SecretKind = (typeof secretKinds)[number];

/** A secret found in a text: from `start` up to, not including, `end`. */
export interface Finding {
  readonly start: number;
  readonly end: number;
  readonly kind: SecretKind;
}

const open = '⟨secret:';
const openCode = open.charCodeAt(0);

/** What stands in the place of a secret; nothing of the secret is in it. */
export function markerOf(kind: SecretKind): string {
  return `${open}${kind}⟩`;
}

const markers = secretKinds.map(markerOf);

/** Where a marker that begins at `start` ends; -1 when none begins there. Only true markers count: secrets could be written to look like one. */
export function endOfMarker(text: string, start: number): number {
  if (text.charCodeAt(start) !== openCode) return -1;
  const found = markers.find((marker) => text.startsWith(marker, start));
  return found === undefined ? -1 : start + found.length;
}

/** Whether a marker begins somewhere in this piece of a text. */
export function hasMarker(text: string, start: number, end: number): boolean {
  return text.slice(start, end).includes(open);
}
