import { mkdir, symlink } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { listCases, resolveCase } from '../../../integrations/duckdb/find-cases.ts';
import { manifest, writeCaseFolder } from './case-folder.ts';
import type { CaseFolder } from './case-folder.ts';

let first: CaseFolder;
let second: CaseFolder;

beforeAll(async () => {
  first = await writeCaseFolder({
    'slow-checkout/incident.yaml': manifest(),
    'bad-deploy/incident.yaml': manifest(),
    'Not-A-Name/incident.yaml': manifest(),
    'no-manifest/readme.md': '',
    'truth.csv': 'case,verdict\n',
  });
  second = await writeCaseFolder({
    'bad-deploy/incident.yaml': manifest(),
    'other/incident.yaml': manifest(),
  });
  await symlink(path.join(second.dir, 'other'), path.join(first.dir, 'linked'));
  await mkdir(path.join(first.dir, 'manifest-is-a-folder', 'incident.yaml'), { recursive: true });
});

afterAll(() => {
  first.remove();
  second.remove();
});

describe('listCases', () => {
  test('lists the folders with a manifest, sorted, without links', async () => {
    expect(await listCases(first.dir)).toEqual(['bad-deploy', 'slow-checkout']);
  });

  test('lists nothing in a folder that is not there', async () => {
    expect(await listCases(path.join(first.dir, 'absent'))).toEqual([]);
  });
});

describe('resolveCase', () => {
  test('finds a case directly in one of the folders; the first that has it wins', async () => {
    const folders = [first.dir, second.dir];
    expect(await resolveCase({ folders, name: 'bad-deploy' })).toBe(
      path.join(first.dir, 'bad-deploy'),
    );
    expect(await resolveCase({ folders, name: 'other' })).toBe(path.join(second.dir, 'other'));
  });

  test('says which cases there are when the name is unknown', async () => {
    await expect(
      resolveCase({ folders: [first.dir, second.dir], name: 'unknown' }),
    ).rejects.toMatchObject({
      code: 'not-found.case',
      message:
        'There is no case "unknown"; there are bad-deploy, slow-checkout, bad-deploy, other.',
    });
  });

  test('says so when the folders hold none', async () => {
    await expect(
      resolveCase({ folders: [path.join(first.dir, 'absent')], name: 'x' }),
    ).rejects.toMatchObject({
      message: 'There is no case "x"; the configured folders hold no case.',
    });
  });

  test('names at most twenty', async () => {
    const names = Array.from(
      { length: 23 },
      (_none, index) => `case-${String(index).padStart(2, '0')}`,
    );
    const many = await writeCaseFolder(
      Object.fromEntries(names.map((name) => [`${name}/incident.yaml`, manifest()])),
    );
    await expect(resolveCase({ folders: [many.dir], name: 'x' })).rejects.toMatchObject({
      message: expect.stringMatching(/there are case-00, .*, case-19 and 3 more\.$/),
    });
    many.remove();
  });

  test.each([
    '../bad-deploy',
    'bad-deploy/../bad-deploy',
    '/etc',
    '.',
    '',
    'Not-A-Name',
    'linked',
    `bad-deploy\0`,
    'x'.repeat(81),
  ])('never looks up %j', async (name) => {
    await expect(resolveCase({ folders: [first.dir], name })).rejects.toMatchObject({
      code: 'not-found.case',
    });
  });
});
