import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startTestApi } from './support/api.ts';
import type { TestApi } from './support/api.ts';

const secret = 'gcp-secret-of-the-channel';
let api: TestApi;
beforeAll(async () => {
  api = await startTestApi({ config: { gcpWebhookToken: secret }, runs: true });
});
afterAll(() => api?.close());

/** As two independent receivers of version 1.2 document it. */
function incident(id: string, change: object = {}): object {
  return {
    version: '1.2',
    incident: {
      incident_id: id,
      scoping_project_id: 'p',
      scoping_project_number: 12_345,
      url: 'https://console.cloud.google.com/monitoring/alerting/incidents/0.opqiw61fsv7p',
      severity: 'Critical',
      started_at: 1_577_840_461,
      ended_at: null,
      state: 'open',
      resource_id: '',
      resource_name: 'p Cloud Run Revision labels {service_name=checkout}',
      resource_type_display_name: 'Cloud Run Revision',
      resource: {
        type: 'cloud_run_revision',
        labels: { project_id: 'p', service_name: 'checkout', location: 'us-central1' },
      },
      metric: {
        type: 'run.googleapis.com/request_count',
        displayName: 'Request count',
        labels: {},
      },
      policy_name: '5xx',
      condition_name: 'Too many 5xx',
      threshold_value: '0.9',
      observed_value: '0.835',
      documentation: { content: 'See the playbook.', mime_type: 'text/markdown' },
      summary: 'Request count for p is above the threshold.',
      ...change,
    },
  };
}

async function post(body: unknown, token: string | null = secret): Promise<Response> {
  const query = token === null ? '' : `?auth_token=${encodeURIComponent(token)}`;
  return fetch(`${api.url}/webhook/gcp${query}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

interface Receipt {
  readonly outcome: string;
  readonly investigation: string | null;
}
const receiptOf = async (response: Response): Promise<Receipt> =>
  (await response.json()) as Receipt;

async function deliveries(): Promise<
  readonly { readonly subject: string; readonly outcome: string }[]
> {
  const response = await fetch(`${api.url}/api/v1/deliveries`);
  const { deliveries: list } = (await response.json()) as {
    readonly deliveries: readonly { readonly subject: string; readonly outcome: string }[];
  };
  return list;
}

test('RT-02: an incident that opens starts one investigation, however often it is told', async () => {
  const first = await receiptOf(await post(incident('0.first')));
  const again = await receiptOf(await post(incident('0.first', { observed_value: '0.99' })));
  expect(first.outcome).toBe('started');
  expect(again).toEqual(first);
  const row = await api.store.investigations.get(first.investigation ?? '');
  expect(row).toMatchObject({
    trigger: 'webhook',
    caseDir: null,
    alert: {
      title: 'Too many 5xx',
      severity: 'critical',
      entity: { kind: 'service', name: 'checkout' },
      symptom: 'Request count',
      startedAt: '2020-01-01T01:01:01.000Z',
      labels: { incident: '0.first', policy: '5xx', metric: 'run.googleapis.com/request_count' },
    },
  });
  expect(row?.alert.description).toContain('Observed 0.835, threshold 0.9.');
  expect(row?.alert.description).toContain('See the playbook.');
});

describe('what starts no investigation is answered with 200 and recorded', () => {
  test.each([
    [
      'an incident that closes',
      incident('0.closed', { state: 'closed', ended_at: 1_577_840_999 }),
      'closed',
    ],
    [
      'one that closes, with the end left out',
      incident('0.closed-2', { state: 'closed', ended_at: 0 }),
      'closed',
    ],
    [
      'the test of the console',
      {
        version: 'test',
        incident: {
          incident_id: '12345',
          state: 'OPEN',
          documentation: 'Test',
          started_at: 0,
          scoping_project_number: '12345',
        },
      },
      'test',
    ],
    ['a state that nobody knows', incident('0.odd', { state: 'acknowledged' }), 'ignored'],
  ])('RT-02: %s is answered with 200, recorded, and starts none', async (_name, body, outcome) => {
    const before = (await api.store.investigations.list({ limit: 100 })).length;
    const response = await post(body);
    expect(response.status).toBe(200);
    expect(await receiptOf(response)).toEqual({ outcome, investigation: null });
    expect(await api.store.investigations.list({ limit: 100 })).toHaveLength(before);
    expect((await deliveries())[0]).toMatchObject({ outcome });
  });
});

describe('the token in the query', () => {
  test.each([
    ['is missing', null],
    ['is another', 'gcp-secret-of-the-channel-2'],
    ['is a part of it', secret.slice(0, -1)],
    ['is empty', ''],
  ])(
    'RT-04a: lets nothing in when the token %s, and says nothing of the body',
    async (_name, token) => {
      const response = await post({ nonsense: true }, token);
      expect(response.status).toBe(401);
      expect(await response.text()).not.toContain('nonsense');
    },
  );

  test('counts once: given twice it is refused', async () => {
    const response = await fetch(
      `${api.url}/webhook/gcp?auth_token=${secret}&auth_token=${secret}`,
      { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' },
    );
    expect(response.status).toBe(401);
  });

  test('RT-04a: the token stands in no log line, answer, row or event', async () => {
    const { investigation } = await receiptOf(await post(incident('0.token')));
    const kept = JSON.stringify([
      await api.store.investigations.get(investigation ?? ''),
      await api.store.deliveries.list(50),
      await deliveries(),
    ]);
    expect(api.log()).toContain('/webhook/gcp');
    expect(api.log()).not.toContain(secret);
    expect(kept).not.toContain(secret);
  });

  test('lets nothing in where none is set', async () => {
    const without = await startTestApi();
    try {
      const response = await fetch(`${without.url}/webhook/gcp?auth_token=`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(incident('0.none')),
      });
      expect(response.status).toBe(401);
    } finally {
      await without.close();
    }
  });
});

test.each([
  ['no JSON', '{', 400],
  ['no incident', { version: '1.2' }, 422],
  ['a list', [], 422],
  ['an incident without a state', { version: '1.2', incident: { incident_id: 'x' } }, 422],
])('a body that is %s is refused, and nothing is kept of it', async (_name, body, status) => {
  const before = await deliveries();
  expect((await post(body)).status).toBe(status);
  expect(await deliveries()).toEqual(before);
});

test('an incident told by ten at once is investigated once', async () => {
  const all = await Promise.all(Array.from({ length: 10 }, () => post(incident('0.many'))));
  const receipts = await Promise.all(all.map(receiptOf));
  expect(new Set(receipts.map(({ investigation }) => investigation)).size).toBe(1);
});
