import type { Coverage } from '../../core/schemas/digest.ts';
import type { Window } from '../../core/schemas/primitives.ts';
import { compareClocks } from './compare-clocks.ts';
import type { KindSpan } from './compare-clocks.ts';
import type { Loaded } from './load-signal.ts';
import type { Database } from './open-database.ts';
import { tableKinds } from './read-case.ts';
import type { FoundCase, KindFiles, TableKind } from './read-case.ts';
import { asNumber, asText } from './row-values.ts';
import { signals } from './signals/signals.ts';
import type { SharedTask } from './shared-task.ts';
import { sayClockSkew } from './say-clock-skew.ts';
import { saySilences } from './say-silences.ts';
import { instantValue } from './sql-text.ts';

const maxServices = 30;
const maxProblemLength = 200;

interface Source {
  readonly found: FoundCase;
  readonly window: Window;
  readonly database: Database;
  readonly loads: Readonly<Record<TableKind, SharedTask<Loaded>>>;
}

interface Kind {
  readonly kind: TableKind;
  readonly files: KindFiles;
  readonly loaded: Loaded;
}

const sentences: readonly (readonly [string, (count: number) => string])[] = [
  ['not a number', (count) => `${rows(count)} without a number left out`],
  ['negative duration', (count) => `${rows(count)} with a negative duration left out`],
  ['duplicate', (count) => `${rows(count)} told twice, left out once`],
  ['no service', (count) => `${rows(count)} without a service`],
  ['no attributes', (count) => `${rows(count)} without attributes: the files are too large`],
  ['unknown severity', (count) => `${rows(count)} with a severity that is no known word`],
];

function rows(count: number): string {
  return count === 1 ? '1 row' : `${count} rows`;
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}

function toIso(at: number): string {
  return new Date(at).toISOString().replace(/\.\d{3}Z$/, 'Z');
}

function sayMissing({ files, loaded }: Kind): string[] {
  const said = files.unmatched.map((pattern) => `no file matches ${pattern}`);
  if (files.files.length > 0 && loaded.rowsRead === 0) said.push('the files are empty');
  return said;
}

function sayOutside({ loaded }: Kind, rowsInside: number): string[] {
  const outside = loaded.counts.get('outside') ?? 0;
  if (rowsInside > 0 || outside === 0 || loaded.span === null) return [];
  const { firstAt, lastAt } = loaded.span;
  return [`no row in the window: ${rows(outside)} from ${toIso(firstAt)} to ${toIso(lastAt)}`];
}

function sayDropped({ loaded }: Kind): string[] {
  return sentences.flatMap(([what, say]) => {
    const count = loaded.counts.get(what) ?? 0;
    return count === 0 ? [] : [say(count)];
  });
}

async function readInside(
  { database, window }: Source,
  kind: TableKind,
  abort: AbortSignal,
): Promise<Pick<Coverage, 'rows' | 'firstAt' | 'lastAt' | 'services'>> {
  const time = kind === 'traces' ? 'start' : 'time';
  const values = {
    from: instantValue(window.startAt),
    until: instantValue(window.endAt),
  };
  const where = `WHERE ${time} >= $from AND ${time} < $until`;
  const [whole] = await database.run(
    `SELECT count(*) AS rows, epoch_us(min(${time})) / 1000 AS first, epoch_us(max(${time})) / 1000 AS last FROM ${kind} ${where}`,
    values,
    abort,
  );
  const services =
    signals[kind].serviceColumn === null
      ? []
      : await database.run(
          `SELECT left(service, 120) AS service FROM ${kind} ${where} AND service IS NOT NULL
     GROUP BY ALL ORDER BY count(*) DESC, service LIMIT ${maxServices}`,
          values,
          abort,
        );
  const count = asNumber(whole?.['rows']);
  const hasTime = count > 0 && signals[kind].timeColumns.length > 0;
  return {
    rows: count,
    ...(hasTime && { firstAt: asNumber(whole?.['first']), lastAt: asNumber(whole?.['last']) }),
    services: services.map((row) => asText(row['service'])).toSorted(),
  };
}

/** What is wrong with single services, of the kinds that they send all the time. */
async function sayOfSources(
  { database, window }: Source,
  kind: TableKind,
  abort: AbortSignal,
): Promise<readonly string[]> {
  if (kind !== 'traces' && kind !== 'metrics' && kind !== 'logs') return [];
  const silences = await saySilences(database, kind, window, abort);
  return kind === 'traces' ? [...silences, ...(await sayClockSkew(database, abort))] : silences;
}

/**
 * Says what a case holds in its window, a kind at a time: rows, from when to when, whose, and what was wrong: files that are missing, rows left out
 * and why, clocks that disagree, services that stopped sending. Loads every kind.
 */
export async function describeCoverage(
  source: Source,
  abort: AbortSignal,
): Promise<readonly Coverage[]> {
  const kinds: Kind[] = [];
  for (const kind of tableKinds) {
    const files = source.found.files[kind];
    if (files !== undefined) kinds.push({ kind, files, loaded: await source.loads[kind](abort) });
  }
  const spans = (['traces', 'metrics', 'logs'] as const).flatMap((wanted): KindSpan[] => {
    const span = kinds.find(({ kind }) => kind === wanted)?.loaded.span ?? null;
    return span === null ? [] : [{ kind: wanted, ...span }];
  });
  const clocks = compareClocks(spans, source.window);
  const described: Coverage[] = [];
  for (const kind of kinds) {
    const inside = await readInside(source, kind.kind, abort);
    const said = [
      ...sayMissing(kind),
      ...[clocks.get(kind.kind) ?? []].flat(),
      ...(await sayOfSources(source, kind.kind, abort)),
      ...sayOutside(kind, inside.rows),
      ...sayDropped(kind),
    ];
    const problem = cut(said.join('; '), maxProblemLength);
    described.push({ kind: kind.kind, ...inside, ...(problem !== '' && { problem }) });
  }
  const { runbooks } = source.found.files;
  if (runbooks === undefined) return described;
  const problem = runbooks.unmatched.map((pattern) => `no file matches ${pattern}`).join('; ');
  const rows = runbooks.files.length;
  return [
    ...described,
    {
      kind: 'runbooks',
      rows,
      services: [],
      ...(problem !== '' && { problem: cut(problem, maxProblemLength) }),
    },
  ];
}
