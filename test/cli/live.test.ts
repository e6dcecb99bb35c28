import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import request from 'supertest';
import type { CaseSubject } from '../../integrations/otlp/export-case.ts';
import { startTestApi } from '../api/support/api.ts';
import type { TestApi } from '../api/support/api.ts';
import { openTestFolder } from '../support/test-folder.ts';
import type { CliRun } from './run-cli.ts';
import { runHere } from './run-here.ts';

/** The command line against the real API, about what was received. */
const folder = openTestFolder('cli-live');
const asked: CaseSubject[] = [];
let api: TestApi;
let out = '';

beforeAll(async () => {
  out = folder.open();
  api = await startTestApi({
    hasTelemetry: () => Promise.resolve(true),
    exportCase: (subject) => {
      asked.push(subject);
      return Promise.resolve(subject.kind === 'investigation' ? null : lines());
    },
  });
});

afterAll(async () => {
  await api.close();
  folder.remove();
});

async function* lines(): AsyncGenerator<string> {
  const window = { start: '2026-11-20T09:00:00Z', end: '2026-11-20T10:00:00Z' };
  const incident = { version: 1, name: 'exported', alert: { title: 'Orders fail' }, window };
  yield `${JSON.stringify({ incident })}\n`;
  yield '{"logs":{"resourceLogs":[]}}\n';
  yield await Promise.resolve('{"end":{"lines":1}}\n');
}

function run(...args: readonly string[]): Promise<CliRun> {
  return runHere(args, { HOLDFAST_URL: api.url, HOLDFAST_STATE_DIR: out });
}

describe('holdfast investigate without a case', () => {
  test('asks about what was received: a question, who hurts, and how far to look back', async () => {
    const args = ['Why is it slow?', '--entity', 'service:checkout', '--since', '30m'];
    const { code, stdout } = await run('investigate', ...args);
    expect(code).toBe(0);
    expect((await api.store.investigations.get(stdout.trim()))?.request).toEqual({
      question: 'Why is it slow?',
      entity: { kind: 'service', name: 'checkout' },
      since: '30m',
    });
  });

  test('OS-23 finds the same fault in a request as the API, by the one schema that both have', async () => {
    const { body } = await request(api.server)
      .post('/api/v1/investigations')
      .send({ case: 'shop', since: '30 min' })
      .expect(422);
    const { stderr } = await run('investigate', '--case', 'shop', '--since', '30 min');
    const faults = body.errors as readonly { readonly field: string; readonly message: string }[];
    expect(faults.length).toBeGreaterThan(0);
    for (const { field, message } of faults) expect(stderr).toContain(`${field}: ${message}`);
  });

  test.each(['checkout', 'team:checkout', 'service:'])(
    'refuses "%s" as an entity, and says what one looks like',
    async (entity) => {
      const { code, stderr } = await run('investigate', '--entity', entity);
      expect(code).toBe(2);
      expect(stderr).toContain('must be KIND:NAME, such as service:checkout');
    },
  );
});

describe('holdfast case export', () => {
  test('writes what was received of a window as a case', async () => {
    const dir = join(out, 'saved');
    const options = ['--since', '1h', '--until', '2026-11-20T10:00:00Z'];
    const about = ['--alert-title', 'Orders fail', '--entity', 'service:gateway'];
    const { code, stdout } = await run('case', 'export', '--out', dir, ...options, ...about);
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${dir}: 1 lines of logs\n` });
    expect(asked.at(-1)).toMatchObject({
      kind: 'kept',
      about: {
        alert: { title: 'Orders fail', entity: { kind: 'service', name: 'gateway' } },
        window: {
          startAt: Date.parse('2026-11-20T09:00:00Z'),
          endAt: Date.parse('2026-11-20T10:00:00Z'),
        },
      },
    });
  });

  test('says so when nothing is kept', async () => {
    const where = ['--out', join(out, 'none'), '--investigation', 'inv-abcd'];
    const { code, stderr } = await run('case', 'export', ...where);
    expect(code).toBe(4);
    expect(stderr).toContain('what inv-abcd worked on is not kept');
  });

  test('refuses a length that is none', async () => {
    const { code, stderr } = await run('case', 'export', '--out', join(out, 'x'), '--since', '1 h');
    expect(code).toBe(2);
    expect(stderr).toContain('must be a whole number with s, m, h or d');
  });
});
