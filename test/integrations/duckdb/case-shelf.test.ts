import { utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Telemetry } from '../../../core/ports/telemetry.ts';
import { createCaseShelf } from '../../../integrations/duckdb/case-shelf.ts';
import type { CaseShelf } from '../../../integrations/duckdb/case-shelf.ts';
import { manifest, never, writeCaseFolder } from './case-folder.ts';
import type { CaseFolder } from './case-folder.ts';

/** A case of which reading shows whether it has been closed. */
const text = manifest(['changes: [{ files: [changes.jsonl], format: jsonl }]']);

let folder: CaseFolder;
const shelves: CaseShelf[] = [];

beforeAll(async () => {
  folder = await writeCaseFolder(
    Object.fromEntries(['a', 'b', 'c'].map((name) => [`${name}/incident.yaml`, text])),
  );
});

afterEach(async () => {
  for (const shelf of shelves.splice(0)) await shelf.close();
});

afterAll(() => folder.remove());

function makeShelf(max: number): CaseShelf {
  const shelf = createCaseShelf({ max });
  shelves.push(shelf);
  return shelf;
}

const dirOf = (name: string): string => path.join(folder.dir, name);
const take = (shelf: CaseShelf, name: string): Promise<Telemetry> =>
  shelf.use(dirOf(name), async (telemetry) => telemetry);

const hasClosed = (telemetry: Telemetry): Promise<boolean> =>
  telemetry.coverage(never).then(
    () => false,
    () => true,
  );

/** A case that stays in use until it is let go. */
function hold(
  shelf: CaseShelf,
  name: string,
): { readonly telemetry: Promise<Telemetry>; readonly letGo: () => Promise<void> } {
  let finish = (): void => undefined;
  let begun = (_telemetry: Telemetry): void => undefined;
  const telemetry = new Promise<Telemetry>((resolve) => {
    begun = resolve;
  });
  const done = shelf.use(dirOf(name), (held) => {
    begun(held);
    return new Promise<void>((resolve) => {
      finish = resolve;
    });
  });
  return {
    telemetry,
    letGo: () => {
      finish();
      return done;
    },
  };
}

describe('createCaseShelf', () => {
  test('opens a case once for all who use it, at once or one after another', async () => {
    const shelf = makeShelf(2);
    const taken = await Promise.all([take(shelf, 'a'), take(shelf, 'a')]);
    taken.push(await take(shelf, 'a'));
    expect(new Set(taken).size).toBe(1);
  });

  test('keeps the cases used last and closes the others', async () => {
    const shelf = makeShelf(2);
    const [a, b] = [await take(shelf, 'a'), await take(shelf, 'b')];
    await take(shelf, 'a');
    const c = await take(shelf, 'c');
    expect(await Promise.all([a, b, c].map(hasClosed))).toEqual([false, true, false]);
  });

  test('closes no case while it is in use', async () => {
    const shelf = makeShelf(1);
    const held = hold(shelf, 'a');
    const a = await held.telemetry;
    const b = await take(shelf, 'b');
    expect(await hasClosed(a)).toBe(false);
    expect(await hasClosed(b)).toBe(true);
    await held.letGo();
    expect(await hasClosed(a)).toBe(false);
    await take(shelf, 'b');
    expect(await hasClosed(a)).toBe(true);
  });

  test('opens a case afresh when its manifest has changed, and closes the old one after its last reader', async () => {
    const shelf = makeShelf(3);
    const held = hold(shelf, 'c');
    const old = await held.telemetry;
    await writeFile(path.join(dirOf('c'), 'incident.yaml'), `${text}question: Why?\n`);
    await utimes(path.join(dirOf('c'), 'incident.yaml'), 1_000, 1_000);
    const fresh = await take(shelf, 'c');
    expect(fresh).not.toBe(old);
    expect(await hasClosed(old)).toBe(false);
    await held.letGo();
    expect(await Promise.all([old, fresh].map(hasClosed))).toEqual([true, false]);
  });

  test('passes on what the work returns or rejects with, and stays usable', async () => {
    const shelf = makeShelf(1);
    expect(await shelf.use(dirOf('a'), async () => 42)).toBe(42);
    await expect(
      shelf.use(dirOf('a'), () => Promise.reject(new Error('work failed'))),
    ).rejects.toThrow('work failed');
    expect(await hasClosed(await take(shelf, 'a'))).toBe(false);
  });

  test('rejects like openCase, and tries again the next time', async () => {
    const shelf = makeShelf(1);
    const dir = dirOf('later');
    await expect(shelf.use(dir, async () => undefined)).rejects.toMatchObject({
      code: 'not-found.case',
    });
    const other = await writeCaseFolder({ 'incident.yaml': 'version: 2' });
    await expect(shelf.use(other.dir, async () => undefined)).rejects.toMatchObject({
      code: 'invalid.case',
    });
    await writeFile(path.join(other.dir, 'incident.yaml'), manifest());
    expect(await shelf.use(other.dir, async () => 'read')).toBe('read');
    await shelf.close();
    other.remove();
  });
});
