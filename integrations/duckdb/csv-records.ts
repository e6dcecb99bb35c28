/** One record of a CSV file: its text without the line end, and the line, from 1, on which it begins. */
export interface CsvRecord {
  readonly line: number;
  readonly text: string;
}

const maxRecordBytes = 2_097_152;
const quote = 0x22;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/**
 * Finds the record number `wanted`, from 0, of comma-separated bytes; null when there are fewer. Quotes as in RFC 4180, lines ended by LF or CRLF,
 * blank lines passed over. It serves to read a header and to name the line of a record; the rows themselves are read by DuckDB.
 */
export async function findCsvRecord(
  chunks: AsyncIterable<Uint8Array>,
  wanted: number,
): Promise<CsvRecord | null> {
  const kept: Uint8Array[] = [];
  let keptBytes = 0;
  let record = 0;
  let line = 1;
  let beginsAt = 1;
  let isQuoted = false;
  let isBlank = true;
  const toRecord = (): CsvRecord => ({
    line: beginsAt,
    text: Buffer.concat(kept)
      .toString('utf8')
      .replace(/^\uFEFF/, '')
      .replace(/\r?\n?$/, ''),
  });
  for await (const chunk of chunks) {
    let from = 0;
    for (let at = 0; at < chunk.length; at += 1) {
      const byte = chunk[at];
      if (byte === quote) isQuoted = !isQuoted;
      if (byte === lineFeed) line += 1;
      else if (byte !== carriageReturn) isBlank = false;
      if (byte !== lineFeed || isQuoted) continue;
      if (record === wanted && !isBlank) {
        kept.push(chunk.subarray(from, at));
        return toRecord();
      }
      if (!isBlank) record += 1;
      kept.length = 0;
      from = at + 1;
      beginsAt = line;
      isBlank = true;
    }
    if (record === wanted && keptBytes < maxRecordBytes) {
      kept.push(chunk.subarray(from));
      keptBytes += chunk.length - from;
    }
  }
  return record === wanted && !isBlank ? toRecord() : null;
}
