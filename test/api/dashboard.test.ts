import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import request from 'supertest';
import { startTestApi } from './support/api.ts';
import type { TestApi } from './support/api.ts';

let api: TestApi;

beforeAll(async () => {
  api = await startTestApi();
});

afterAll(() => api.close());

describe('the pages of investigations', () => {
  test('have one document, with a policy that lets no inline script run', async () => {
    const { headers, text } = await request(api.server).get('/investigations/inv-1').expect(200);
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("script-src 'self';");
    expect(policy).not.toContain('unsafe');
    const nonce = /style-src 'self' 'nonce-([^']+)'/.exec(policy)?.[1] ?? 'none';
    expect(text).toContain(`<meta property="csp-nonce" nonce="${nonce}" />`);
    expect(text).not.toContain('__nonce__');
    expect(text).not.toMatch(/<script(?![^>]*\bsrc=)/);
  });

  test('allow styles by a value that no two answers share', async () => {
    const policies = await Promise.all(
      [1, 2].map(() => request(api.server).get('/investigations/inv-1')),
    );
    const [one, other] = policies.map(({ headers }) => headers['content-security-policy']);
    expect(one).not.toBe(other);
  });

  test('come with files that browsers keep for good, packed for who can unpack', async () => {
    const file = request(api.server).get('/assets/app-1.js');
    const packed = await file.set('Accept-Encoding', 'gzip').expect(200);
    expect(packed.headers).toMatchObject({
      'cache-control': 'public, max-age=31536000, immutable',
      'content-encoding': 'gzip',
      'content-type': expect.stringContaining('text/javascript'),
    });
    expect(packed.text).toBe("document.title = 'Pages';\n");
    const plain = await request(api.server)
      .get('/assets/app-1.js')
      .set('Accept-Encoding', 'identity')
      .expect(200);
    expect(plain.headers).not.toHaveProperty('content-encoding');
    expect(plain.text).toBe(packed.text);
  });

  test('give a problem for what is no page and no file of theirs', async () => {
    for (const path of ['/assets/none.js', '/assets/../index.html', '/investigations/a/b']) {
      const { body } = await request(api.server).get(path).expect(404);
      expect(body).toMatchObject({ code: 'not-found.route' });
    }
  });
});
