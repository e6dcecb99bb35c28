import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { quoted, textOf, withDuck } from '../rca/duck.ts';
import type { Row } from '../rca/duck.ts';

/** A log line with what people said of it: its event, and the template in its original and in its corrected wording. */
export interface LabelledLine {
  readonly text: string;
  readonly event: string;
  readonly template: string;
}

/** The log of one system. */
export interface LabelledLog {
  readonly system: string;
  readonly lines: readonly LabelledLine[];
}

/**
 * Reads every labelled log of a folder in LogHub's layout, one folder a system. Events are the original ones and templates the corrected ones
 * (Khan et al., "Guidelines for assessing the accuracy of log message template identification techniques", ICSE 2022).
 */
export async function readSystems(folder: string): Promise<readonly LabelledLog[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const systems = entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .toSorted();
  return withDuck(async (run) => {
    const read = async (file: string): Promise<readonly Row[]> =>
      run(
        `SELECT "Content", "EventId", "EventTemplate" FROM read_csv(${quoted(file)}, all_varchar = true, header = true, delim = ',', quote = '"', escape = '"') ORDER BY "LineId"::INT`,
      );
    const logs: LabelledLog[] = [];
    for (const system of systems) {
      const base = path.join(folder, system, `${system}_2k.log_structured`);
      const files = ['.csv', '_corrected.csv'].map((end) => fileAt(base + end));
      const [original, corrected] = files;
      if (original === undefined || corrected === undefined) continue;
      const labels = await read(corrected);
      const lines = (await read(original)).map((row, index) => ({
        text: textOf(row['Content']),
        event: textOf(row['EventId']),
        template: textOf(labels[index]?.['EventTemplate']),
      }));
      logs.push({ system, lines });
    }
    return logs;
  });
}

/** The file, packed or not. */
function fileAt(file: string): string {
  return existsSync(`${file}.gz`) ? `${file}.gz` : file;
}
