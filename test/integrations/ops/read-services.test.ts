import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readServices } from '../../../integrations/ops/read-services.ts';
import { openTestFolder } from '../../support/test-folder.ts';

const folders = openTestFolder('services');
let folder = '';
let file = '';

beforeAll(() => {
  folder = folders.open();
  file = join(folder, 'services.yaml');
});

afterAll(() => folders.remove());

describe('readServices', () => {
  test('reads YAML and JSON, with the token there or in a file beside', async () => {
    await writeFile(join(folder, 'payments.token'), 'from-file\n');
    const services = [
      { name: 'checkout', url: 'http://127.0.0.1:9001', token: 'in-place' },
      { name: 'payments', url: 'https://payments.example.com/base', token: 'from-file' },
    ];
    await writeFile(
      file,
      'services:\n  - name: checkout\n    url: http://127.0.0.1:9001\n    token: in-place\n' +
        '  - {name: payments, url: "https://payments.example.com/base", tokenFile: payments.token}\n',
    );
    expect(await readServices(file)).toEqual(services);
    await writeFile(file, JSON.stringify({ services }));
    expect(await readServices(file)).toEqual(services);
  });

  const entry = { name: 'payments', url: 'http://127.0.0.1:9000', token: 'hunter2' };

  test.each([
    [
      'a bad URL',
      [{ ...entry, url: 'payments:9000' }],
      'services[0].url: must be an http or https URL',
    ],
    ['a URL with a password', [{ ...entry, url: 'http://a:b@c/' }], 'services[0].url: must be'],
    ['no URL', [{ name: 'payments', token: 'x' }], 'services[0].url:'],
    ['a bad name', [entry, { ...entry, name: 'pay ments' }], 'services[1].name: must be 1 to 100'],
    ['a name twice', [entry, entry], 'services[1].name: is there twice'],
    ['no token', [{ name: 'a', url: entry.url }], 'services[0].token: must be given either'],
    [
      'both kinds of token',
      [{ ...entry, tokenFile: 'x' }],
      'services[0].token: must be given either',
    ],
    [
      'a token with a line break',
      [{ ...entry, token: 'hunter2\nX: y' }],
      'the token of payments is empty, or has blanks',
    ],
    ['an empty token', [{ ...entry, token: '' }], 'the token of payments is empty'],
    [
      'a token file that is not there',
      [{ name: 'a', url: entry.url, tokenFile: 'none' }],
      'the tokenFile of a,',
    ],
    ['a field that nobody knows', [{ ...entry, tokn: 'x' }], 'services[0]: Unrecognized key'],
  ])('refuses %s and names file and entry', async (_what, services, says) => {
    await writeFile(file, JSON.stringify({ services }));
    const refused = (await readServices(file).catch((error: unknown) => error)) as Error;
    expect(refused).toMatchObject({ code: 'invalid.config' });
    expect(refused.message).toContain(`HOLDFAST_SERVICES names ${file}: ${says}`);
    expect(refused.message).not.toContain('hunter2');
  });

  test.each([
    ['a file that is not there', null, 'cannot be read'],
    ['what is neither YAML nor JSON', 'services: [', 'is neither YAML nor JSON in line 1'],
    ['something else', '- a\n', 'the whole:'],
    ['an empty file', '', 'the whole:'],
  ])('refuses %s', async (_what, text, says) => {
    const path = join(folder, `other-${says.length}.yaml`);
    if (text !== null) await writeFile(path, text);
    await expect(readServices(path)).rejects.toMatchObject({
      code: 'invalid.config',
      message: expect.stringContaining(says),
    });
  });
});
