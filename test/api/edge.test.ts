import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import request from 'supertest';
import { errorRegistry } from '../../core/errors.ts';
import { waitUntil } from '../support/wait-until.ts';
import { startTestApi, token } from './support/api.ts';
import type { TestApi } from './support/api.ts';

const path = '/api/v1/investigations';
let api: TestApi;

beforeAll(async () => {
  api = await startTestApi();
});

afterAll(async () => {
  await api.close();
});

describe('who may call', () => {
  test.each(['localhost', 'LOCALHOST:8080', '127.0.0.1', '127.1.2.3:9', '[::1]:8080'])(
    'lets the name %s through',
    async (host) => {
      const { status } = await request(api.server).get('/health').set('Host', host);
      expect(status).toBe(200);
    },
  );

  test.each([
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    '10.0.0.1',
    'a@localhost',
    '',
  ])('refuses the name %j', async (host) => {
    const { body } = await request(api.server).get(path).set('Host', host).expect(403);
    expect(body.code).toBe('forbidden.host');
  });

  test.each([
    'https://evil.example',
    'null',
    'http://localhost:1',
    'http://127.0.0.1.evil.example',
  ])('refuses a page of %s', async (origin) => {
    const posted = request(api.server).post(path).send({ case: 'quiet-night' });
    const { body } = await posted.set('Origin', origin).expect(403);
    expect(body.code).toBe('forbidden.host');
  });

  test('lets its own pages through, and offers nothing to foreign ones', async () => {
    const { headers } = await request(api.server)
      .get('/health')
      .set('Host', 'localhost:8080')
      .set('Origin', 'http://localhost:8080')
      .expect(200);
    expect(headers).not.toHaveProperty('access-control-allow-origin');
  });

  test('refuses a body that a foreign page could send unasked', async () => {
    const posted = request(api.server).post(path).set('Content-Type', 'text/plain');
    const { body } = await posted.send('{"case":"quiet-night"}').expect(400);
    expect(body).toMatchObject({
      code: 'invalid.json',
      detail: expect.stringContaining('Content-Type'),
    });
  });
});

describe('listening beyond loopback', () => {
  let wide: TestApi;

  beforeAll(async () => {
    wide = await startTestApi({ config: { host: '0.0.0.0' } });
  });

  afterAll(async () => {
    await wide.close();
  });

  test('every call of the API needs the token of a person, whatever name it uses', async () => {
    const get = (url: string) => request(wide.server).get(url).set('Host', 'holdfast.example');
    for (const url of [path, `${path}/inv-x/report`, '/api/v1/actions/act-x', '/api/none']) {
      expect((await get(url).expect(401)).body.code).toBe('unauthenticated.token');
    }
    await get(path).set('Authorization', `Bearer ${token}`).expect(200);
    await get('/health').expect(200);
  });

  test('takes only configured names where some are', async () => {
    const named = await startTestApi({
      config: { host: '0.0.0.0', allowedHosts: ['holdfast.example'] },
    });
    const get = (host: string) => request(named.server).get('/health').set('Host', host);
    const hosts = ['holdfast.example:443', 'localhost', 'other.example'];
    const statuses = await Promise.all(hosts.map(async (host) => (await get(host)).status));
    expect(statuses).toEqual([200, 200, 403]);
    await named.close();
  });
});

describe('pages of other origins', () => {
  const friend = 'https://console.example';
  let shared: TestApi;

  beforeAll(async () => {
    shared = await startTestApi({ config: { corsOrigins: [friend] } });
  });

  afterAll(async () => {
    await shared.close();
  });

  test('TA-07 those that are configured may read answers and ask first, all others are refused', async () => {
    const ask = (origin: string) =>
      request(shared.server)
        .options(path)
        .set({ Origin: origin, 'Access-Control-Request-Method': 'POST' });
    const allowed = await ask(friend).expect(204);
    expect(allowed.headers).toMatchObject({
      'access-control-allow-origin': friend,
      'access-control-allow-methods': 'GET,POST',
      'access-control-allow-headers': expect.stringContaining('Authorization'),
    });
    expect(allowed.headers).not.toHaveProperty('access-control-allow-credentials');
    const read = await request(shared.server).get(path).set('Origin', friend).expect(200);
    expect(read.headers['access-control-allow-origin']).toBe(friend);
    for (const origin of ['https://other.example', 'https://console.example.evil', 'null']) {
      expect((await ask(origin)).status).toBe(403);
      const refused = await request(shared.server).get(path).set('Origin', origin).expect(403);
      expect(refused.headers).not.toHaveProperty('access-control-allow-origin');
    }
    await request(api.server).get(path).set('Origin', friend).expect(403);
  });
});

