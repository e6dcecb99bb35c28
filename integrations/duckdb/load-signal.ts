import { caseError } from './case-error.ts';
import { errorMessageOf } from './error-facts.ts';
import { checkInside } from './find-files.ts';
import { toBatches } from './formats/batches.ts';
import type { Batch, OpenFile } from './formats/batches.ts';
import { clockOf } from './formats/clock.ts';
import { runOnBatch, stageBatch } from './formats/stage-batch.ts';
import type { Staged, Staging } from './formats/stage-batch.ts';
import { inspectFile } from './inspect-file.ts';
import type { CaseFile } from './read-case.ts';
import { asNumber, asText } from './row-values.ts';
import { instantValue } from './sql-text.ts';

/** What loading one kind of telemetry found, beside its rows. */
export interface Loaded {
  /** Rows that were read, whatever became of them. */
  readonly rowsRead: number;
  /** How many rows were left out (`not a number`, `negative duration`, `outside`, `duplicate`) or have something to be said of them (`no attributes`). */
  readonly counts: ReadonlyMap<string, number>;
  /** Nearly the first and the last instant of all rows, inside the windows or not; null without rows. */
  readonly span: { readonly firstAt: number; readonly lastAt: number } | null;
}

interface Load extends Staging {
  readonly root: string;
}

async function refuseProblem(load: Load, staged: Staged, ordinal: bigint): Promise<void> {
  const [first] = await load.database.run(
    `SELECT record, problem.field AS field, problem.says AS says FROM ${load.signal.kind}_raw
     WHERE problem IS NOT NULL AND file = $ordinal ORDER BY record LIMIT 1`,
    { ordinal },
    load.abort,
  );
  if (first === undefined) return;
  const place = await staged.place(asNumber(first['record']));
  throw caseError({ ...place, field: asText(first['field']) }, asText(first['says']));
}

async function openFile(load: Load, caseFile: CaseFile): Promise<OpenFile | null> {
  const place = { file: caseFile.file };
  const path = await checkInside({ root: load.root, place }, caseFile.file);
  const inspected = await inspectFile(path, caseFile.file, load.abort);
  if (inspected.isGzip && caseFile.source.format === 'parquet') {
    throw caseError(place, 'is gzipped; a Parquet file is packed as it is');
  }
  return inspected.bytes === 0 ? null : { ...caseFile, ...inspected, path };
}

async function loadBatch(
  load: Load,
  batch: Batch,
  { ordinal, keepsAttributes }: { readonly ordinal: bigint; readonly keepsAttributes: boolean },
): Promise<void> {
  const staged = await stageBatch(load, batch);
  const { sql, values } = staged.stage;
  const clock = clockOf(batch.source);
  const leftOut = keepsAttributes ? '' : ` REPLACE ('{}' AS attributes, '{}' AS around)`;
  const typed = batch.format === 'otlp-json' ? load.signal.typeOtlp : load.signal.typeTable(clock);
  await runOnBatch(
    load,
    batch,
    `INSERT INTO ${load.signal.kind}_raw BY NAME SELECT $ordinal AS file, *${leftOut} FROM (WITH ${sql}, ${typed})`,
    { ...values, ordinal },
  );
  await refuseProblem(load, staged, ordinal);
}

async function takeStock(load: Load, keepsAttributes: boolean): Promise<Loaded> {
  const { kind } = load.signal;
  const run = (sql: string) => load.database.run(sql, {}, load.abort);
  const [whole] = await run(
    `SELECT count(*) AS rows, epoch_ms(quantile_disc(time, 0.01)) AS first, epoch_ms(quantile_disc(time, 0.99)) AS last
     FROM ${kind}_raw`,
  );
  const groups = await run(
    `SELECT coalesce(dropped, noted) AS what, count(*) AS rows FROM ${kind}_raw WHERE coalesce(dropped, noted) IS NOT NULL GROUP BY ALL`,
  );
  const counts = new Map(groups.map((row) => [asText(row['what']), asNumber(row['rows'])]));
  const rowsRead = asNumber(whole?.['rows']);
  if (!keepsAttributes) counts.set('no attributes', rowsRead);
  const first = whole?.['first'] ?? null;
  const span =
    first === null ? null : { firstAt: asNumber(first), lastAt: asNumber(whole?.['last']) };
  return { rowsRead, counts, span };
}

