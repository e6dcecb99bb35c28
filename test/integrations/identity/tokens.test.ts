import { createHash } from 'node:crypto';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import {
  createIdentifier,
  ensureToken,
  readTokens,
} from '../../../integrations/identity/tokens.ts';
import { withFolder } from './temporary-folder.ts';

const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');

describe('ensureToken', () => {
  test('writes a token of 256 random bits for its owner alone, and beside it whose it is, hashed', async () => {
    await withFolder(async (folder) => {
      const file = await ensureToken(join(folder, 'state'), 'ana');
      const token = (await readFile(file, 'utf8')).trim();
      expect(token).toMatch(/^hf_[A-Za-z0-9_-]{43}$/);
      expect((await stat(file)).mode & 0o777).toBe(0o600);
      const beside = join(folder, 'state', 'tokens.json');
      expect(await readFile(beside, 'utf8')).not.toContain(token);
      expect(await readTokens(beside)).toEqual([{ person: 'ana', sha256: hashOf(token) }]);
      expect(await readTokens(file)).toEqual([{ person: 'ana', sha256: hashOf(token) }]);
    });
  });

  test('keeps the token that is there', async () => {
    await withFolder(async (folder) => {
      const first = await readFile(await ensureToken(folder, 'ana'), 'utf8');
      const all = await Promise.all(Array.from({ length: 4 }, () => ensureToken(folder, 'ana')));
      expect(await readFile(all[0] ?? '', 'utf8')).toBe(first);
    });
  });

  test('makes a name of a user name that is none', async () => {
    await withFolder(async (folder) => {
      await ensureToken(folder, 'DOMAIN\\ana maria');
      expect((await readTokens(join(folder, 'tokens.json')))[0]?.person).toBe('DOMAIN-ana-maria');
    });
  });

  test('refuses a file that holds something else', async () => {
    await withFolder(async (folder) => {
      await writeFile(join(folder, 'token'), 'secret');
      await expect(ensureToken(folder, 'ana')).rejects.toMatchObject({ code: 'invalid.config' });
    });
  });
});

describe('readTokens', () => {
  const hash = hashOf('x');

  test('reads a line for each person, with comments', async () => {
    await withFolder(async (folder) => {
      const file = join(folder, 'tokens');
      await writeFile(
        file,
        `# people\nana ${hash} # on call\n\n  bo@example.com\t${hashOf('y')}\n`,
      );
      expect(await readTokens(file)).toEqual([
        { person: 'ana', sha256: hash },
        { person: 'bo@example.com', sha256: hashOf('y') },
      ]);
    });
  });

  test.each([
    ['without a hash', 'ana', 'is wrong in line 1: the second word is no SHA-256'],
    ['with a token instead of its hash', 'ana hf_abc', 'the second word is no SHA-256'],
    ['with three words', `\nana ${hash} x`, 'is wrong in line 2: there is a third word'],
    ['with a name that is none', `-ana ${hash}`, 'the first word is no name'],
    ['that is empty', '# nobody\n', 'holds no token'],
    ['of broken JSON', '{"tokens":', 'is not JSON'],
    ['of other JSON', '{"people":[]}', 'is wrong at tokens'],
    ['with a token of nobody', `hf_${'A'.repeat(43)}`, 'which says whose it is, cannot be read'],
  ])('refuses a file %s', async (_what, text, says) => {
    await withFolder(async (folder) => {
      const file = join(folder, 'tokens');
      await writeFile(file, text);
      await expect(readTokens(file)).rejects.toMatchObject({
        code: 'invalid.config',
        message: expect.stringContaining(says),
      });
    });
  });

  test('never repeats what the file holds', async () => {
    await withFolder(async (folder) => {
      const file = join(folder, 'tokens');
      await writeFile(file, 'ana hunter2');
      const refused = await readTokens(file).catch((error: unknown) => String(error));
      expect(refused).not.toContain('hunter2');
    });
  });
});

describe('createIdentifier', () => {
  const identify = createIdentifier([
    { person: 'ana', sha256: hashOf('hf_a') },
    { person: 'bo', sha256: hashOf('hf_b') },
  ]);

  test.each([
    ['Bearer hf_a', 'ana'],
    ['bearer  hf_b', 'bo'],
    ['Bearer hf_c', null],
    ['Bearer ', null],
    ['Bearer hf_a hf_b', null],
    ['Basic aGZfYQ==', null],
    ['hf_a', null],
    ['', null],
    [undefined, null],
    [`Bearer ${'x'.repeat(100_000)}`, null],
  ])('knows from %j that it is %j', (header, person) => {
    expect(identify(header)).toBe(person);
  });

  test('knows nobody without tokens', () => {
    expect(createIdentifier([])('Bearer hf_a')).toBeNull();
  });
});
