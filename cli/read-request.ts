import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { AppError } from '../core/errors.ts';
import {
  investigationRequestSchema,
  type InvestigationRequest,
} from '../core/schemas/investigation.ts';
import { entityTextSchema } from '../core/schemas/case-export.ts';
import type { Entity } from '../core/schemas/primitives.ts';
import { askRequest } from './ask-request.ts';
import type { Io } from './io.ts';

/** Where a request can come from, and what is said beside it. */
export interface RequestOptions {
  readonly case?: string;
  /** A file with the request in YAML or JSON; `-` is standard input. */
  readonly file?: string;
  /** The request itself, as JSON. */
  readonly input?: string;
  readonly question?: string;
  /** `KIND:NAME` of who hurts, and how far to look back, where there is no case. */
  readonly entity?: string;
  readonly since?: string;
  readonly rounds?: number;
  readonly calls?: number;
  readonly seconds?: number;
}

export const manifestName = 'incident.yaml';
const largestBytes = 1_000_000;

/**
 * Gives the request that the options describe: a file, JSON or a case, else what the person at the terminal answers; single options win over what a
 * file says. Rejects with `invalid.request`, naming file and field.
 */
export async function readRequest(io: Io, options: RequestOptions): Promise<InvestigationRequest> {
  const { file, input } = options;
  if (file !== undefined && input !== undefined) {
    throw new AppError('invalid.request', 'Give one request: --file or --input, not both.');
  }
  if (file !== undefined) {
    const name = file === '-' ? 'standard input' : file;
    return checkRequest(name, await readText(io, file, name), options);
  }
  if (input !== undefined) return checkRequest('--input', input, options);
  const isNamed = [options.case, options.question, options.entity, options.since].some(
    (one) => one !== undefined,
  );
  if (isNamed) return withOptions({}, options);
  if (io.stdin.isTTY && io.stderr.isTTY) return withOptions(await askRequest(io), options);
  throw new AppError(
    'invalid.request',
    'Name what to investigate: --case DIR or NAME, --file FILE (- is standard input), --input JSON, --cases DIR for all in a folder, or, of what was received, a question, --entity KIND:NAME or --since LENGTH.',
  );
}

async function readText(io: Io, file: string, name: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    const source = file === '-' ? io.stdin : (await open(file)).createReadStream();
    for await (const chunk of source as AsyncIterable<Uint8Array>) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > largestBytes) throw new Error(`it is larger than ${largestBytes} bytes`);
    }
  } catch (error) {
    throw new AppError('invalid.request', `${name} cannot be read: ${messageOf(error)}`, {
      cause: error,
    });
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** JSON is YAML, so one parser reads both. */
function checkRequest(name: string, text: string, options: RequestOptions): InvestigationRequest {
  let value: unknown;
  try {
    value = parse(text, { maxAliasCount: 10 });
  } catch (error) {
    throw new AppError(
      'invalid.request',
      `${name} is neither YAML nor JSON: ${messageOf(error).split('\n', 1)[0]}`,
      { cause: error },
    );
  }
  if (value === null || value === undefined) {
    throw new AppError('invalid.request', `${name} is empty; --template prints a request`);
  }
  return withOptions(parseRequest(name, value), options);
}

function parseRequest(name: string, value: unknown): InvestigationRequest {
  const parsed = investigationRequestSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) =>
    path.length === 0 ? message : `${path.map(String).join('.')}: ${message}`,
  );
  throw new AppError('invalid.request', `${name}: ${problems.join('; ')}`);
}

function withOptions(request: InvestigationRequest, options: RequestOptions): InvestigationRequest {
  const budget: NonNullable<InvestigationRequest['budget']> = {
    ...request.budget,
    ...(options.rounds === undefined ? {} : { rounds: options.rounds }),
    ...(options.calls === undefined ? {} : { calls: options.calls }),
    ...(options.seconds === undefined ? {} : { wallMs: options.seconds * 1_000 }),
  };
  const reference = options.case ?? request.case;
  return parseRequest('The request', {
    ...request,
    ...(reference === undefined ? {} : { case: caseReference(reference) }),
    ...(options.question === undefined ? {} : { question: options.question }),
    ...(options.entity === undefined ? {} : { entity: readEntity(options.entity) }),
    ...(options.since === undefined ? {} : { since: options.since }),
    ...(Object.keys(budget).length === 0 ? {} : { budget }),
  });
}

function readEntity(text: string): Entity {
  const parsed = entityTextSchema.safeParse(text);
  if (parsed.success) return parsed.data;
  const says = parsed.error.issues[0]?.message ?? 'cannot be read';
  throw new AppError('invalid.request', `--entity ${text}: ${says}`);
}

/** A folder is given to the API by its absolute path; what is no folder here is a name that the API knows. */
function caseReference(given: string): string {
  const looksLikePath =
    given.includes('/') || given.startsWith('.') || existsSync(join(given, manifestName));
  return looksLikePath ? resolve(given) : given;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
