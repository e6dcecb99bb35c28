/** What a group of a pattern may be called to say a part of the time; the date it lacks is that of the window. */
export const timeParts = ['year', 'month', 'day', 'hour', 'minute', 'second', 'fraction', 'zone'];

/** A pattern for the lines with which records begin, with a name for each of its groups; groups without one have the name ''. */
export interface TimePattern {
  readonly pattern: string;
  readonly groups: readonly string[];
}

const isoPattern = String.raw`^\W{0,3}(?P<time>\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(?:[.,]\d{1,9})?(?: ?(?:Z|[+-]\d{2}:?\d{2}))?)`;

const directives: Readonly<Record<string, string>> = {
  Y: String.raw`(?P<year>\d{4})`,
  y: String.raw`(?P<year>\d{2})`,
  m: String.raw`(?P<month>\d{1,2})`,
  b: '(?P<month>[A-Za-z]{3})',
  B: '(?P<month>[A-Za-z]{3,9})',
  d: String.raw`(?P<day>\d{1,2})`,
  e: String.raw`(?P<day>\d{1,2})`,
  H: String.raw`(?P<hour>\d{1,2})`,
  M: String.raw`(?P<minute>\d{2})`,
  S: String.raw`(?P<second>\d{2})`,
  f: String.raw`(?P<fraction>\d{1,9})`,
  z: String.raw`(?P<zone>Z|[+-]\d{2}:?\d{2})`,
  a: '[A-Za-z]{3}',
  A: '[A-Za-z]{6,9}',
  '%': '%',
};

/** Writes a format such as `%Y-%m-%d %H:%M:%S` as a pattern; blanks stand for one or more. */
function ofFormat(format: string): string {
  return format.replaceAll(/%([A-Za-z%])|\s+|[^\s%]+/g, (text, directive?: string) => {
    if (directive !== undefined) return directives[directive] ?? text;
    return text.trim() === ''
      ? String.raw`\s+`
      : text.replaceAll(/[\\^$.|?*+()[\]{}]/g, String.raw`\$&`);
  });
}

/** The names of the capturing groups of an RE2 pattern, in order. */
function groupNames(pattern: string): readonly string[] {
  const token =
    /\\Q[\s\S]*?(?:\\E|$)|\\[\s\S]|\[(?:\^?\])?(?:\\[\s\S]|[^\]\\])*\]|\((\?(?:P?<(\w+)>)?)?/g;
  return [...pattern.matchAll(token)].flatMap(([text, special, name]) => {
    if (!text.startsWith('(')) return [];
    if (name !== undefined) return [name];
    return special === undefined ? [''] : [];
  });
}

/**
 * Reads the `timestamp` of a manifest: an RE2 pattern, or a format of `%` directives such as `%d/%b/%Y:%H:%M:%S %z`. A group called `time`, else the first
 * group, else the whole match is the time, unless groups name its parts; groups called like columns of logs give these.
 */
export function readTimePattern(timestamp: string | undefined): TimePattern {
  if (timestamp === undefined) return { pattern: isoPattern, groups: groupNames(isoPattern) };
  const pattern = /%[A-Za-z]/.test(timestamp) ? ofFormat(timestamp) : timestamp;
  const groups = groupNames(pattern);
  const saysTime = groups.some((name) => name === 'time' || timeParts.includes(name));
  if (saysTime) return { pattern, groups };
  const first = groups.indexOf('');
  if (first === -1) return { pattern: `(?P<time>${pattern})`, groups: ['time', ...groups] };
  return { pattern, groups: groups.map((name, index) => (index === first ? 'time' : name)) };
}
