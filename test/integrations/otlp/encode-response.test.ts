import { describe, expect, test } from '@jest/globals';
import { encodeReceipt, encodeStatus } from '../../../integrations/otlp/encode-response.ts';

const whole = { rejected: 0, message: '' };
const partly = { rejected: 3, message: '3 spans not kept: 3 no-id' };

describe('the response to an export request', () => {
  test('is an empty message when all was kept', () => {
    expect(encodeReceipt('logs', 'json', whole).toString()).toBe('{}');
    expect(encodeReceipt('logs', 'protobuf', whole)).toHaveLength(0);
  });

  test.each([
    ['traces', 'rejectedSpans'],
    ['metrics', 'rejectedDataPoints'],
    ['logs', 'rejectedLogRecords'],
  ] as const)('counts in JSON what was not kept of %s as %s', (signal, name) => {
    expect(JSON.parse(encodeReceipt(signal, 'json', partly).toString())).toEqual({
      partialSuccess: { [name]: '3', errorMessage: partly.message },
    });
  });

  // Field 1 of the response is the partial success, whose field 1 is the count and field 2 the message. Source: opentelemetry-proto 1.10.
  test('has the wire format of OTLP in protobuf', () => {
    const message = Buffer.from(partly.message);
    const inner = [0x08, 3, 0x12, message.length, ...message];
    expect([...encodeReceipt('traces', 'protobuf', partly)]).toEqual([
      0x0a,
      inner.length,
      ...inner,
    ]);
  });

  test('is a google.rpc.Status when it is an error', () => {
    const status = { code: 3, message: 'no' };
    expect(JSON.parse(encodeStatus('json', status).toString())).toEqual(status);
    expect([...encodeStatus('protobuf', status)]).toEqual([0x08, 3, 0x12, 2, 0x6e, 0x6f]);
  });
});
