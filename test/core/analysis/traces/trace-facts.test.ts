import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { callGraph, entryService } from '../../../../core/analysis/traces/call-graph.ts';
import { peerOf } from '../../../../core/analysis/traces/peer.ts';
import { readTrace } from '../../../../core/analysis/traces/trace-facts.ts';
import { anySpans, span } from './spans.ts';

const services = new Set(['front', 'back']);

/** A call front → back → database, whose parts each test bends. */
const trace = {
  front: span({ spanId: '1', service: 'front', name: 'GET /', startAt: 0, durationMs: 100 }),
  call: span({
    spanId: '2',
    parentSpanId: '1',
    service: 'front',
    name: 'GET /items',
    kind: 'client',
    startAt: 10,
    durationMs: 80,
    attributes: { 'peer.service': 'back' },
  }),
  back: span({
    spanId: '3',
    parentSpanId: '2',
    service: 'back',
    name: 'GET /items',
    startAt: 15,
    durationMs: 70,
  }),
  query: span({
    spanId: '4',
    parentSpanId: '3',
    service: 'back',
    name: 'SELECT items',
    kind: 'client',
    startAt: 20,
    durationMs: 50,
    attributes: { 'db.system.name': 'postgresql', 'server.address': 'items-db' },
  }),
};
const error = { status: 'error' as const };

