import fc from 'fast-check';
import type { Span } from '../../../../core/ports/telemetry.ts';

/** A span with everything a test does not speak of filled in. */
export function span(parts: Partial<Span> & Pick<Span, 'spanId'>): Span {
  return {
    traceId: 't1',
    parentSpanId: null,
    service: 'shop',
    instance: null,
    name: 'work',
    kind: 'server',
    startAt: 0,
    durationMs: 10,
    status: 'unset',
    attributes: {},
    ...parts,
  };
}

const id = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g');

/** Spans of one trace as they should never be: circles, missing parents, ids used twice, clocks anywhere, numbers that are none. */
export const anySpans = fc.array(
  fc.record({
    traceId: fc.constant('t1'),
    spanId: id,
    parentSpanId: fc.option(id),
    service: fc.constantFrom('one', 'two', 'three'),
    instance: fc.constant(null),
    name: fc.constantFrom('GET /', 'POST /x', ''),
    kind: fc.constantFrom('server', 'client', 'producer', 'consumer', 'internal', 'unset'),
    startAt: fc.oneof(fc.integer({ min: 0, max: 1_000 }), fc.double()),
    durationMs: fc.oneof(fc.integer({ min: -10, max: 500 }), fc.double()),
    status: fc.constantFrom('ok', 'error', 'unset'),
    attributes: fc.dictionary(
      fc.constantFrom('db.system', 'peer.service', 'http.response.status_code', 'error.type'),
      fc.constantFrom('', 'x', 'two', '500', 'timeout', '10.0.0.1:80'),
    ),
  }) satisfies fc.Arbitrary<Span>,
  { maxLength: 12 },
);
