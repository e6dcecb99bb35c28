import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { chmod, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '../../core/errors.ts';
import { z } from '../../core/schemas/z.ts';
import { placeFile, privateMode } from './private-file.ts';

/** A person who may decide, known by the hash of a token. */
export interface PersonToken {
  readonly person: string;
  /** SHA-256 of the token, hexadecimal. */
  readonly sha256: string;
}

const tokenPattern = /^hf_[A-Za-z0-9_-]{43}$/;
const personSchema = z
  .string()
  .regex(
    /^[\p{L}\p{N}][\p{L}\p{N}._@+-]{0,199}$/u,
    'is no name: letters, digits and . _ @ + - without blanks',
  );
const hashSchema = z.string().regex(/^[0-9a-f]{64}$/, 'is no SHA-256 in hexadecimal, lower case');
const tokensSchema = z.strictObject({
  tokens: z.array(z.strictObject({ person: personSchema, sha256: hashSchema })).max(10_000),
});

const besideName = 'tokens.json';
const variable = 'HOLDFAST_TOKENS_FILE';

/**
 * Makes sure that `dir/token` (mode 600) holds a token of `person`: `hf_` and 256 random bits. `dir/tokens.json` says whose it is, by its hash. A token
 * that is there is kept. Gives the path of the token. Rejects with `invalid.config` when the file holds something else.
 */
export async function ensureToken(dir: string, person: string): Promise<string> {
  const file = join(dir, 'token');
  const fresh = `hf_${randomBytes(32).toString('base64url')}`;
  await placeFile(file, `${fresh}\n`, { mode: privateMode, keep: true });
  await chmod(file, privateMode);
  const token = (await readFile(file, 'utf8')).trim();
  if (!tokenPattern.test(token)) {
    throw new AppError(
      'invalid.config',
      `${file} holds no token of ours; delete it to get a new one`,
    );
  }
  const entry = { person: personOf(person), sha256: hashOf(token) };
  const text = `${JSON.stringify({ tokens: [entry] }, null, 2)}\n`;
  await placeFile(join(dir, besideName), text, { mode: privateMode, keep: false });
  return file;
}

/**
 * Reads who holds which token: lines of a name and a SHA-256 (`#` begins a comment), the `tokens.json` that `ensureToken` writes, or the file of the token
 * beside it. Rejects with `invalid.config`, naming the line at fault; also when there is not one token.
 */
export async function readTokens(file: string): Promise<readonly PersonToken[]> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw refuse(file, 'cannot be read', error);
  });
  const tokens = tokenPattern.test(text.trim())
    ? await readBeside(file, text.trim())
    : text.trimStart().startsWith('{')
      ? parseJson(file, text)
      : parseLines(file, text);
  if (tokens.length === 0) throw refuse(file, 'holds no token');
  return tokens;
}

/** Makes the function that tells whose token an `Authorization` header carries; null when nobody's. Takes the same time for every wrong token. */
export function createIdentifier(
  tokens: readonly PersonToken[],
): (header: string | undefined) => string | null {
  const known = tokens.map(({ person, sha256 }) => ({ person, hash: Buffer.from(sha256, 'hex') }));
  return (header) => {
    const given = /^Bearer +([!-~]{1,500})$/i.exec(header ?? '')?.[1];
    if (given === undefined) return null;
    const hash = createHash('sha256').update(given).digest();
    let found: string | null = null;
    for (const one of known) if (timingSafeEqual(one.hash, hash)) found = one.person;
    return found;
  };
}

async function readBeside(file: string, token: string): Promise<readonly PersonToken[]> {
  const beside = join(dirname(file), besideName);
  const text = await readFile(beside, 'utf8').catch((error: unknown) => {
    throw refuse(
      file,
      `holds a token, but ${beside}, which says whose it is, cannot be read`,
      error,
    );
  });
  const own = parseJson(beside, text).filter(({ sha256 }) => sha256 === hashOf(token));
  if (own.length === 0) throw refuse(file, `holds a token, but ${beside} does not say whose it is`);
  return own;
}

function parseJson(file: string, text: string): readonly PersonToken[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw refuse(file, 'is not JSON');
  }
  const parsed = tokensSchema.safeParse(json);
  if (parsed.success) return parsed.data.tokens;
  const [issue] = parsed.error.issues;
  throw refuse(file, `is wrong at ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`);
}

function parseLines(file: string, text: string): readonly PersonToken[] {
  return text.split('\n').flatMap((line, index) => {
    const [person, sha256, ...rest] = line.replace(/#.*/, '').trim().split(/\s+/);
    if (person === undefined || person === '') return [];
    const name = personSchema.safeParse(person);
    const hash = hashSchema.safeParse(sha256);
    const says = !name.success
      ? 'the first word is no name'
      : !hash.success
        ? 'the second word is no SHA-256 in hexadecimal, lower case'
        : 'there is a third word';
    if (!name.success || !hash.success || rest.length > 0) {
      throw refuse(file, `is wrong in line ${index + 1}: ${says}`);
    }
    return [{ person: name.data, sha256: hash.data }];
  });
}

/** The name of a user of the operating system may hold what no name of ours may. */
function personOf(name: string): string {
  const plain = name.replaceAll(/[^\p{L}\p{N}._@+-]/gu, '-').replace(/^[^\p{L}\p{N}]+/u, '');
  return plain === '' ? 'somebody' : plain.slice(0, 200);
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

function refuse(file: string, says: string, cause?: unknown): AppError {
  return new AppError(
    'invalid.config',
    `${variable} names ${file}, which ${says}; write a line for each person: NAME SHA256-OF-TOKEN`,
    { cause },
  );
}
