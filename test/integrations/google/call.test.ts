import { describe, expect, test } from '@jest/globals';
import { ask, askJson } from '../../../integrations/google/call.ts';
import type { GoogleClients } from '../../../integrations/google/clients.ts';
import { toSpans } from '../../../integrations/google/to-spans.ts';

const never = <Value>(): Promise<Value> => new Promise(() => undefined);

describe('a question that takes no signal', () => {
  test('is given up when no answer came in time', async () => {
    const asked = ask({ deadlineMs: 20 }, 'jobs.insert', new AbortController().signal, never);
    await expect(asked).rejects.toMatchObject({
      code: 'timeout.backend',
      message: 'jobs.insert gave no answer within 20 ms',
    });
  });

  test('ends as soon as nobody waits any more', async () => {
    const stop = new AbortController();
    const asked = ask({ deadlineMs: 60_000 }, 'jobs.insert', stop.signal, never);
    stop.abort(new Error('nobody waits'));
    await expect(asked).rejects.toThrow('nobody waits');
  });

  test('is given up where credentials never come', async () => {
    const clients = { deadlineMs: 20, headers: never } as unknown as GoogleClients;
    const url = new URL('http://127.0.0.1:9/');
    const { signal } = new AbortController();
    await expect(askJson(clients, { asked: 'traces.list', url, signal })).rejects.toMatchObject({
      code: 'timeout.backend',
    });
  });
});

test('a span may be named as what every object has', () => {
  const [span] = toSpans({
    traceId: 'a',
    spans: [
      {
        ...{ spanId: '1', kind: 'constructor', name: 'x' },
        ...{ startTime: '2026-01-01T00:00:00Z', endTime: '2026-01-01T00:00:01Z' },
        labels: { constructor: 'y' },
      },
    ],
  });
  expect(span).toMatchObject({ kind: 'unset', attributes: { constructor: 'y' } });
});
