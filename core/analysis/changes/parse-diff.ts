/** One place that a diff changes: lines that were taken out and put in, without their signs, and those around them. */
export interface Hunk {
  readonly file: string | null;
  readonly removed: readonly string[];
  readonly added: readonly string[];
  /** Added and unchanged lines, in order: what the place looks like afterwards. */
  readonly after: readonly string[];
}

const maxLines = 2_000;

/** The path that a `+++` or `---` line names; null for the absence of a file. */
function pathOf(line: string): string | null {
  const path = line.slice(4).split('\t', 1)[0]?.trim() ?? '';
  if (path === '/dev/null' || path === '') return null;
  return path.startsWith('a/') || path.startsWith('b/') ? path.slice(2) : path;
}

/** The one of the files that a `@@` line names, as shortened diffs have it. */
function fileInHeader(line: string, files: readonly string[]): string | null {
  return files.find((file) => line.includes(file)) ?? null;
}

/**
 * Takes a unified diff apart, 2,000 lines at most. Shortened diffs, whose `@@` lines name the file instead of positions, are read as well; `files` are those
 * that the change says it touches.
 */
export function parseDiff(diff: string, files: readonly string[] = []): readonly Hunk[] {
  const hunks: { file: string | null; removed: string[]; added: string[]; after: string[] }[] = [];
  // A diff of one file may leave its name out.
  let file: string | null = files[0] ?? null;
  const open = (): void => void hunks.push({ file, removed: [], added: [], after: [] });
  for (const line of diff.split('\n', maxLines)) {
    if (line.startsWith('+++ ') || line.startsWith('--- ')) {
      file = pathOf(line) ?? file;
      open();
      continue;
    }
    if (line.startsWith('@@')) {
      file = fileInHeader(line, files) ?? file;
      open();
      continue;
    }
    if (hunks.length === 0) open();
    const hunk = hunks.at(-1);
    if (line.startsWith('+')) hunk?.added.push(line.slice(1));
    else if (line.startsWith('-')) hunk?.removed.push(line.slice(1));
    if (!line.startsWith('-')) hunk?.after.push(line.slice(1));
  }
  return hunks.filter(({ removed, added }) => removed.length + added.length > 0);
}
