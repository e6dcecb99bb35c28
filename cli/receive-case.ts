import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { Gzip } from 'node:zlib';
import { stringify } from 'yaml';
import { AppError } from '../core/errors.ts';
import { exportEndSchema, exportedKinds } from '../core/schemas/case-export.ts';
import { caseManifestSchema } from '../core/schemas/case.ts';

export interface ReceivedCase {
  readonly name: string;
  readonly kinds: readonly string[];
  readonly lines: number;
}

const linePattern = new RegExp(`^\\{"(incident|${exportedKinds.join('|')}|end)":(.*)\\}$`, 's');

/**
 * Writes an exported case into the folder `out`, the rows of each kind gzipped; `incident.yaml` comes last, so that a folder which has one is whole. Rejects
 * with `invalid.request` when the folder is not empty, and with `unavailable.api` when the stream was cut off.
 */
export async function receiveCase(
  body: AsyncIterable<Uint8Array>,
  out: string,
): Promise<ReceivedCase> {
  await mkdir(out, { recursive: true });
  if ((await readdir(out)).length > 0) {
    throw new AppError('invalid.request', `${out} is not empty; name a folder that is not there`);
  }
  const files = createFiles(out);
  let incident: unknown = null;
  let lines = 0;
  let isWhole = false;
  try {
    for await (const line of createInterface({ input: Readable.from(body) })) {
      const [, key = '', value = ''] = linePattern.exec(line) ?? [];
      if (key === '') throw new AppError('unavailable.api', 'the export has a line of no kind');
      if (key === 'incident') incident = JSON.parse(value);
      else if (key === 'end') isWhole = exportEndSchema.parse(JSON.parse(value)).lines === lines;
      else {
        await files.write(key, value);
        lines += 1;
      }
    }
  } finally {
    await files.close();
  }
  if (!isWhole) throw new AppError('unavailable.api', `the export was cut off; remove ${out}`);
  const name = nameOf(out);
  const manifest = caseManifestSchema.parse(incident);
  await writeFile(
    join(out, 'incident.yaml'),
    stringify({ ...manifest, name, telemetry: files.telemetry() }),
  );
  return { name, kinds: Object.keys(files.telemetry()), lines };
}

/** A gzipped file for each kind that has rows. */
function createFiles(out: string) {
  const open = new Map<string, { readonly gzip: Gzip; readonly written: Promise<void> }>();
  const fileOf = (kind: string): Gzip => {
    const known = open.get(kind);
    if (known !== undefined) return known.gzip;
    const gzip = createGzip();
    const written = finished(gzip.pipe(createWriteStream(join(out, `${kind}.jsonl.gz`))));
    open.set(kind, { gzip, written });
    return gzip;
  };
  return {
    write: async (kind: string, row: string): Promise<void> => {
      const gzip = fileOf(kind);
      if (!gzip.write(`${row}\n`)) await once(gzip, 'drain');
    },
    close: async (): Promise<void> => {
      for (const { gzip } of open.values()) gzip.end();
      await Promise.all([...open.values()].map(({ written }) => written));
    },
    telemetry: () =>
      Object.fromEntries(
        [...open.keys()].map((kind) => [
          kind,
          [
            {
              files: [`${kind}.jsonl.gz`],
              format: kind === 'changes' ? 'jsonl' : 'otlp-json',
            },
          ],
        ]),
      ),
  };
}

/** The name of a case is that of its folder, as far as names of cases go. */
function nameOf(out: string): string {
  const name = basename(resolve(out))
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 80);
  return name === '' ? 'exported' : name;
}