describe('readTrace', () => {
  test('takes from each request what it spent waiting for others, and tells gaps on the way', () => {
    const { operations, calls } = readTrace(Object.values(trace), services);
    expect(
      operations.map(({ service, durationMs, selfMs, isRoot, origin }) => [
        service,
        durationMs,
        selfMs,
        isRoot,
        origin,
      ]),
    ).toEqual([
      ['front', 100, 20, true, null],
      ['back', 70, 20, false, null],
    ]);
    expect(calls).toMatchObject([
      { service: 'front', peer: { kind: 'service', name: 'back' }, durationMs: 80, calleeMs: 70 },
      {
        service: 'back',
        peer: { kind: 'database', name: 'items-db' },
        durationMs: 50,
        calleeMs: null,
      },
    ]);
  });

  test('counts two calls at once only once', () => {
    const second = { ...trace.query, spanId: '5', startAt: 40, durationMs: 40 };
    const { operations } = readTrace([...Object.values(trace), second], services);
    // 20 to 80 is covered: 70 - 60.
    expect(operations.find(({ service }) => service === 'back')?.selfMs).toBe(10);
  });

  test('lays a failure at the door of the one in which it arose', () => {
    const own = readTrace(
      [
        { ...trace.front, ...error },
        { ...trace.call, ...error },
        { ...trace.back, ...error },
        trace.query,
      ],
      services,
    );
    expect(own.operations.map(({ origin }) => origin)).toEqual(['handed-up', 'own']);
    const database = readTrace(
      Object.values(trace).map((one) => ({ ...one, ...error })),
      services,
    );
    expect(database.operations.map(({ origin }) => origin)).toEqual(['handed-up', 'handed-up']);
  });

  test('finds a failure inside a service below spans of its own', () => {
    const inner = span({
      spanId: '9',
      parentSpanId: '3',
      service: 'back',
      kind: 'internal',
      startAt: 16,
      ...error,
    });
    const { operations } = readTrace(
      [
        { ...trace.front, ...error },
        { ...trace.call, ...error },
        { ...trace.back, ...error },
        inner,
      ],
      services,
    );
    expect(operations.map(({ origin }) => origin)).toEqual(['handed-up', 'own']);
  });

  test('knows a caller that gave up from a callee that failed', () => {
    const gaveUp = {
      ...trace.call,
      ...error,
      durationMs: 30,
      attributes: { 'error.type': 'timeout' },
    };
    const { operations } = readTrace([{ ...trace.front, ...error }, gaveUp, trace.back], services);
    expect(operations[0]).toMatchObject({ origin: 'given-up', givenUp: { durationMs: 30 } });
    const silent = readTrace(
      [
        trace.front,
        trace.call,
        { ...trace.back, ...error },
        {
          ...trace.query,
          ...error,
          attributes: { ...trace.query.attributes, 'error.type': 'TimeoutError' },
        },
      ],
      services,
    );
    expect(silent.operations[1]).toMatchObject({ origin: 'given-up' });
  });

  test('calls an answer that the callee holds for good, and the caller cannot use, the callers own', () => {
    const refused = {
      ...trace.call,
      ...error,
      attributes: { 'http.response.status_code': '404' },
    };
    const { operations } = readTrace([{ ...trace.front, ...error }, refused, trace.back], services);
    expect(operations[0]?.origin).toBe('own');
  });

  test('works without client spans and without statuses', () => {
    const back = {
      ...trace.back,
      parentSpanId: '1',
      kind: 'unset' as const,
      attributes: { 'http.status_code': '503' },
    };
    const { operations, calls } = readTrace([{ ...trace.front, kind: 'unset' }, back], services);
    expect(operations.map(({ service, selfMs, origin }) => [service, selfMs, origin])).toEqual([
      ['front', 30, null],
      ['back', 70, 'own'],
    ]);
    expect(calls).toMatchObject([{ service: 'front', peer: { name: 'back' }, isError: true }]);
  });

  test('gives a call that nobody asked for to its service without an operation', () => {
    const { operations, calls } = readTrace([{ ...trace.query, parentSpanId: null }], services);
    expect(operations).toEqual([]);
    expect(calls).toHaveLength(1);
  });

  test('is sound for any spans, in any order', () => {
    fc.assert(
      fc.property(anySpans, (spans) => {
        const { operations, calls } = readTrace(spans, services);
        for (const { durationMs, selfMs, startAt } of operations) {
          expect(selfMs).toBeGreaterThanOrEqual(0);
          expect(selfMs).toBeLessThanOrEqual(durationMs);
          expect(startAt).not.toBeNaN();
        }
        for (const { durationMs } of calls) expect(durationMs).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

describe('peerOf', () => {
  test.each([
    [{ 'db.system.name': 'postgresql', 'server.address': 'ledger' }, 'database', 'ledger'],
    [
      { 'db.system': 'redis', 'net.peer.name': '10.1.2.3', 'db.name': 'carts' },
      'database',
      'carts',
    ],
    [{ 'db.system': 'mysql' }, 'database', 'mysql'],
    [{ 'peer.service': 'card-network' }, 'external', 'card-network'],
    [{ 'server.address': 'back.prod.svc.cluster.local' }, 'service', 'back'],
    [{ 'server.address': 'back:8080' }, 'service', 'back'],
    [{ 'url.full': 'https://user@api.example.com/v1?x=1' }, 'external', 'api.example.com'],
    [{ 'server.address': '10.0.0.7:443' }, 'external', '10.0.0.7'],
    [{ 'messaging.system': 'kafka', 'messaging.destination.name': 'orders' }, 'queue', 'orders'],
  ])('reads %j as %s %s', (attributes, kind, name) => {
    expect(peerOf(attributes, services)).toEqual({ kind, name });
  });

  test('names nobody where the attributes name nobody', () => {
    expect(peerOf({}, services)).toBeNull();
    expect(peerOf({ 'peer.service': '' }, services)).toBeNull();
  });

  test('never throws and never gives an empty or overlong name', () => {
    const keys = ['peer.service', 'server.address', 'url.full', 'db.system', 'db.name'];
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...keys), fc.string()), (attributes) => {
        const peer = peerOf(attributes, services);
        if (peer !== null) expect(peer.name.length > 0 && peer.name.length <= 200).toBe(true);
      }),
    );
  });
});

describe('callGraph and entryService', () => {
  test('count calls and find where users come in', () => {
    const { operations, calls } = readTrace(Object.values(trace), services);
    const graph = callGraph([...calls, ...calls.slice(1)]);
    expect(graph.map(({ from, to, calls }) => [from.name, to.name, calls])).toEqual([
      ['back', 'items-db', 2],
      ['front', 'back', 1],
    ]);
    expect(entryService(operations, graph)).toBe('front');
    expect(entryService([], [])).toBeNull();
  });
});
