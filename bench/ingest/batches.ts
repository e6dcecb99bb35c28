import {
  attribute,
  encode,
  logsOf,
  logWith,
  spanWith,
  tracesOf,
} from '../../test/integrations/otlp/otlp-messages.ts';

/** Spans or log records of one request, as SDKs send them by default. */
export const itemsPerBatch = 512;

const attributes = (order: number): readonly object[] => [
  attribute('http.request.method', 'GET'),
  attribute('http.route', '/orders/:id'),
  attribute('url.path', `/orders/ord-${order.toString(16)}`),
  attribute('server.address', 'checkout'),
  attribute('network.peer.address', '10.20.30.40'),
  attribute('user_agent.original', 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36'),
  { key: 'http.response.status_code', value: { intValue: '200' } },
];

const hex = (number: number, digits: number): string => number.toString(16).padStart(digits, '0');

/** A batch of spans of web requests, in protobuf; `number` tells it from others. */
export function spanBatch(number: number): Buffer {
  const now = Date.now();
  const spans = Array.from({ length: itemsPerBatch }, (_, index) => {
    const order = number * itemsPerBatch + index + 1;
    const ids = {
      traceId: hex(order, 32),
      spanId: hex(order, 16),
      parentSpanId: hex(order + 1, 16),
    };
    return spanWith({ ...ids, kind: 2, attributes: attributes(order), status: { code: 1 } }, now);
  });
  return encode('traces', 'protobuf', tracesOf(spans));
}

/** A batch of log records, in protobuf. */
export function logBatch(number: number): Buffer {
  const now = Date.now();
  const records = Array.from({ length: itemsPerBatch }, (_, index) => {
    const order = number * itemsPerBatch + index + 1;
    const stringValue = `order ord-${order.toString(16)} placed in ${order % 90} ms for 418.16 GBP`;
    const told = { severityNumber: 9, severityText: 'INFO', body: { stringValue } };
    return logWith({ ...told, attributes: attributes(order).slice(0, 3) }, now);
  });
  return encode('logs', 'protobuf', logsOf(records));
}
