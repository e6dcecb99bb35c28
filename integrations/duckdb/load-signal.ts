import { caseError } from './case-error.ts';
import { errorMessageOf } from './error-facts.ts';
import { explainCsvError } from './explain-csv-error.ts';
import { checkInside } from './find-files.ts';
import { findCsvLine, inspectFile, readCsvHeader } from './inspect-file.ts';
import type { Inspected } from './inspect-file.ts';
import type { Database } from './open-database.ts';
import type { CaseFile } from './read-case.ts';
import type { Signal } from './signals/signal.ts';
import type { Stage } from './stage-file.ts';
import { countLines, findBrokenLine, stageCsv, stageJsonl, stageOtlp } from './stage-file.ts';
import { asNumber, asText, asTextOrNull } from './row-values.ts';

/** What loading one kind of telemetry found, beside its rows. */
export interface Loaded {
  /** Rows that were read, whatever became of them. */
  readonly rowsRead: number;
  /** How many rows were left out (`not a number`, `negative duration`, `outside`, `duplicate`) or have something to be said of them. */
  readonly counts: ReadonlyMap<string, number>;
  /** Nearly the first and the last instant of all rows, inside the windows or not; null without rows. */
  readonly span: { readonly firstAt: number; readonly lastAt: number } | null;
}

interface Load {
  readonly database: Database;
  readonly root: string;
  readonly signal: Signal;
  readonly abort: AbortSignal;
}

interface OpenFile extends CaseFile, Inspected {
  readonly path: string;
}

/** Files that one statement reads: planning a statement on OTLP takes far longer than reading a small file. */
interface Batch {
  readonly files: readonly [OpenFile, ...OpenFile[]];
  readonly format: CaseFile['format'];
  readonly isGzip: boolean;
  readonly paths: readonly string[];
}

const maxCsvColumns = 500;

function toBatch(files: Batch['files']): Batch {
  const [{ format, isGzip }] = files;
  return { files, format, isGzip, paths: files.map(({ path }) => path) };
}

/** Puts neighbours of OTLP together; every other file stays alone. */
function toBatches(files: readonly OpenFile[]): readonly Batch[] {
  const batches: Batch[] = [];
  for (const file of files) {
    const last = batches.at(-1);
    const joins = file.format === 'otlp-json' && last?.format === 'otlp-json';
    if (last === undefined || !joins || last.isGzip !== file.isGzip) batches.push(toBatch([file]));
    else batches.splice(-1, 1, toBatch([...last.files, file]));
  }
  return batches;
}

/** Where the `record`-th line of a batch stands. */
async function findLine(
  load: Load,
  { files, isGzip }: Batch,
  record: number,
): Promise<{ readonly file: string; readonly line: number }> {
  let line = record;
  for (const { file, path } of files.slice(0, -1)) {
    const sql = countLines({ paths: [path], isGzip });
    const [counted] = await load.database.run(sql, {}, load.abort);
    const lines = asNumber(counted?.['lines']);
    if (line <= lines) return { file, line };
    line -= lines;
  }
  return { file: (files.at(-1) ?? files[0]).file, line };
}

async function checkLines(load: Load, batch: Batch): Promise<void> {
  const { sql, values } = findBrokenLine(batch, load.signal, batch.format);
  const [broken] = await runOnBatch(load, batch, sql, values);
  if (broken === undefined) return;
  const field = asTextOrNull(broken['field']) ?? undefined;
  const place = await findLine(load, batch, asNumber(broken['record']));
  throw caseError({ ...place, field }, asText(broken['says']));
}

async function runOnBatch(load: Load, batch: Batch, sql: string, values: Stage['values']) {
  try {
    return await load.database.run(sql, values, load.abort);
  } catch (error) {
    load.abort.throwIfAborted();
    throw explainCsvError(batch.files[0].file, error);
  }
}

async function stageBatch(load: Load, batch: Batch): Promise<Stage> {
  if (batch.format !== 'csv') await checkLines(load, batch);
  if (batch.format === 'otlp-json') return stageOtlp(batch);
  if (batch.format === 'jsonl') return stageJsonl(batch, load.signal);
  const [{ path, file, isGzip }] = batch.files;
  const names = await readCsvHeader(path, file, isGzip);
  const place = { file, line: 1 };
  if (names.length > maxCsvColumns) {
    throw caseError(place, `has ${names.length} columns; the limit is ${maxCsvColumns}`);
  }
  const missing = load.signal.required.find((group) => !group.some((name) => names.includes(name)));
  if (missing !== undefined) {
    throw caseError({ ...place, field: missing.join(' or ') }, 'is a required column');
  }
  return stageCsv(batch, load.signal, names);
}

async function refuseProblem(load: Load, batch: Batch, ordinal: bigint): Promise<void> {
  const [first] = await load.database.run(
    `SELECT record, problem.field AS field, problem.says AS says FROM ${load.signal.kind}_raw
     WHERE problem IS NOT NULL AND file = $ordinal ORDER BY record LIMIT 1`,
    { ordinal },
    load.abort,
  );
  if (first === undefined) return;
  const record = asNumber(first['record']);
  const [{ path, file, isGzip }] = batch.files;
  const place =
    batch.format === 'csv'
      ? { file, line: await findCsvLine(path, isGzip, record) }
      : await findLine(load, batch, record);
  throw caseError({ ...place, field: asText(first['field']) }, asText(first['says']));
}

async function openFile(load: Load, caseFile: CaseFile): Promise<OpenFile | null> {
  const place = { file: caseFile.file };
  const path = await checkInside({ root: load.root, place }, caseFile.file);
  const inspected = await inspectFile(path, caseFile.file, load.abort);
  return inspected.isEmpty ? null : { ...caseFile, ...inspected, path };
}

async function loadBatch(load: Load, batch: Batch, ordinal: bigint): Promise<void> {
  const { sql, values } = await stageBatch(load, batch);
  const typed = batch.format === 'otlp-json' ? load.signal.typeOtlp : load.signal.typeTable;
  await runOnBatch(
    load,
    batch,
    `INSERT INTO ${load.signal.kind}_raw BY NAME SELECT $ordinal AS file, * FROM (WITH ${sql}, ${typed})`,
    { ...values, ordinal },
  );
  await refuseProblem(load, batch, ordinal);
}

async function takeStock(load: Load): Promise<Loaded> {
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
  const first = whole?.['first'] ?? null;
  const span =
    first === null ? null : { firstAt: asNumber(first), lastAt: asNumber(whole?.['last']) };
  return { rowsRead, counts, span };
}

/** Marks rows that say again what an earlier row said. They are told apart by a hash of 64 bits, which costs a fraction of the memory. */
async function dropRepeated({ database, signal, abort }: Load, identity: string): Promise<void> {
  const raw = `${signal.kind}_raw`;
  await database.run(
    `UPDATE ${raw} SET dropped = 'duplicate' WHERE dropped IS NULL AND rowid NOT IN (
      SELECT min(rowid) FROM ${raw} WHERE dropped IS NULL GROUP BY hash(${identity}))`,
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
  for (const [ordinal, batch] of toBatches(opened).entries())
    await loadBatch(load, batch, BigInt(ordinal));
  await shrink(load);
  if (signal.identity !== null) await dropRepeated(load, signal.identity);
  await run(`CREATE OR REPLACE TABLE ${signal.kind} AS ${signal.finish}`);
  const loaded = await takeStock(load);
  await run(`DROP TABLE ${raw}`);
  await shrink(load);
  return loaded;
}
