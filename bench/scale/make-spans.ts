import type { Span } from '../../core/ports/telemetry.ts';
import { createRandom } from '../../test/core/analysis/random.ts';

const serviceCount = 40;
const spansOfTrace = 25;
const everyMs = 20;

/** What stands for a request on its way down: who is to be called, by whose span, and how long that may take. */
interface Call {
  readonly service: number;
  readonly parent: Span | null;
  readonly startAt: number;
  readonly durationMs: number;
}

/**
 * Spans of traces of 25 over 40 services, ascending by start as telemetry gives them, so that traces lie interleaved; the same for the same number. A
 * served request makes up to three calls, one after the other or at once; every eighth call goes to a database and one request in a hundred fails.
 */
export function makeSpans(count: number): readonly Span[] {
  const random = createRandom(count);
  const spans: Span[] = [];
  for (let trace = 0; spans.length < count; trace += 1) {
    addTrace(spans, trace, random);
  }
  return spans.slice(0, count).sort((one, other) => one.startAt - other.startAt);
}

const served: Readonly<Record<string, string>> = { 'http.response.status_code': '200' };
const failed: Readonly<Record<string, string>> = { 'http.response.status_code': '500' };
const databases = Array.from({ length: serviceCount }, (_unused, service) => ({
  'db.system.name': 'postgresql',
  'server.address': `db-${service}`,
}));
const callees = Array.from({ length: serviceCount }, (_unused, service) => ({
  'server.address': `service-${service}`,
}));

function addTrace(spans: Span[], trace: number, random: () => number): void {
  const traceId = trace.toString(16).padStart(32, 'a');
  const last = spans.length + spansOfTrace;
  const pending: Call[] = [
    { service: 0, parent: null, startAt: trace * everyMs, durationMs: 100 + 100 * random() },
  ];
  const add = (parts: Omit<Span, 'traceId' | 'spanId' | 'instance' | 'status'>): Span => {
    const status = parts.attributes === failed ? ('error' as const) : ('unset' as const);
    const spanId = spans.length.toString(16).padStart(16, 'b');
    const span: Span = { traceId, spanId, instance: null, status, ...parts };
    spans.push(span);
    return span;
  };
  for (let call = pending.shift(); call !== undefined; call = pending.shift()) {
    if (spans.length >= last) return;
    const { startAt, durationMs } = call;
    const server = add({
      ...{ startAt, durationMs, kind: 'server', service: `service-${call.service}` },
      name: `GET /resource-${call.service}`,
      parentSpanId: call.parent?.spanId ?? null,
      attributes: random() < 0.01 ? failed : served,
    });
    const calls = 1 + Math.floor(3 * random());
    const isAtOnce = random() < 0.5;
    for (let place = 0; place < calls && spans.length < last; place += 1) {
      const callee = (call.service + 1 + Math.floor(5 * random())) % serviceCount;
      const isDatabase = random() < 0.125;
      const takesMs = durationMs * (isAtOnce ? 0.4 + 0.4 * random() : 0.8 / calls);
      const client = add({
        ...{ service: server.service, kind: 'client', parentSpanId: server.spanId },
        name: isDatabase ? 'SELECT rows' : `GET /resource-${callee}`,
        startAt: startAt + (isAtOnce ? 1 : 1 + place * takesMs),
        durationMs: takesMs,
        attributes: (isDatabase ? databases[callee] : callees[callee]) ?? served,
      });
      if (isDatabase) continue;
      const inner = { startAt: client.startAt + 1, durationMs: Math.max(0.5, takesMs - 2) };
      pending.push({ service: callee, parent: client, ...inner });
    }
  }
}
