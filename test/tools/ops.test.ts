import { describe, expect, test } from '@jest/globals';
import type { OpsReply } from '../../core/ports/ops.ts';
import type { ToolContext } from '../../core/ports/tool.ts';
import { evidenceDraftSchema } from '../../core/schemas/evidence.ts';
import { callOps } from '../../tools/ops/call-ops.ts';
import { readOps } from '../../tools/ops/read-ops.ts';
import { contextOf } from './memory-telemetry.ts';

const window = { startAt: 0, endAt: 1_000 };

/** A registry of one service that gives `reply` and remembers what it was asked. */
function contextWith(reply: OpsReply): {
  readonly context: ToolContext;
  readonly asked: unknown[];
} {
  const asked: unknown[] = [];
  const remember = async ({ signal: _signal, ...call }: { signal: AbortSignal }) => {
    asked.push(call);
    return reply;
  };
  const context = contextOf({ window });
  return {
    asked,
    context: { ...context, ops: { ...context.ops, get: remember, post: remember } },
  };
}

const status = {
  service: 'payments',
  revision: 'payments-r7',
  config: { poolMax: 10, limits: { deep: { deeper: 1 } } },
  dependencies: { ledger: 'ok' },
  tags: ['a'],
};

describe('read-ops', () => {
  test('reads an endpoint and gives its single values as facts', async () => {
    const { context, asked } = contextWith({ status: 200, body: status });
    const result = await readOps.run({ service: 'payments', path: '/ops/status' }, context);
    if (!result.ok) throw new Error(result.message);
    expect(asked).toEqual([{ service: 'payments', path: '/ops/status' }]);
    expect(result.digest.notes).toEqual([
      'payments answered 200',
      'service = payments',
      'revision = payments-r7',
      'config.poolMax = 10',
      'config.limits.deep.deeper = 1',
      'dependencies.ledger = ok',
    ]);
    const [draft] = result.evidence;
    expect(evidenceDraftSchema.parse(draft)).toMatchObject({
      kind: 'ops',
      source: 'http://payments.test/ops/status',
      data: { status: 200, body: status },
    });
  });

  test.each([
    [404, 'not-found.data'],
    [401, 'unavailable.backend'],
    [503, 'unavailable.backend'],
  ])('gives an answer of %d as the failure %s', async (code, failure) => {
    const { context } = contextWith({ status: code, body: null });
    expect(await readOps.run({ service: 'payments', path: '/ops/status' }, context)).toMatchObject({
      ok: false,
      code: failure,
      message: `payments answered GET /ops/status with ${code}`,
    });
  });

  test.each(['/status', '/ops/../admin', '/ops/x?y=1', '/ops/', 'http://x/ops/status', '/ops/A'])(
    'refuses the path %s',
    (path) => {
      expect(readOps.input.safeParse({ service: 'payments', path }).success).toBe(false);
    },
  );

  test('keeps only the beginning of an answer that is too large', async () => {
    const { context } = contextWith({ status: 200, body: { text: 'x'.repeat(100_000) } });
    const result = await readOps.run({ service: 'payments', path: '/ops/status' }, context);
    if (!result.ok) throw new Error(result.message);
    expect(JSON.stringify(result.evidence[0]?.data).length).toBeLessThan(20_000);
  });
});

describe('call-ops', () => {
  const input = {
    service: 'payments',
    path: '/ops/rollback',
    body: { toRevision: 'payments-r6' },
    idempotencyKey: 'act-00000001',
  };

  test('posts body and key once and keeps the answer', async () => {
    const { context, asked } = contextWith({ status: 200, body: { state: 'applied' } });
    const result = await callOps.run(input, context);
    if (!result.ok) throw new Error(result.message);
    expect(asked).toEqual([input]);
    expect(result.digest.notes).toEqual(['payments answered 200', 'state = applied']);
    expect(result.evidence[0]).toMatchObject({
      query: 'POST /ops/rollback {"toRevision":"payments-r6"}',
      data: { status: 200, body: { state: 'applied' } },
    });
  });

  test('holds a refusal for an answer: whoever carries the action out must see it', async () => {
    const { context } = contextWith({ status: 422, body: { title: 'unknown-revision' } });
    const result = await callOps.run(input, context);
    expect(result).toMatchObject({ ok: true, evidence: [{ data: { status: 422 } }] });
  });

  test('is a write, and needs a key', () => {
    expect(callOps.effect).toBe('write-reversible');
    const { idempotencyKey: _key, ...rest } = input;
    expect(callOps.input.safeParse(rest).success).toBe(false);
  });
});
