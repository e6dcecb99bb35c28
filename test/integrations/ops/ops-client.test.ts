import { afterEach, describe, expect, test } from '@jest/globals';
import type { ServerResponse } from 'node:http';
import { createOpsClient } from '../../../integrations/ops/ops-client.ts';
import { startTarget } from './target.ts';
import type { Received, Target } from './target.ts';

const token = 'ops-secret-0123456789';
const targets: Target[] = [];

async function serve(
  answer: (request: Received, response: ServerResponse) => void,
  timeoutMs = 10_000,
) {
  const target = await startTarget(answer);
  targets.push(target);
  const services = [{ name: 'payments', url: target.url, token }];
  return { target, client: createOpsClient({ services, timeoutMs }) };
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

afterEach(async () => {
  await Promise.all(targets.splice(0).map((target) => target.close()));
});

const signal = new AbortController().signal;
const status = { service: 'payments', path: '/ops/status', signal };

describe('the client of /ops/*', () => {
  test('RT-45 reads and calls endpoints of a registered service with its bearer token', async () => {
    const { client, target } = await serve((request, response) =>
      json(response, 200, { asked: `${request.method} ${request.path}`, body: request.body }),
    );
    expect(await client.get(status)).toEqual({
      status: 200,
      body: { asked: 'GET /ops/status', body: '' },
    });
    const posted = await client.post({
      service: 'payments',
      path: '/ops/rollback',
      body: { toRevision: 'r117' },
      idempotencyKey: 'act-0001',
      signal,
    });
    expect(posted.body).toEqual({ asked: 'POST /ops/rollback', body: '{"toRevision":"r117"}' });
    expect(target.requests.map(({ headers }) => headers.authorization)).toEqual([
      `Bearer ${token}`,
      `Bearer ${token}`,
    ]);
    expect(target.requests[1]?.headers).toMatchObject({
      'idempotency-key': 'act-0001',
      'content-type': 'application/json',
    });
  });

  test('gives back what the target refuses as it is', async () => {
    const { client } = await serve((_, response) => json(response, 422, { code: 'key-reused' }));
    expect(await client.get(status)).toEqual({ status: 422, body: { code: 'key-reused' } });
  });

  test('gives text where the reply is no JSON', async () => {
    const { client } = await serve((_, response) => response.writeHead(502).end('Bad gateway'));
    expect(await client.get(status)).toEqual({ status: 502, body: 'Bad gateway' });
  });

  test('keeps the path of a base URL', async () => {
    const { target } = await serve((_, response) => json(response, 200, {}));
    const services = [{ name: 'a', url: `${target.url}/shop/`, token }];
    const client = createOpsClient({ services });
    await client.get({ ...status, service: 'a' });
    expect(target.requests[0]?.path).toBe('/shop/ops/status');
    expect(client.urlOf('a', '/ops/status')).toBe(`${target.url}/shop/ops/status`);
  });

  test('calls no service that is not registered', async () => {
    const { client, target } = await serve((_, response) => json(response, 200, {}));
    await expect(client.get({ ...status, service: target.url })).rejects.toMatchObject({
      code: 'not-found.service',
      message: expect.stringContaining('there are payments'),
    });
    expect(() => client.urlOf('orders', '/ops/status')).toThrow('"orders"');
    expect(target.requests).toHaveLength(0);
  });

  test.each([
    '/status',
    '/ops',
    '/ops/',
    'ops/status',
    '/ops/../admin',
    '/ops/%2e%2e/admin',
    '/ops/..%2fadmin',
    '/ops//x',
    '/ops/\\..\\admin',
    '/ops/a#b',
    '/ops/a b',
    '/ops/a\r\nX-Evil: 1',
    '@evil.example/ops/status',
    '//evil.example/ops/status',
    '.evil.example/ops/status',
  ])('refuses the path %j', async (path) => {
    const { client, target } = await serve((_, response) => json(response, 200, {}));
    await expect(client.get({ ...status, path })).rejects.toMatchObject({
      code: 'invalid.tool-input',
    });
    expect(target.requests).toHaveLength(0);
  });

  test('follows no redirect, so the token goes nowhere else', async () => {
    const elsewhere = await serve((_, response) => json(response, 200, {}));
    const { client } = await serve((_, response) =>
      response.writeHead(307, { location: `${elsewhere.target.url}/ops/status` }).end(),
    );
    await expect(client.get(status)).rejects.toMatchObject({
      code: 'unavailable.backend',
      message: expect.stringContaining('redirects are not followed'),
    });
    expect(elsewhere.target.requests).toHaveLength(0);
  });

  test('reads replies of up to 256 KB and no further', async () => {
    const { client } = await serve((request, response) =>
      response.end('x'.repeat(request.path === '/ops/fits' ? 262_144 : 5_000_000)),
    );
    const fits = await client.get({ ...status, path: '/ops/fits' });
    expect(fits.body).toHaveLength(262_144);
    await expect(client.get(status)).rejects.toMatchObject({
      code: 'unavailable.backend',
      message: expect.stringContaining('more than 262144 bytes'),
    });
  });

  test.each([
    ['never answers', () => undefined],
    ['never ends its answer', (_: Received, response: ServerResponse) => void response.write('{')],
  ])('gives up on a target that %s', async (_what, answer) => {
    const { client } = await serve(answer, 500);
    await expect(client.get(status)).rejects.toMatchObject({
      code: 'timeout.backend',
      message: expect.stringContaining('within 500 ms'),
    });
  });

  test('says that nobody listens', async () => {
    const { client, target } = await serve(() => undefined);
    await target.close();
    await expect(client.get(status)).rejects.toMatchObject({
      code: 'unavailable.backend',
      message: expect.stringContaining('ECONNREFUSED'),
    });
  });

  test('ends at once when the step is cancelled, with the reason of the cancellation', async () => {
    const cancelled = new AbortController();
    const { client } = await serve(() => cancelled.abort(new Error('the step was cancelled')));
    await expect(client.get({ ...status, signal: cancelled.signal })).rejects.toThrow(
      'the step was cancelled',
    );
  });

  test('never shows the token, even if the target repeats it', async () => {
    const { client, target } = await serve((request, response) =>
      json(response, 500, { headers: request.headers }),
    );
    const reply = await client.get(status);
    expect(JSON.stringify(reply)).toContain('[redacted]');
    expect(JSON.stringify(reply)).not.toContain(token);
    await target.close();
    const failed = await client.get(status).catch((error: unknown) => error);
    expect(`${String(failed)} ${JSON.stringify(failed)}`).not.toContain(token);
  });
});