/** Marks rows that say again what another row said. They are told apart by a hash of 64 bits, which costs a fraction of the memory. */
async function dropRepeated({ database, signal, abort }: Load, identity: string): Promise<void> {
  const raw = `${signal.kind}_raw`;
  const kept = signal.greatest === undefined ? 'min(rowid)' : `arg_max(rowid, ${signal.greatest})`;
  await database.run(
    `UPDATE ${raw} SET dropped = 'duplicate' WHERE dropped IS NULL AND rowid NOT IN (
      SELECT ${kept} FROM ${raw} WHERE dropped IS NULL GROUP BY hash(${identity}))`,
    {},
    abort,
  );
}

/** Packs the tables, which shrinks them several times. DuckDB refuses while others read; then they stay as they are, which is only larger. */
async function shrink({ database, abort }: Load): Promise<void> {
  try {
    await database.run('CHECKPOINT', {}, abort);
  } catch (error) {
    abort.throwIfAborted();
    if (!errorMessageOf(error).includes('Cannot CHECKPOINT')) throw error;
  }
}

const rowsOfSlice = 500_000;

/** Sorts about so many rows at a time, a stretch of time after the other, and packs them: a sort of all would need several times the memory of what it sorts. */
async function finishInSlices(load: Load): Promise<void> {
  const { database, signal, abort } = load;
  const { kind, finish } = signal;
  await database.run(
    `CREATE OR REPLACE TABLE ${kind} AS SELECT * EXCLUDE (file, record, problem, dropped, noted) FROM ${kind}_raw LIMIT 0`,
    {},
    abort,
  );
  const [counted] = await database.run(
    `SELECT count(*) AS rows FROM ${kind}_raw WHERE dropped IS NULL`,
    {},
    abort,
  );
  const slices = Math.ceil(asNumber(counted?.['rows']) / rowsOfSlice);
  if (slices === 0) return;
  const shares = Array.from({ length: slices + 1 }, (_unused, index) => index / slices);
  const borders = await database.run(
    `SELECT DISTINCT epoch_us(unnest(quantile_disc(time, [${shares.join(', ')}]))) / 1000 AS at_ms FROM ${kind}_raw
     WHERE dropped IS NULL ORDER BY at_ms`,
    {},
    abort,
  );
  const starts = borders.map((row) => asNumber(row['at_ms']));
  for (const [index, startAt] of starts.entries()) {
    // The last border is the last instant, which its own slice holds.
    const endAt = starts[index + 1] ?? startAt + 0.001;
    const values = { from: instantValue(startAt), until: instantValue(endAt) };
    await database.run(`INSERT INTO ${kind} ${finish}`, values, abort);
    if (slices > 1) await shrink(load);
  }
}

/**
 * Loads the files of one kind of telemetry into a table of its name, sorted by time, holding what lies inside the windows. Rejects with
 * `invalid.case` naming file, line and field for the first row that cannot be read.
 */
export async function loadSignal(load: Load, files: readonly CaseFile[]): Promise<Loaded> {
  const { database, signal, abort } = load;
  const run = (sql: string) => database.run(sql, {}, abort);
  const raw = `${signal.kind}_raw`;
  await run(
    `CREATE OR REPLACE TABLE ${raw} (file BIGINT, record BIGINT, problem STRUCT(field VARCHAR, says VARCHAR), dropped VARCHAR, noted VARCHAR,
      ${signal.rawColumns})`,
  );
  const opened: OpenFile[] = [];
  for (const file of files) {
    const filled = await openFile(load, file);
    if (filled !== null) opened.push(filled);
  }
  const bytes = opened.reduce((sum, file) => sum + file.bytes, 0);
  const keepsAttributes = bytes <= (signal.attributesUpToBytes ?? Infinity);
  for (const [ordinal, batch] of toBatches(opened).entries())
    await loadBatch(load, batch, { ordinal: BigInt(ordinal), keepsAttributes });
  await shrink(load);
  if (signal.identity !== null) await dropRepeated(load, signal.identity);
  if (signal.isSliced === true) await finishInSlices(load);
  else await run(`CREATE OR REPLACE TABLE ${signal.kind} AS ${signal.finish}`);
  const loaded = await takeStock(load, keepsAttributes);
  await run(`DROP TABLE ${raw}`);
  await shrink(load);
  return loaded;
}
