import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { parseArgs } from 'node:util';
import { broken, readScenario } from './models/broken.ts';
import { competent } from './models/competent.ts';
import { hijacked } from './models/hijacked.ts';
import { mediocre } from './models/mediocre.ts';
import { readPrompt } from './prompt.ts';
import type { Prompt } from './prompt.ts';
import { googleError } from './reply.ts';
import type { Reply } from './reply.ts';
import { problemOf, requestSchema, signatureOf } from './wire.ts';
import type { Part } from './wire.ts';

/**
 * A local Gemini: a process of its own that speaks the REST shape of the Gemini API and of Vertex AI. Its models are rules over the text of the prompt:
 * `competent`, `mediocre`, `hijacked`, and `broken-NAME` for each file of `scenarios/`. `GET /counts` tells how often each was asked, and by which clients,
 * `GET /prompts` what they were told last.
 * `tsx examples/local-gemini/server.ts [--port N]`; the first line on standard output is its address. It ends when its standard input does.
 */

const scripts: Readonly<Record<string, (prompt: Prompt) => Reply>> = {
  competent,
  mediocre,
  hijacked,
};
const counts = new Map<string, number>();
const clients = new Map<string, number>();
const prompts: (Prompt & { readonly model: string })[] = [];
const mostPrompts = 500;
let connections = 0;
const paths = [
  /^\/v1(?:beta)?\/models\/([A-Za-z0-9._-]+):(\w+)$/,
  /^\/v1beta1\/projects\/[^/]+\/locations\/[^/]+\/publishers\/google\/models\/([A-Za-z0-9._-]+):(\w+)$/,
];
const maxBodyBytes = 8_000_000;
const bytesPerToken = 4;

async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://localhost');
  if (url.pathname === '/counts') {
    return sendJson(response, {
      connections,
      models: Object.fromEntries(counts),
      clients: Object.fromEntries(clients),
    });
  }
  if (url.pathname === '/prompts') return sendJson(response, prompts);
  const [, model, method] =
    paths.map((path) => path.exec(url.pathname)).find((found) => found !== null) ?? [];
  if (request.method !== 'POST' || model === undefined) {
    return send(response, googleError(404, 'NOT_FOUND'), null);
  }
  if (!hasCredentials(request)) return send(response, googleError(401, 'UNAUTHENTICATED'), null);
  const text = await readBody(request);
  if (method === 'countTokens') return sendJson(response, { totalTokens: tokensOf(text) });
  if (method !== 'generateContent' && method !== 'streamGenerateContent') {
    return send(response, googleError(404, 'NOT_FOUND'), null);
  }
  const before = counts.get(model) ?? 0;
  counts.set(model, before + 1);
  const client = request.headers['user-agent']?.split('/')[0] ?? 'unknown';
  clients.set(client, (clients.get(client) ?? 0) + 1);
  const stream =
    method === 'streamGenerateContent' ? { isSse: url.searchParams.get('alt') === 'sse' } : null;
  const asked = { model, inputTokens: tokensOf(text) };
  send(response, replyTo(text, model, before), { ...asked, stream });
}

function replyTo(text: string, model: string, before: number): Reply {
  const parsed = requestSchema.safeParse(JSON.parse(text));
  if (!parsed.success) return googleError(400, 'INVALID_ARGUMENT');
  if (problemOf(parsed.data, model) !== null) return googleError(400, 'INVALID_ARGUMENT');
  const prompt = readPrompt(parsed.data);
  prompts.push({ ...prompt, model });
  if (prompts.length > mostPrompts) prompts.shift();
  const script = scripts[model];
  if (script !== undefined) return script(prompt);
  if (!model.startsWith('broken-')) return googleError(404, 'NOT_FOUND');
  return broken(readScenario(model.slice('broken-'.length)), prompt, before);
}

function hasCredentials({ headers }: IncomingMessage): boolean {
  return (
    headers['x-goog-api-key'] !== undefined || headers.authorization?.startsWith('Bearer ') === true
  );
}

interface Asked {
  readonly model: string;
  readonly inputTokens: number;
  readonly stream: { readonly isSse: boolean } | null;
}

function send(response: ServerResponse, reply: Reply, asked: Asked | null): void {
  switch (reply.kind) {
    case 'hang':
      return; // until the client goes away
    case 'drop':
      response.socket?.destroy();
      return;
    case 'status':
      response.writeHead(reply.status, {
        'content-type': reply.contentType,
        ...(reply.retryAfter !== undefined && { 'retry-after': reply.retryAfter }),
      });
      response.end(reply.body);
      return;
    case 'say':
      if (asked !== null) speak(response, reply, asked);
  }
}

function speak(
  response: ServerResponse,
  reply: Extract<Reply, { kind: 'say' }>,
  { model, inputTokens, stream }: Asked,
): void {
  const parts = signed(reply.parts, model);
  const outputTokens = tokensOf(JSON.stringify(parts));
  const usageMetadata = {
    promptTokenCount: inputTokens,
    candidatesTokenCount: outputTokens,
    totalTokenCount: inputTokens + outputTokens,
  };
  const { finishReason = 'STOP', blockReason } = reply;
  const whole = (some: readonly Part[], isLast: boolean): unknown => ({
    ...(blockReason === undefined
      ? {
          candidates: [
            {
              index: 0,
              ...(some.length > 0 && { content: { role: 'model', parts: some } }),
              ...(isLast && { finishReason }),
            },
          ],
        }
      : { promptFeedback: { blockReason } }),
    usageMetadata,
    modelVersion: model,
  });
  if (stream === null) return sendJson(response, whole(parts, true));
  const pieces = inPieces(parts);
  const chunks =
    pieces.length === 0
      ? [whole([], true)]
      : pieces.map((piece, index) => whole([piece], index === pieces.length - 1));
  if (!stream.isSse) return sendJson(response, chunks);
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const chunk of chunks) response.write(`data: ${JSON.stringify(chunk)}\r\n\r\n`);
  response.end();
}

/** The first call of a turn carries the mark of the model that made it. */
function signed(parts: readonly Part[], model: string): readonly Part[] {
  const first = parts.findIndex((part) => part.functionCall !== undefined);
  return parts.map((part, index) =>
    index === first && part.functionCall !== undefined
      ? { ...part, thoughtSignature: signatureOf(model, part.functionCall) }
      : part,
  );
}

/** Texts come in two halves, as they do while they are being made. */
function inPieces(parts: readonly Part[]): readonly Part[] {
  return parts.flatMap((part) => {
    if (part.text === undefined || part.text.length < 2) return [part];
    const middle = Math.floor(part.text.length / 2);
    return [
      { ...part, text: part.text.slice(0, middle) },
      { ...part, text: part.text.slice(middle) },
    ];
  });
}

function tokensOf(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / bytesPerToken);
}

function sendJson(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    const piece = chunk as Buffer;
    bytes += piece.length;
    if (bytes > maxBodyBytes) throw new Error('a request of more than 8 MB');
    chunks.push(piece);
  }
  return Buffer.concat(chunks).toString('utf8');
}

const { values } = parseArgs({ options: { port: { type: 'string', default: '0' } } });
const server = createServer((request, response) => {
  handle(request, response).catch((error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    send(response, googleError(500, 'INTERNAL'), null);
  });
});
server.on('connection', () => (connections += 1));
server.listen(Number(values.port), '127.0.0.1', () => {
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  process.stdout.write(`http://127.0.0.1:${port}\n`);
});
// Whoever started it ends it by ending its input, also by dying.
process.stdin.on('end', () => process.exit(0)).resume();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => process.exit(0));
}
