import { AppError } from '../../core/errors.ts';
import type { z } from '../../core/schemas/z.ts';
import { untilAborted } from '../../core/until-aborted.ts';
import type { GoogleClients } from './clients.ts';
import { toAppError } from './failures.ts';

const mostBytes = 50_000_000;

/** A page of a list: what it holds, and the token of the next one; '' when it is the last. */
export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly nextPageToken: string;
}

/** How long one answer is waited for. */
type Patience = Pick<GoogleClients, 'deadlineMs'>;

interface GrpcCall {
  cancelWithStatus(status: number, details: string): void;
}

/**
 * What is passed to a generated client for one request: no retries of its own (the step that asks is retried), no further pages, and an end as soon
 * as `signal` fires.
 */
export function callOptions(signal: AbortSignal) {
  const cancelled = 1;
  return {
    autoPaginate: false,
    retry: { retryCodes: [] },
    otherArgs: {
      options: {
        interceptors: [
          (options: unknown, next: (options: unknown) => GrpcCall): GrpcCall => {
            const call = next(options);
            signal.addEventListener('abort', () => call.cancelWithStatus(cancelled, 'aborted'), {
              once: true,
            });
            return call;
          },
        ],
      },
    },
  };
}

/**
 * Asks one thing of a backend; `send` is handed a signal of its own, which the request may keep, and is not waited for once it has fired: looking for credentials,
 * and the client of BigQuery, take no signal. Rejects with the abort reason when `signal` fires, else with an error of ours that names what was `asked`:
 * `timeout.backend` where no answer came in time.
 */
export async function ask<Answer>(
  { deadlineMs }: Patience,
  asked: string,
  signal: AbortSignal,
  send: (signal: AbortSignal) => Promise<Answer>,
): Promise<Answer> {
  signal.throwIfAborted();
  const own = new AbortController();
  const abort = (): void => own.abort(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  const late = new AppError('timeout.backend', `${asked} gave no answer within ${deadlineMs} ms`);
  const timer = setTimeout(() => own.abort(late), deadlineMs);
  try {
    return await untilAborted(send(own.signal), own.signal);
  } catch (error) {
    signal.throwIfAborted();
    throw own.signal.aborted ? late : toAppError(error, asked);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
  }
}

/** Reads what was answered; `unavailable.backend` where it has another shape. */
export function readAnswer<Schema extends z.ZodType>(
  schema: Schema,
  answer: unknown,
  asked: string,
): z.output<Schema> {
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const where = issue?.path.join('.') ?? '';
  throw new AppError(
    'unavailable.backend',
    `the answer to ${asked} has another shape: ${where}: ${issue?.message}`,
  );
}

/** Asks a REST API for JSON; answers of at most 50 MB are read. */
export async function askJson(
  clients: GoogleClients,
  request: {
    readonly asked: string;
    readonly url: URL;
    readonly form?: URLSearchParams;
    readonly signal: AbortSignal;
  },
): Promise<unknown> {
  const { asked, url, form, signal } = request;
  return ask(clients, asked, signal, async (own) => {
    const response = await fetch(url, {
      headers: await clients.headers(),
      ...(form === undefined ? {} : { method: 'POST', body: form }),
      redirect: 'error',
      signal: own,
    });
    const text = await readText(response, asked);
    const body: unknown = parse(text, asked, response.status);
    if (response.ok) return body;
    throw Object.assign(new Error(`HTTP ${response.status}`), errorOf(body, response.status));
  });
}

function errorOf(body: unknown, status: number): object {
  const error = (body as { readonly error?: unknown } | null)?.error;
  return typeof error === 'object' && error !== null
    ? { code: status, ...error }
    : { code: status };
}

function parse(text: string, asked: string, status: number): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const said = text.slice(0, 80);
    throw new AppError(
      'unavailable.backend',
      `${asked} was answered with HTTP ${status} and no JSON: ${said}`,
      { cause: error },
    );
  }
}

async function readText(response: Response, asked: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    if (bytes > mostBytes) {
      throw new AppError(
        'unavailable.backend',
        `${asked} was answered with over ${mostBytes} bytes`,
      );
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

/** Pages without a row, one after another, after which the rest is given up. */
const mostEmptyPages = 20;

/** Rows of one list, and why not all of them were read; null when they were. */
export interface ReadRows<Row> {
  readonly rows: readonly Row[];
  readonly left: string | null;
}

/**
 * Reads a list page by page until it ends or `limit` rows are there; gives up on a backend that sends page after page with nothing in it. `comesFirst` says which
 * rows a list begins with, for the words about those that were left.
 */
export async function readPages<Row>(
  limit: number,
  readPage: (pageToken: string) => Promise<Page<Row>>,
  comesFirst: 'first' | 'last' = 'first',
): Promise<ReadRows<Row>> {
  const rows: Row[] = [];
  let pageToken = '';
  let emptyPages = 0;
  do {
    const page = await readPage(pageToken);
    for (const row of page.rows) rows.push(row);
    pageToken = page.nextPageToken;
    emptyPages = page.rows.length === 0 ? emptyPages + 1 : 0;
    if (emptyPages > mostEmptyPages && pageToken !== '') {
      return { rows, left: `the backend sent ${emptyPages} empty pages one after another` };
    }
  } while (pageToken !== '' && rows.length < limit);
  const isCut = pageToken !== '' || rows.length > limit;
  return {
    rows: rows.slice(0, limit),
    left: isCut ? `more than ${limit} rows; only the ${comesFirst} ${limit} were read` : null,
  };
}
