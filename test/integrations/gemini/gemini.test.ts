import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { ModelRequest } from '../../../core/ports/model.ts';
import { createGemini } from '../../../integrations/gemini/create-gemini.ts';
import type { GeminiOptions } from '../../../integrations/gemini/create-gemini.ts';

interface Asked {
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
}

type Answer = (response: ServerResponse, request: IncomingMessage) => void;

/** What was asked, and what is answered next. */
let asked: Asked[] = [];
let answers: Answer[] = [];
let server: Server;
let baseUrl = '';

beforeEach(async () => {
  asked = [];
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
      asked.push({ url: request.url ?? '', headers: request.headers, body });
      (answers.shift() ?? stream(said([{ text: 'fine' }])))(response, request);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  baseUrl = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function contentsOf(one: Asked | undefined): readonly unknown[] {
  return (one?.body as { readonly contents: readonly unknown[] } | undefined)?.contents ?? [];
}

function said(parts: readonly unknown[], more: object = { finishReason: 'STOP' }) {
  return { candidates: [{ content: { role: 'model', parts }, index: 0, ...more }] };
}

function stream(...chunks: readonly unknown[]): Answer {
  return (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const chunk of chunks) response.write(`data: ${JSON.stringify(chunk)}\r\n\r\n`);
    response.end();
  };
}

function status(code: number, body: string, headers: Record<string, string> = {}): Answer {
  return (response) => response.writeHead(code, headers).end(body);
}

const breaks: Answer = (response) => response.socket?.destroy();
const silent: Answer = () => undefined;
const never = new AbortController().signal;

function gemini(options: Partial<GeminiOptions> = {}) {
  const access = { kind: 'key', apiKey: 'a-key' } as const;
  return createGemini({ access, model: 'gemini-2.5-flash', baseUrl, thinking: null, ...options });
}

const ask = (request: ModelRequest, options: Partial<GeminiOptions> = {}, timeoutMs = 5_000) =>
  gemini(options).ask(request, { signal: never, timeoutMs });

const filterSchema = {
  type: 'object',
  properties: { filter: { type: 'string' } },
  required: ['filter'],
  additionalProperties: false,
};
const first: ModelRequest = {
  system: 'You are an SRE',
  messages: [{ role: 'user', text: 'checkout is down' }],
  tools: [{ name: 'query_logs', description: 'q', inputSchema: filterSchema }],
  toolChoice: 'required',
  responseSchema: null,
  maxOutputTokens: 1_024,
};

describe('the request', () => {
  test('has exactly the body of the notes, at the version that was set', async () => {
    await ask(first, { thinking: { budgetTokens: 1_024 } });
    expect(asked).toMatchObject([
      {
        url: '/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse',
        headers: { 'x-goog-api-key': 'a-key', 'content-type': 'application/json' },
      },
    ]);
    expect(asked[0]?.body).toEqual({
      contents: [{ parts: [{ text: 'checkout is down' }], role: 'user' }],
      systemInstruction: { parts: [{ text: 'You are an SRE' }], role: 'user' },
      tools: [
        {
          functionDeclarations: [
            { name: 'query_logs', description: 'q', parametersJsonSchema: filterSchema },
          ],
        },
      ],
      toolConfig: {
        functionCallingConfig: { allowedFunctionNames: ['query_logs'], mode: 'ANY' },
      },
      generationConfig: {
        temperature: 0,
        maxOutputTokens: 1_024,
        thinkingConfig: { thinkingBudget: 1_024 },
      },
    });
  });

  test('asks for structured output by JSON Schema', async () => {
    const schema = { type: 'object', properties: { a: { type: 'string' } } };
    await ask({ ...first, tools: [], responseSchema: schema }, { thinking: { level: 'LOW' } });
    expect(asked[0]?.body).toEqual({
      contents: [{ parts: [{ text: 'checkout is down' }], role: 'user' }],
      systemInstruction: { parts: [{ text: 'You are an SRE' }], role: 'user' },
      generationConfig: {
        temperature: 0,
        maxOutputTokens: 1_024,
        responseMimeType: 'application/json',
        responseJsonSchema: schema,
        thinkingConfig: { thinkingLevel: 'LOW' },
      },
    });
  });

  test('goes through Vertex AI with a bearer token where that is wanted', async () => {
    const headers = {
      getRequestHeaders: () => Promise.resolve(new Headers({ authorization: 'Bearer tok' })),
    };
    const auth = { authClient: headers } as never;
    const access = { kind: 'vertex', project: 'p', location: 'us-central1', auth } as const;
    await ask(first, { access });
    expect(asked).toMatchObject([
      {
        url: '/v1beta1/projects/p/locations/us-central1/publishers/google/models/gemini-2.5-flash:streamGenerateContent?alt=sse',
        headers: { authorization: 'Bearer tok' },
      },
    ]);
  });
});

describe('a conversation', () => {
  const parts = [
    { text: 'I should look at logs', thought: true },
    {
      functionCall: { id: 'call-1', name: 'query_logs', args: { filter: 'severity>=ERROR' } },
      thoughtSignature: 'c2ln',
    },
    { functionCall: { id: 'call-2', name: 'query_logs', args: { filter: 'up' } } },
  ];
  const reply: readonly [unknown, unknown] = [
    said(parts.slice(0, 1), {}),
    {
      ...said(parts.slice(1)),
      usageMetadata: {
        promptTokenCount: 100,
        candidatesTokenCount: 20,
        thoughtsTokenCount: 30,
        cachedContentTokenCount: 10,
        totalTokenCount: 150,
      },
    },
  ];

  test('sends a turn back as it came, signatures included, with an answer to each call', async () => {
    answers = [stream(...reply)];
    const turn = await ask(first);
    expect(turn).toMatchObject({
      text: '',
      calls: [
        { id: 'call-1', name: 'query_logs', input: { filter: 'severity>=ERROR' } },
        { id: 'call-2', name: 'query_logs', input: { filter: 'up' } },
      ],
      finish: 'stop',
      usage: { inputTokens: 100, cachedTokens: 10, outputTokens: 50 },
    });
    // As it comes back from where it was kept.
    const kept = JSON.parse(JSON.stringify(turn)) as typeof turn;
    await ask({
      ...first,
      messages: [
        ...first.messages,
        { role: 'model', turn: kept },
        {
          role: 'answers',
          answers: [
            { id: 'call-1', name: 'query_logs', ok: true, answer: { entries: [] } },
            { id: 'call-2', name: 'query_logs', ok: false, answer: 'timeout' },
          ],
        },
      ],
    });
    expect(contentsOf(asked[1])).toEqual([
      { parts: [{ text: 'checkout is down' }], role: 'user' },
      { parts, role: 'model' },
      {
        role: 'user',
        parts: [
          {
            functionResponse: {
              id: 'call-1',
              name: 'query_logs',
              response: { output: { entries: [] } },
            },
          },
          {
            functionResponse: { id: 'call-2', name: 'query_logs', response: { error: 'timeout' } },
          },
        ],
      },
    ]);
  });

  test.each([
    ['another model', { provider: 'gemini', model: 'gemini-3-pro', content: { parts: [] } }],
    ['another provider', { provider: 'other', model: 'gemini-2.5-flash', content: { parts: [] } }],
    ['nobody that is known', null],
  ])('rebuilds the turn of %s with the stand-in for its signature', async (_who, native) => {
    const calls = ['up', 'down'].map((filter) => ({
      id: null,
      name: 'query_logs',
      input: { filter },
    }));
    await ask({
      ...first,
      messages: [...first.messages, { role: 'model', turn: { text: 'well', calls, native } }],
    });
    expect(contentsOf(asked[0])[1]).toEqual({
      role: 'model',
      parts: [
        { text: 'well' },
        {
          functionCall: { name: 'query_logs', args: { filter: 'up' } },
          thoughtSignature: 'skip_thought_signature_validator',
        },
        { functionCall: { name: 'query_logs', args: { filter: 'down' } } },
      ],
    });
  });
});

describe('one call is one request', () => {
  test('when the provider would go on', async () => {
    const more = { finishReason: 'CONTINUATION', continuationToken: 'more' };
    answers = [stream(said([{ text: 'half' }], more))];
    expect(await ask(first)).toMatchObject({ text: 'half', finish: 'other' });
    expect(asked).toHaveLength(1);
  });

  test.each([429, 500, 502, 503, 504])('when it answers %d', async (code) => {
    answers = [status(code, '{"error":{"code":1,"message":"m","status":"S"}}')];
    await expect(ask(first)).rejects.toMatchObject({ name: 'AppError' });
    expect(asked).toHaveLength(1);
  });
});

describe('what went wrong', () => {
  const retryInfo = JSON.stringify({
    error: {
      code: 429,
      message: 'a secret of the provider',
      status: 'RESOURCE_EXHAUSTED',
      details: [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '37.5s' }],
    },
  });

  test.each([
    [
      'a 429 that says how long',
      status(429, retryInfo, { 'content-type': 'application/json' }),
      'rate-limited.model',
      37_500,
      false,
    ],
    [
      'a 503 with Retry-After',
      status(503, '<html>busy</html>', { 'retry-after': '12' }),
      'unavailable.model',
      12_000,
      false,
    ],
    [
      'a page of HTML',
      status(502, '<html>bad gateway</html>'),
      'unavailable.model',
      undefined,
      false,
    ],
    ['a key that is not taken', status(403, '{}'), 'forbidden.model', undefined, false],
    ['a model that is not there', status(404, '{}'), 'invalid.model-request', undefined, false],
    ['a 200 that is no answer', status(200, 'hello'), 'unavailable.model', undefined, true],
    ['a connection that breaks', breaks, 'unavailable.model', undefined, true],
  ])('OS-109 is said in our words: %s', async (_what, answer, code, retryAfterMs, mayCost) => {
    answers = [answer];
    const error: unknown = await ask(first).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code });
    const { message, details } = error as { message: string; details: Record<string, unknown> };
    expect(details['retryAfterMs']).toBe(retryAfterMs);
    expect(details['mayCost']).toBe(mayCost);
    expect(message).toContain('gemini-2.5-flash');
    expect(message).not.toMatch(/html|secret|\{/);
  });

  test('costs nothing where nobody listens', async () => {
    const brief = createServer();
    await new Promise<void>((resolve) => brief.listen(0, '127.0.0.1', resolve));
    const { port } = brief.address() as AddressInfo;
    await new Promise((resolve) => brief.close(resolve));
    const gone = { baseUrl: `http://127.0.0.1:${port}` };
    const error: unknown = await ask(first, gone).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'unavailable.model', details: { mayCost: false } });
  });

  test('is a time-out when the model is silent, and the connection is closed', async () => {
    const closed = new Promise<void>((resolve) => {
      answers = [(response) => response.on('close', () => resolve())];
    });
    await expect(ask(first, {}, 2_000)).rejects.toMatchObject({ code: 'timeout.model' });
    await closed;
  });

  test('is given up in time where credentials never come', async () => {
    const auth = { authClient: { getRequestHeaders: () => new Promise(() => undefined) } } as never;
    const access = { kind: 'vertex', project: 'p', location: 'us-central1', auth } as const;
    await expect(ask(first, { access }, 100)).rejects.toMatchObject({ code: 'timeout.model' });
  });

  test('is the caller’s own reason when the caller gives up', async () => {
    answers = [silent];
    const stop = new AbortController();
    const reason = new Error('cancelled by a person');
    const waiting = gemini().ask(first, { signal: stop.signal, timeoutMs: 5_000 });
    setImmediate(() => stop.abort(reason));
    await expect(waiting).rejects.toBe(reason);
  });
});

describe('an answer without what was asked for', () => {
  test.each([
    ['refused', { promptFeedback: { blockReason: 'PROHIBITED_CONTENT' } }, ''],
    ['refused', { candidates: [{ index: 0, finishReason: 'SAFETY' }] }, ''],
    ['malformed', { candidates: [{ index: 0, finishReason: 'MALFORMED_FUNCTION_CALL' }] }, ''],
    ['length', said([{ text: '{"a": "b' }], { finishReason: 'MAX_TOKENS' }), '{"a": "b'],
  ])('is told apart: %s', async (finish, chunk, text) => {
    answers = [stream(chunk)];
    expect(await ask(first)).toMatchObject({ finish, text, calls: [] });
  });
});
