/** A setting that a diff changes; null where it did not stand before, or stands no more. */
export interface ChangedSetting {
  readonly key: string;
  readonly before: string | null;
  readonly after: string | null;
}

const configExtensions = new Set([
  'yaml',
  'yml',
  'json',
  'toml',
  'ini',
  'conf',
  'cfg',
  'env',
  'properties',
  'tf',
  'tfvars',
  'hcl',
  'xml',
]);
const maxLines = 2_000;
const maxSettings = 20;
const maxTouches = 6;
const maxNameLength = 60;
const maxValueLength = 80;

const isKeyCode = (code: number): boolean =>
  (code >= 48 && code <= 57) ||
  (code >= 65 && code <= 90) ||
  (code >= 97 && code <= 122) ||
  code === 95 ||
  code === 46 ||
  code === 45;

/** Reads `key: value`, `key = value` or `"key": value`, with a comma or quotes around the value cut; null for any other line. */
function readSetting(line: string): { readonly key: string; readonly value: string } | null {
  const trimmed = line.trim();
  const text = trimmed.startsWith('- ') ? trimmed.slice(2) : trimmed;
  const quoted = text.startsWith('"') || text.startsWith("'");
  let end = quoted ? 1 : 0;
  while (end < text.length && isKeyCode(text.charCodeAt(end))) end += 1;
  const key = text.slice(quoted ? 1 : 0, end);
  const rest = text.slice(quoted ? end + 1 : end).trimStart();
  if (key === '' || key.length > maxNameLength || (rest[0] !== ':' && rest[0] !== '=')) return null;
  let value = rest.slice(1).trim();
  if (value.endsWith(',')) value = value.slice(0, -1);
  const isQuoted = value.length > 1 && (value.startsWith('"') || value.startsWith("'"));
  if (isQuoted && value.endsWith(value.charAt(0))) value = value.slice(1, -1);
  return { key, value: value.slice(0, maxValueLength) };
}

function extensionOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return name.slice(name.lastIndexOf('.') + 1).toLowerCase();
}

/** The name of a file without folders and without its last extension. */
function stemOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const point = name.lastIndexOf('.');
  return point > 0 ? name.slice(0, point) : name;
}

interface DiffLine {
  readonly file: string | null;
  readonly sign: '+' | '-';
  readonly text: string;
}

function changedLines(diff: string): readonly DiffLine[] {
  const lines: DiffLine[] = [];
  let file: string | null = null;
  for (const line of diff.split('\n', maxLines)) {
    if (line.startsWith('+++ ') || line.startsWith('--- ')) {
      const path = line.slice(4).split('\t', 1)[0]?.trim() ?? '';
      if (path !== '/dev/null')
        file = path.startsWith('a/') || path.startsWith('b/') ? path.slice(2) : path;
    } else if (line.startsWith('+') || line.startsWith('-')) {
      lines.push({ file, sign: line.startsWith('+') ? '+' : '-', text: line.slice(1) });
    }
  }
  return lines;
}

/**
 * Lists the settings that a unified diff changes in configuration files, in the order of the diff, at most 20. A line of a diff that names no file
 * counts when the change is one of configuration.
 */
export function changedSettings(change: {
  readonly kind: string;
  readonly files: readonly string[];
  readonly diff: string | null;
}): readonly ChangedSetting[] {
  const isConfigChange = change.kind === 'config' || change.kind === 'flag';
  const settings = new Map<string, { key: string; before: string | null; after: string | null }>();
  for (const { file, sign, text } of changedLines(change.diff ?? '')) {
    const path = file ?? change.files[0] ?? '';
    if (!configExtensions.has(extensionOf(path)) && !(isConfigChange && file === null)) continue;
    const read = readSetting(text);
    if (read === null || settings.size >= maxSettings) continue;
    const setting = settings.get(read.key) ?? { key: read.key, before: null, after: null };
    settings.set(read.key, { ...setting, [sign === '-' ? 'before' : 'after']: read.value });
  }
  return [...settings.values()].filter(({ before, after }) => before !== after);
}

/**
 * Names what a change touches, at most six names of 60 characters: the settings that its diff changes in configuration files, then the stems of
 * the other files it touches. Empty when it has neither diff nor files.
 */
export function changeTouches(change: {
  readonly kind: string;
  readonly files: readonly string[];
  readonly diff: string | null;
}): readonly string[] {
  const settings = changedSettings(change);
  const inDiff = changedLines(change.diff ?? '').flatMap(({ file }) => file ?? []);
  const files = [...inDiff, ...change.files].filter(
    (path) => settings.length === 0 || !configExtensions.has(extensionOf(path)),
  );
  const names = [...settings.map(({ key }) => key), ...files.map(stemOf)];
  return [...new Set(names.map((name) => name.slice(0, maxNameLength)))]
    .filter((name) => name !== '')
    .slice(0, maxTouches);
}
