import { createReadStream, createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createInflateRaw } from 'node:zlib';

const endSignature = 0x06054b50;
const entrySignature = 0x02014b50;
const endBytes = 22;
const longestCommentBytes = 65_535;

interface Entry {
  readonly name: string;
  readonly method: number;
  readonly packedBytes: number;
  readonly headerAt: number;
}

/**
 * Unpacks the one file of a zip archive whose name `matches` into `target`, streaming. Knows stored and deflated entries below 4 GB. Rejects
 * when the archive is damaged, or no entry or more than one matches. Source: PKWARE APPNOTE 6.3, sections 4.3.7, 4.3.12 and 4.3.16.
 */
export async function extractZipEntry(
  archive: string,
  matches: (name: string) => boolean,
  target: string,
): Promise<void> {
  const entry = await findEntry(archive, matches);
  const start = entry.headerAt + (await localHeaderBytes(archive, entry));
  const packed = createReadStream(archive, { start, end: start + entry.packedBytes - 1 });
  const file = createWriteStream(target, { flags: 'wx', mode: 0o755 });
  if (entry.method === 0) return pipeline(packed, file);
  if (entry.method === 8) return pipeline(packed, createInflateRaw(), file);
  throw new Error(`${archive}: ${entry.name} is packed by the unknown method ${entry.method}`);
}

async function findEntry(archive: string, matches: (name: string) => boolean): Promise<Entry> {
  const found = (await directory(archive)).filter((entry) => matches(entry.name));
  const [only] = found;
  if (only === undefined || found.length > 1) {
    throw new Error(`${archive}: expected one matching file, found ${found.length}`);
  }
  return only;
}

async function directory(archive: string): Promise<readonly Entry[]> {
  const file = await open(archive);
  try {
    const { size } = await file.stat();
    const tail = Buffer.alloc(Math.min(size, endBytes + longestCommentBytes));
    await file.read(tail, 0, tail.length, size - tail.length);
    const end = lastIndexOfUint32(tail, endSignature);
    if (end < 0) throw new Error(`${archive} is no zip archive`);
    const listing = Buffer.alloc(tail.readUInt32LE(end + 12));
    await file.read(listing, 0, listing.length, tail.readUInt32LE(end + 16));
    return entries(listing);
  } finally {
    await file.close();
  }
}

function entries(listing: Buffer): readonly Entry[] {
  const found: Entry[] = [];
  let at = 0;
  while (at + 46 <= listing.length && listing.readUInt32LE(at) === entrySignature) {
    const nameBytes = listing.readUInt16LE(at + 28);
    found.push({
      name: listing.toString('utf8', at + 46, at + 46 + nameBytes),
      method: listing.readUInt16LE(at + 10),
      packedBytes: listing.readUInt32LE(at + 20),
      headerAt: listing.readUInt32LE(at + 42),
    });
    at += 46 + nameBytes + listing.readUInt16LE(at + 30) + listing.readUInt16LE(at + 32);
  }
  return found;
}

/** The local header repeats name and extra field, and the extra field may differ from the one in the directory. */
async function localHeaderBytes(archive: string, entry: Entry): Promise<number> {
  const file = await open(archive);
  try {
    const header = Buffer.alloc(30);
    await file.read(header, 0, header.length, entry.headerAt);
    return 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
  } finally {
    await file.close();
  }
}

function lastIndexOfUint32(bytes: Buffer, value: number): number {
  for (let at = bytes.length - endBytes; at >= 0; at--) {
    if (bytes.readUInt32LE(at) === value) return at;
  }
  return -1;
}
