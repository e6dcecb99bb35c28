import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../core/errors.ts';
import { placeFile, privateMode } from './private-file.ts';

export interface GrantKeyFiles {
  /** Mode 600; for the API alone. */
  readonly privateKeyFile: string;
  readonly publicKeyFile: string;
}

/**
 * Makes sure that `dir` holds a key pair for grants (Ed25519, PEM), and says where. A private key that is there is kept, also when two make one at the
 * same time; the public half is always derived from it, so the two belong together.
 */
export async function ensureGrantKeys(dir: string): Promise<GrantKeyFiles> {
  const privateKeyFile = join(dir, 'grant-private.pem');
  const publicKeyFile = join(dir, 'grant-public.pem');
  const fresh = generateKeyPairSync('ed25519', {
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  await placeFile(privateKeyFile, fresh.privateKey, { mode: privateMode, keep: true });
  const publicKey = createPublicKey(await readGrantPrivateKey(privateKeyFile));
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  await placeFile(publicKeyFile, pem, { mode: 0o644, keep: false });
  return { privateKeyFile, publicKeyFile };
}

/** Reads the key that signs grants. Rejects with `invalid.config` when the file holds none, or another kind. */
export function readGrantPrivateKey(file: string): Promise<KeyObject> {
  return readKey('HOLDFAST_GRANT_PRIVATE_KEY_FILE', file, createPrivateKey);
}

/** Reads the key that verifies grants. Rejects with `invalid.config` when the file holds none, or another kind. */
export function readGrantPublicKey(file: string): Promise<KeyObject> {
  return readKey('HOLDFAST_GRANT_PUBLIC_KEY_FILE', file, createPublicKey);
}

async function readKey(
  variable: string,
  file: string,
  create: (pem: string) => KeyObject,
): Promise<KeyObject> {
  const refuse = (says: string, cause?: unknown): AppError =>
    new AppError(
      'invalid.config',
      `${variable} names ${file}, which ${says}; make one with \`openssl genpkey -algorithm ed25519\``,
      { cause },
    );
  const pem = await readFile(file, 'utf8').catch((error: unknown) => {
    throw refuse('cannot be read', error);
  });
  let key: KeyObject;
  try {
    // Not the cause: it may quote the key.
    key = create(pem);
  } catch {
    throw refuse('holds no key in PEM');
  }
  if (key.asymmetricKeyType !== 'ed25519') {
    throw refuse(`holds a key of type ${key.asymmetricKeyType ?? 'unknown'}, not ed25519`);
  }
  return key;
}
