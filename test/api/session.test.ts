import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import request from 'supertest';
import { plan, planHash } from '../store/samples.ts';
import { startTestApi, token } from './support/api.ts';
import type { TestApi } from './support/api.ts';
import { propose } from './support/story.ts';

const minuteMs = 60_000;
let at = Date.parse('2026-11-21T12:00:00Z');
let api: TestApi;
let number = 0;

beforeAll(async () => {
  api = await startTestApi({ now: () => at });
});

afterAll(() => api.close());

async function issueCode(): Promise<string> {
  const { body } = await request(api.server)
    .post('/api/v1/session/codes')
    .set('Authorization', `Bearer ${token}`)
    .expect(201);
  return body.code;
}

const exchange = (code: string) => request(api.server).post('/api/v1/session').send({ code });

async function openSession(): Promise<string> {
  const { headers } = await exchange(await issueCode()).expect(200);
  return String(headers['set-cookie']);
}

const nameAndValue = (cookie: string): string => cookie.split(';')[0] ?? '';

async function proposed(): Promise<string> {
  const { body } = await request(api.server)
    .post('/api/v1/investigations')
    .send({ case: 'quiet-night' })
    .expect(202);
  number += 1;
  const actionId = `act-session-${number}`;
  const expiresAt = '2999-01-01T00:00:00.000Z';
  await propose(api.store, { ...plan(body.id, actionId), expiresAt }, planHash);
  return actionId;
}

describe('a link with a code', () => {
  test('opens a session of the person who asked for it, out of reach for scripts and other sites', async () => {
    const cookie = await openSession();
    expect(cookie).toMatch(
      /^holdfast_session=[\w-]{43}; Path=\/; Max-Age=43200; HttpOnly; SameSite=Strict$/,
    );
    const { body } = await request(api.server)
      .get('/api/v1/session')
      .set('Cookie', nameAndValue(cookie))
      .expect(200);
    expect(body).toEqual({ person: 'ana' });
  });

  test('is good for one browser only, also when two come at once', async () => {
    const code = await issueCode();
    const answers = await Promise.all([1, 2, 3].map(() => exchange(code)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(2);
    const refused = answers.find(({ status }) => status === 401);
    expect(refused?.body).toMatchObject({ code: 'unauthenticated.code' });
    expect(refused?.headers).not.toHaveProperty('set-cookie');
  });

  test('is good for ten minutes, and a session for twelve hours', async () => {
    const [early, late] = [await issueCode(), await issueCode()];
    at += 9 * minuteMs;
    const { headers } = await exchange(early).expect(200);
    at += minuteMs;
    await exchange(late).expect(401);
    const cookie = nameAndValue(String(headers['set-cookie']));
    const ask = () => request(api.server).get('/api/v1/session').set('Cookie', cookie);
    at += 718 * minuteMs;
    expect((await ask()).body).toEqual({ person: 'ana' });
    at += minuteMs;
    expect((await ask()).body).toEqual({ person: null });
  });

  test('is had by people only, and neither it nor the session is kept or logged as it is', async () => {
    await request(api.server).post('/api/v1/session/codes').expect(401);
    const code = await issueCode();
    const { headers } = await exchange(code).expect(200);
    const session = /=([\w-]+);/.exec(String(headers['set-cookie']))?.[1] ?? '';
    expect(session).not.toBe('');
    expect(api.log()).not.toContain(code);
    expect(api.log()).not.toContain(session);
    expect(await api.store.sessions.personOf(session, at)).toBeNull();
  });
});

describe('deciding with a session', () => {
  const decide = (actionId: string, cookie: string) =>
    request(api.server)
      .post(`/api/v1/actions/${actionId}/decision`)
      .set('Cookie', nameAndValue(cookie))
      .send({ decision: 'approve', planHash });

  test('counts as with a token, for requests that come from a page of this server', async () => {
    const actionId = await proposed();
    const cookie = await openSession();
    const { body } = await decide(actionId, cookie)
      .set('Origin', api.url)
      .set('Host', hostOf())
      .expect(202);
    expect(body).toMatchObject({ actionId, decision: 'approve', person: 'ana' });
  });

  test.each([
    ['a page of someone else', 'http://evil.example', 403, 'forbidden.host'],
    ['a page without an address', 'null', 403, 'forbidden.host'],
    ['no page at all', null, 401, 'unauthenticated.token'],
  ])('does not count for requests that come from %s', async (_name, origin, status, code) => {
    const posted = decide(await proposed(), await openSession()).set('Host', hostOf());
    const { body } = await (origin === null ? posted : posted.set('Origin', origin)).expect(status);
    expect(body).toMatchObject({ code });
  });

  test.each(['holdfast_session=', 'holdfast_session=short', `holdfast_session=${'a'.repeat(43)}`])(
    'takes nobody for somebody by the cookie %p',
    async (cookie) => {
      const posted = decide(await proposed(), cookie)
        .set('Origin', api.url)
        .set('Host', hostOf());
      const { body } = await posted.expect(401);
      expect(body).toMatchObject({ code: 'unauthenticated.token' });
    },
  );
});

describe('beyond loopback', () => {
  test('a browser may enter by a code, and sees nothing before', async () => {
    const own = await startTestApi({
      config: { host: '0.0.0.0', allowedHosts: ['127.0.0.1'] },
    });
    await request(own.server).get('/api/v1/investigations').expect(401);
    const issued = await request(own.server)
      .post('/api/v1/session/codes')
      .set('Authorization', `Bearer ${token}`)
      .expect(201);
    const entered = await request(own.server)
      .post('/api/v1/session')
      .set('Origin', 'https://127.0.0.1')
      .set('Host', '127.0.0.1')
      .send({ code: issued.body.code })
      .expect(200);
    const cookie = String(entered.headers['set-cookie']);
    expect(cookie).toMatch(/; Secure$/);
    await request(own.server)
      .get('/api/v1/investigations')
      .set('Cookie', nameAndValue(cookie))
      .expect(200);
    await own.close();
  });
});

function hostOf(): string {
  return new URL(api.url).host;
}
