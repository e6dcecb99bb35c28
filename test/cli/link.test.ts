import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { runHere } from './run-here.ts';
import { sendJson, sendProblem, serveScripted, type ScriptedApi } from './scripted-api.ts';

let api: ScriptedApi;

beforeAll(async () => {
  api = await serveScripted({
    'POST /api/v1/session/codes': ({ headers }, response) =>
      headers.authorization === 'Bearer hf_ana'
        ? sendJson(response, 201, { code: 'once-only', expiresAt: '2026-11-21T11:19:00.000Z' })
        : sendProblem(response, 401, 'unauthenticated.token', 'nobody known'),
  });
});

afterAll(() => api.close());

test('holdfast link prints the page of an investigation with a code for whoever runs it', async () => {
  const env = { HOLDFAST_URL: api.url, HOLDFAST_TOKEN: 'hf_ana' };
  const { code, stdout } = await runHere(['link', 'inv-abcd'], env);
  expect(code).toBe(0);
  expect(stdout).toBe(`${api.url}/investigations/inv-abcd?code=once-only\n`);
});

test('holdfast link prints it without one, to be read only, where the API knows nobody', async () => {
  const env = { HOLDFAST_URL: api.url, HOLDFAST_TOKEN: 'hf_someone' };
  const { code, stdout } = await runHere(['link', 'inv-abcd', '--json'], env);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toEqual({
    id: 'inv-abcd',
    url: `${api.url}/investigations/inv-abcd`,
  });
});
