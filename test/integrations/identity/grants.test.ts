import { generateKeyPairSync } from 'node:crypto';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { SignJWT } from 'jose';
import type { GrantClaims } from '../../../core/schemas/action.ts';
import {
  ensureGrantKeys,
  readGrantPrivateKey,
  readGrantPublicKey,
} from '../../../integrations/identity/grant-keys.ts';
import { createGrantSigner } from '../../../integrations/identity/sign-grant.ts';
import { createGrantVerifier } from '../../../integrations/identity/verify-grant.ts';
import { withFolder } from './temporary-folder.ts';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const sign = createGrantSigner(privateKey);
const verify = createGrantVerifier(publicKey);

const at = Date.parse('2026-01-01T00:00:00Z');
const claims: GrantClaims = {
  id: 'grant-1',
  person: 'ana',
  actionId: 'act-0001',
  planHash: 'a'.repeat(64),
  decision: 'approve',
  reasonHash: 'b'.repeat(64),
  expiresAt: at + 300_000,
};
const purpose = {
  actionId: claims.actionId,
  planHash: claims.planHash,
  decision: 'approve',
} as const;

describe('a grant', () => {
  test('says who decided what, until when', async () => {
    const grant = await sign(claims, at);
    expect(await verify(grant, at + 1_000, purpose)).toEqual({ ok: true, claims });
    expect(await verify(grant, at + 1_000)).toEqual({ ok: true, claims });
    expect(grant.length).toBeLessThan(1_000);
  });

  test.each([
    ['is missing', async () => undefined, 'there is no grant'],
    ['is empty', async () => '', 'there is no grant'],
    ['is no token', async () => 'approve, please', 'the grant cannot be read'],
    [
      'is signed by another key',
      () => createGrantSigner(generateKeyPairSync('ed25519').privateKey)(claims, at),
      'the signature of the grant is bad',
    ],
    [
      'was altered',
      async () => {
        const [header = '', , signature = ''] = (await sign(claims, at)).split('.');
        const [, other = ''] = (await sign({ ...claims, actionId: 'act-0002' }, at)).split('.');
        return [header, other, signature].join('.');
      },
      'the signature of the grant is bad',
    ],
    [
      'is for another action',
      () => sign({ ...claims, actionId: 'act-0002' }, at),
      'another action',
    ],
    [
      'is for another hash',
      () => sign({ ...claims, planHash: 'b'.repeat(64) }, at),
      'another plan hash',
    ],
    [
      'is for the other decision',
      () => sign({ ...claims, decision: 'reject' }, at),
      'the other decision',
    ],
    ['has expired', () => sign({ ...claims, expiresAt: at + 1_000 }, at), 'the grant has expired'],
  ])('is refused when it %s', async (_what, make, because) => {
    const check = await verify(await make(), at + 1_000, purpose);
    expect(check).toEqual({ ok: false, because: expect.stringContaining(because) });
  });

  test('is not taken from a token that says the right things under another type, issuer or algorithm', async () => {
    const forge = (typ: string, issuer: string) =>
      new SignJWT({
        actionId: claims.actionId,
        planHash: claims.planHash,
        decision: 'approve',
        reasonHash: claims.reasonHash,
      })
        .setProtectedHeader({ alg: 'EdDSA', typ })
        .setIssuer(issuer)
        .setAudience('holdfast-action')
        .setSubject('ana')
        .setJti('grant-1')
        .setIssuedAt(at / 1_000)
        .setExpirationTime(at / 1_000 + 300)
        .sign(privateKey);
    expect((await verify(await forge('holdfast-grant+jwt', 'holdfast-api'), at)).ok).toBe(true);
    expect((await verify(await forge('JWT', 'holdfast-api'), at)).ok).toBe(false);
    expect((await verify(await forge('holdfast-grant+jwt', 'somebody'), at)).ok).toBe(false);
    const [, payload = ''] = (await sign(claims, at)).split('.');
    const unsigned = Buffer.from('{"alg":"none","typ":"holdfast-grant+jwt"}').toString('base64url');
    expect((await verify(`${unsigned}.${payload}.`, at)).ok).toBe(false);
  });
});

describe('ensureGrantKeys', () => {
  test('makes a pair whose private half only the owner may read, and keeps it', async () => {
    await withFolder(async (folder) => {
      const dir = join(folder, 'state');
      const files = await ensureGrantKeys(dir);
      const before = await readFile(files.privateKeyFile, 'utf8');
      expect((await stat(files.privateKeyFile)).mode & 0o777).toBe(0o600);
      expect(await ensureGrantKeys(dir)).toEqual(files);
      expect(await readFile(files.privateKeyFile, 'utf8')).toBe(before);

      const grant = await createGrantSigner(await readGrantPrivateKey(files.privateKeyFile))(
        claims,
        at,
      );
      const check = createGrantVerifier(await readGrantPublicKey(files.publicKeyFile));
      expect((await check(grant, at)).ok).toBe(true);
    });
  });

  test('makes one pair also when several ask at once', async () => {
    await withFolder(async (folder) => {
      const all = await Promise.all(Array.from({ length: 8 }, () => ensureGrantKeys(folder)));
      const [files] = all;
      const signed = await createGrantSigner(
        await readGrantPrivateKey(files?.privateKeyFile ?? ''),
      )(claims, at);
      const check = createGrantVerifier(await readGrantPublicKey(files?.publicKeyFile ?? ''));
      expect((await check(signed, at)).ok).toBe(true);
    });
  });

  test('names the variable and the file of a key that cannot be used', async () => {
    await withFolder(async (folder) => {
      const file = join(folder, 'key.pem');
      await expect(readGrantPrivateKey(file)).rejects.toMatchObject({
        code: 'invalid.config',
        message: expect.stringContaining(
          `HOLDFAST_GRANT_PRIVATE_KEY_FILE names ${file}, which cannot be read`,
        ),
      });
      await writeFile(file, 'hello');
      await expect(readGrantPublicKey(file)).rejects.toThrow('holds no key in PEM');
      const rsa = generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey;
      await writeFile(file, rsa.export({ type: 'pkcs8', format: 'pem' }));
      await expect(readGrantPrivateKey(file)).rejects.toThrow(
        'holds a key of type rsa, not ed25519',
      );
    });
  });
});
