import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { maskAttribute, maskSecrets } from '../../../../core/safety/masking/mask-secrets.ts';
import { projectRoot } from '../../../../scripts/project-root.ts';
import { createRandom } from '../../analysis/random.ts';
import { secretCorpus } from './secret-corpus.ts';
import type { Pick } from './secret-corpus.ts';
import { leastCpuMs } from '../../../support/cpu-ms.ts';

const masked = (text: string): string => maskSecrets(text).text;

const random = createRandom(11);
const pick: Pick = (length, alphabet = 'abc123') =>
  Array.from({ length }, () => alphabet[Math.floor(random() * alphabet.length)]).join('');

describe('maskSecrets', () => {
  test.each(secretCorpus)('lets nothing of 25 secrets through: $name', ({ secret, text }) => {
    for (let count = 0; count < 25; count += 1) {
      const planted = secret(pick);
      const given = text(planted);
      const after = maskSecrets(given);
      const grouped = planted.replaceAll(/(\d{4})(?=\d)/g, '$1 ');
      const pieces = [planted.slice(0, 8), planted.slice(-8), grouped];
      const left = pieces.filter((piece) => after.text.includes(piece));
      expect({ given, after: after.text, left }).toMatchObject({ left: [] });
      expect(after.masked).toBeGreaterThan(0);
    }
  });

  test.each([
    ['password=hunter2 user=bob', 'password=⟨secret:password⟩ user=bob'],
    ['Authorization: Bearer abcDEF123456 to host', 'Authorization: ⟨secret:authorization⟩ to host'],
    ['postgres://u:p/w@db:5432/x?y=1', 'postgres://u:⟨secret:password⟩@db:5432/x?y=1'],
    ['Password=s3,cr;et;Database=y', 'Password=⟨secret:password⟩;Database=y'],
    ['f(password="a \\"b", 2)', 'f(password="⟨secret:password⟩", 2)'],
    ['set-cookie: id=1; Path=/; Secure, next', 'set-cookie: ⟨secret:cookie⟩, next'],
    ['card 4111-1111-1111-1111.', 'card ⟨secret:card⟩.'],
  ])('takes the secret and leaves the rest: %j', (given, after) => {
    expect(masked(given)).toBe(after);
  });

  test.each([
    '2026-11-20T10:07:00.123Z INFO checkout POST /checkout 201 83 ms order=ord-54b8730b',
    'trace_id=5b8efff798038103d269b633813fc60c span_id=eee19b7ec3c1b174',
    'id 3f2504e0-4f89-11d3-9a0c-0305e82c3301 at 1795165200000000000 ns, 1795165200000 ms',
    'token: expired',
    'invalid password: user not found',
    'password: is required',
    'the access token is missing',
    'Unexpected token: }',
    'tokens=1532 max_tokens: 4096 input_tokens=12',
    'PWD=/srv/app HOME=/root',
    'GOOGLE_APPLICATION_CREDENTIALS=/etc/gcp/key.json',
    'cache key: sessions:v1, primary key=12',
    'pass: 12, fail: 3',
    'bypass=true compass=north',
    'session.id=5f1c7c1e8b6d4f0e',
    'GET http://gateway:8080/items?x=a@b 200',
    'sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    'image registry.example/shop/checkout@sha256:2c26b46b68ffc68ff99b453c1d304134',
    'Bearer authentication is needed; basic authentication is not enough',
    'task-scheduler risk-assessment disk-usage-of-node-17-is-high-now',
    'blk_-4608999687919862906 replicated to 10.251.43.21:50010',
    'card 4111 1111 1111 1112 has a wrong check digit',
    '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----',
    'at Object.<anonymous> (/srv/app/token.ts:12:5)',
    'k8s.secret.name=shop-tls secrets "db" not found',
    '',
  ])('leaves an ordinary line alone: %j', (line) => {
    expect(maskSecrets(line)).toEqual({ text: line, masked: 0 });
  });

  test('leaves every text in the spans and logs of a recorded incident alone', () => {
    for (const name of ['logs.jsonl.gz', 'traces.jsonl.gz']) {
      const file = join(projectRoot(), 'examples', 'incidents', 'shop-0b24', name);
      const content = gunzipSync(readFileSync(file)).toString('utf8');
      const texts = Array.from(
        content.matchAll(/"(?:stringValue|body)":"([^"]*)"/g),
        ([, text = '']) => text,
      );
      expect(texts.filter((text) => maskSecrets(text).masked > 0)).toEqual([]);
      expect(texts.length).toBeGreaterThan(1_000);
    }
  });

  test('changes nothing in what is masked already', () => {
    const part = fc.oneof(
      ...secretCorpus.map(({ secret, text }) => fc.constant(text(secret(pick)))),
      fc.constantFrom('password=', 'token: ', '"', "'", '\\', ';', '&', ' ', '://', '@', '--', ':'),
      fc.constantFrom('⟨secret:token⟩', '⟨secret:', '⟩', 'Bearer ', 'cookie: a=', '<', '>', '-'),
      fc.string({ maxLength: 6 }),
    );
    const text = fc.array(part, { maxLength: 8 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, (given) => {
        const once = masked(given);
        expect(masked(once)).toBe(once);
      }),
      { numRuns: 500 },
    );
  });

  test('is not led astray by what only looks like a marker', () => {
    expect(masked('password=⟨secret:hunter2⟩')).toBe('password=⟨secret:password⟩');
    expect(masked('password=⟨secret:token⟩hunter2')).toBe('password=⟨secret:password⟩');
  });

  test.each([
    ...[
      'password=',
      'token="',
      "token='",
      'token=',
      'cookie: a=b; ',
      'sk-',
      'eyJ',
      'eyJ.',
      'bearer ',
    ],
    ...[
      '://',
      'a://b:',
      'a://b:c/',
      '"',
      '\\',
      '4111 ',
      '-----BEGIN ',
      '<token>',
      ':token>',
      '--pass ',
    ],
    ...['authorization: bearer ', 'token=a,', 'token=a;b', '⟨secret:', '%3D', 'basic a', '1234:AA'],
  ])('needs no more than linear time on %j repeated', (part) => {
    const millisecondsFor = (length: number): number => {
      const text = part.repeat(length / part.length);
      return leastCpuMs(() => maskSecrets(text));
    };
    millisecondsFor(4_000);
    expect(millisecondsFor(40_000)).toBeLessThan(40 * millisecondsFor(4_000) + 5);
  });
});

describe('maskAttribute', () => {
  test.each([
    ['http.request.header.authorization', 'Bearer x', '⟨secret:authorization⟩'],
    ['http.request.header.cookie', 'theme=dark', '⟨secret:cookie⟩'],
    ['db.password', 'hunter2', '⟨secret:password⟩'],
    ['userApiKey', 'abc', '⟨secret:key⟩'],
    ['url.full', 'https://a:b@c/d', 'https://a:⟨secret:password⟩@c/d'],
    ['url.query', 'page=2&access_token=abc123def456', 'page=2&access_token=⟨secret:token⟩'],
    ['db.password', '⟨secret:password⟩', '⟨secret:password⟩'],
  ])('of %s masks %j as %j', (name, value, after) => {
    expect(maskAttribute(name, value)).toMatchObject({ text: after });
  });

  test.each([
    ['session.id', '5f1c7c1e8b6d4f0e'],
    ['http.route', '/token/{id}'],
    ['gen_ai.token.type', 'input'],
    ['feature.auth', 'enabled'],
    ['k8s.pod.name', 'payments-7d9f8c6b5-x2x4z'],
  ])('leaves %s = %j alone', (name, value) => {
    expect(maskAttribute(name, value)).toEqual({ text: value, masked: 0 });
  });
});
