import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@jest/globals';
import type { GoogleClients } from '../../../integrations/google/clients.ts';
import { createNativeSources } from '../../../integrations/google/native-queries.ts';

const window = {
  startAt: Date.parse('2026-11-20T09:00:00Z'),
  endAt: Date.parse('2026-11-20T09:10:00Z'),
};
const range = { window, limit: 100 };
const { signal } = new AbortController();

function sourcesOf(clients: object): ReturnType<typeof createNativeSources> {
  const backend = { clients: { deadlineMs: 5_000, ...clients } as unknown as GoogleClients };
  return createNativeSources({ ...backend, projectId: 'kit', metricPrefixes: [] }, window);
}

test('lines of another time are left out whatever comes back, and the answer says so', async () => {
  const seconds = [window.startAt - 1_000, window.startAt, window.endAt - 1_000, window.endAt];
  const entries = seconds.map((at) => ({
    timestamp: { seconds: at / 1_000 },
    textPayload: String(at),
  }));
  const listLogEntries = () => Promise.resolve([entries, null, {}]);
  const { logs } = sourcesOf({ logging: () => Promise.resolve({ listLogEntries }) });
  const read = await logs.query('severity>=ERROR', range, signal);
  expect(read.rows.map(({ at }) => at)).toEqual([window.startAt, window.endAt - 1_000]);
  expect(read.truncated).toBe('2 lines of another time left out');
});

test('a query that would leave its window is not sent', async () => {
  let asked = 0;
  const { logs } = sourcesOf({ logging: () => Promise.reject(new Error(`asked ${(asked += 1)}`)) });
  const text = 'severity>=ERROR) OR (timestamp>"2020-01-01T00:00:00Z"';
  await expect(logs.query(text, range, signal)).rejects.toMatchObject({ code: 'invalid.query' });
  expect(asked).toBe(0);
});

test('samples of another time are left out of what PromQL gives', async () => {
  const times = [window.startAt - 5_000, window.startAt, window.endAt - 5_000, window.endAt];
  const values = times.map((at) => [at / 1_000, '1']);
  const server = createServer((_request, response) => {
    const data = { resultType: 'matrix', result: [{ metric: { __name__: 'up' }, values }] };
    response.end(JSON.stringify({ data }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    const { metrics } = sourcesOf({
      baseOf: () => base,
      headers: () => Promise.resolve(new Headers()),
    });
    const { rows } = await metrics.query('up @ 0', range, signal);
    expect(rows[0]?.atMs).toEqual([window.startAt, window.endAt - 5_000]);
  } finally {
    server.close();
  }
});