describe('bad input', () => {
  test('malformed JSON is 400', async () => {
    const posted = request(api.server).post(path).set('Content-Type', 'application/json');
    const { body } = await posted.send('{"case":').expect(400);
    expect(body).toMatchObject({ code: 'invalid.json', status: 400 });
  });

  test.each([
    ['plain', (text: string) => ({ body: Buffer.from(text), encoding: 'identity' })],
    ['unpacked', (text: string) => ({ body: gzipSync(text), encoding: 'gzip' })],
  ])('a body of more than 1 MB, %s, is 413', async (_what, pack) => {
    const { body: sent, encoding } = pack(JSON.stringify({ case: 'x'.repeat(1_048_576) }));
    const answer = await fetch(`${api.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-encoding': encoding },
      body: sent,
    });
    expect(answer.status).toBe(413);
    expect(await answer.json()).toMatchObject({ code: 'invalid.body-too-large' });
  });

  test('an encoding that nobody knows, and a path that is none, are 400', async () => {
    const posted = request(api.server).post(path).set('Content-Type', 'application/json');
    const encoded = await posted.set('Content-Encoding', 'br2').send('{}');
    const malformed = await request(api.server).get(`${path}/%ff`);
    expect([encoded.status, malformed.status]).toEqual([400, 400]);
  });

  test('a deeply nested body is refused and does no harm', async () => {
    const posted = request(api.server).post(path).set('Content-Type', 'application/json');
    const nested = `{"case":"a","alert":${'['.repeat(200_000)}${']'.repeat(200_000)}}`;
    const { status } = await posted.send(nested);
    expect(status).toBe(422);
  });
});

describe('problems', () => {
  test('follow RFC 9457 and point to where the error is explained', async () => {
    const { body, headers } = await request(api.server).get(`${path}/inv-none?x=1`).expect(404);
    expect(headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(body).toEqual({
      type: '/docs/errors.md#not-foundinvestigation',
      title: errorRegistry['not-found.investigation'].advice,
      status: 404,
      detail: 'there is no investigation inv-none',
      instance: `${path}/inv-none`,
      code: 'not-found.investigation',
    });
    const page = await request(api.server).get(body.type.split('#')[0]).expect(200);
    expect(page.text).toContain('## not-found.investigation\n');
  });

  test('answer for routes that are not there', async () => {
    const { body } = await request(api.server).delete(path).expect(404);
    expect(body).toMatchObject({ code: 'not-found.route', detail: `there is no DELETE ${path}` });
  });

  test('say nothing about a fault of ours, which the log does', async () => {
    const own = await startTestApi();
    await own.store.close();
    const { body, text } = await request(own.server).get(path);
    expect([500, 503]).toContain(body.status);
    expect(text).not.toMatch(/\bat .*\.ts|stack/);
    expect(own.log()).toContain('a request failed');
    await own.close().catch(() => undefined);
  });

  test('never come without the headers that keep browsers from doing more with them', async () => {
    const { headers } = await request(api.server).get('/nowhere').expect(404);
    expect(headers['content-security-policy']).toBe("default-src 'none';frame-ancestors 'none'");
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers).not.toHaveProperty('x-powered-by');
  });
});

describe('health', () => {
  test('TA-04 OS-70 GET /health, /healthz and /ok say that it lives, and / does for whoever does not ask for HTML', async () => {
    const ok = { status: 'ok' };
    const checks = { outbox: ok, database: ok, temporal: ok };
    const alive = { status: 'ok', service: 'holdfast', checks };
    for (const url of ['/health', '/healthz', '/ok', '/']) {
      expect((await request(api.server).get(url).expect(200)).body).toEqual(alive);
    }
    const json = await request(api.server).get('/').set('Accept', 'application/json').expect(200);
    expect(json.body).toEqual(alive);
    const browser = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
    const html = await request(api.server).get('/').set('Accept', browser).expect(200);
    expect(html.text).toContain('<div id="root">');
  });

  test('GET /ready names what is away', async () => {
    await request(api.server).get('/ready').expect(200);
    api.temporal.setAway(true);
    const { body } = await request(api.server).get('/ready').expect(503);
    api.temporal.setAway(false);
    expect(body).toMatchObject({
      code: 'unavailable.temporal',
      context: { database: 'ok', temporal: expect.stringContaining('Temporal at nowhere:1') },
    });
  });

  test('AU-90 the API lives and serves what is stored while Temporal is away', async () => {
    api.temporal.setAway(true);
    const health = await request(api.server).get('/health');
    const list = await request(api.server).get(path);
    const accepted = await request(api.server).post(path).send({ case: 'quiet-night' });
    api.temporal.setAway(false);
    expect([health.status, list.status, accepted.status]).toEqual([200, 200, 202]);
    expect(health.body.checks).toEqual({
      outbox: { status: 'ok' },
      database: { status: 'ok' },
      temporal: { status: 'away', detail: expect.stringContaining('Temporal at nowhere:1') },
    });
  });

  test('RT-89 /health is 503, with the detail of each check, once the process does not do its work any more', async () => {
    let at = Date.now();
    const stuck = await startTestApi({ now: () => at, runs: true });
    const quiet = JSON.stringify({ case: 'quiet-night' });
    const waiting: (() => void)[] = [];
    stuck.temporal.startInvestigation = () => new Promise((resolve) => waiting.push(resolve));
    await request(stuck.server).get('/health').expect(200);
    const headers = { 'content-type': 'application/json' };
    const posted = fetch(`${stuck.url}${path}`, { method: 'POST', headers, body: quiet });
    await waitUntil('the call, and then the outbox, to hang', () => waiting.length === 2);
    await request(stuck.server).get('/health').expect(200);
    at += 301_000;
    const health = await request(stuck.server).get('/health');
    for (const letGo of waiting) letGo();
    expect((await posted).status).toBe(202);
    await stuck.close();
    expect(health.status).toBe(503);
    expect(health.body).toMatchObject({
      code: 'unavailable.stalled',
      context: { checks: { outbox: { status: 'stalled' }, database: { status: 'ok' } } },
    });
  });

  test('GET /metrics counts requests by route and status, and what waits in the outbox', async () => {
    await request(api.server).get(`${path}/inv-none`);
    const { text, headers } = await request(api.server).get('/metrics').expect(200);
    expect(headers['content-type']).toMatch('text/plain');
    expect(text).toMatch(
      /request_duration_seconds_count\{http_request_method="GET",http_route="\/api\/v1\/investigations\/\{id\}",http_response_status_code="404"\} [1-9]/,
    );
    expect(text).toMatch(/holdfast_outbox_size\{kind="starts"\} \d/);
    expect(text).toMatch(/holdfast_investigations\{status="\w+"\} \d/);
    expect(text).not.toContain('inv-none');
  });
});
