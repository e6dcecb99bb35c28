import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { parseDocument } from 'yaml';
import { serviceRegistrySchema } from '../../config/service-registry.ts';
import { AppError } from '../../core/errors.ts';

/** A service whose `/ops/*` endpoints may be called. */
export interface OpsService {
  readonly name: string;
  readonly url: string;
  readonly token: string;
}

const maxBytes = 1_048_576;
const variable = 'HOLDFAST_SERVICES';
/** What may stand in a header; a blank or line break in a token is a slip of the editor. */
const tokenPattern = /^[!-~]{1,1000}$/;

/**
 * Reads the service registry from a YAML or JSON file; token files are found from its folder. Rejects with `invalid.config`, naming file, entry, what is
 * wrong and what to do, for anything that cannot be used. No message holds a token.
 */
export async function readServices(file: string): Promise<readonly OpsService[]> {
  const parsed = serviceRegistrySchema.safeParse(parse(file, await readText(file)));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw refuse(file, `${entryOf(issue?.path ?? [])} ${issue?.message ?? 'is wrong'}`);
  }
  return Promise.all(
    parsed.data.services.map(async ({ name, url, token, tokenFile }) => {
      const given = token ?? (await readToken(file, name, tokenFile ?? ''));
      if (!tokenPattern.test(given)) {
        throw refuse(
          file,
          `the token of ${name} is empty, or has blanks or other than ASCII in it`,
        );
      }
      return { name, url, token: given };
    }),
  );
}

async function readText(file: string): Promise<string> {
  const bytes = await readFile(file).catch((error: unknown) => {
    throw refuse(file, 'cannot be read', error);
  });
  if (bytes.length > maxBytes) throw refuse(file, `is larger than ${maxBytes} bytes`);
  return bytes.toString('utf8');
}

function parse(file: string, text: string): unknown {
  const document = parseDocument(text, { version: '1.2', schema: 'core' });
  const [broken] = document.errors;
  if (broken !== undefined) {
    const line = broken.linePos?.[0].line;
    throw refuse(file, `is neither YAML nor JSON${line === undefined ? '' : ` in line ${line}`}`);
  }
  try {
    return document.toJS({ maxAliasCount: 20 });
  } catch {
    throw refuse(file, 'has too many aliases');
  }
}

async function readToken(registry: string, name: string, tokenFile: string): Promise<string> {
  const path = resolve(dirname(registry), tokenFile);
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw refuse(registry, `the tokenFile of ${name}, ${path}, cannot be read`, error);
  });
  return text.trim();
}

/** Names the place of an issue: `services[1].url:`. */
function entryOf(path: readonly PropertyKey[]): string {
  const place = path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '');
  return place === '' ? 'the whole:' : `${place}:`;
}

function refuse(file: string, says: string, cause?: unknown): AppError {
  return new AppError(
    'invalid.config',
    `${variable} names ${file}: ${says}; each entry of "services" has name, url, and token or tokenFile`,
    { cause },
  );
}
