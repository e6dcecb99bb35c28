import { expect, test } from '@jest/globals';
import { investigateDirectly } from '../../../bench/direct/investigate-directly.ts';
import { jsonLines, writeCaseFolder } from './case-folder.ts';

const manifest = `version: 1
name: no-image
alertFile: alert.json
window: { start: 2026-11-20T09:00:00Z, end: 2026-11-20T10:00:00Z }
telemetry:
  events:
    - files: [events.json]
      format: json
      columns: { time: last_time, first_time: first_time, name: involved_object }
  state: [{ files: [pods.json], format: json, constants: { kind: Pod } }]
  topology: [{ files: [topology.csv], format: csv }]
  commands: [{ files: [commands.jsonl], format: jsonl }]
  runbooks: [{ files: ['*.md'], format: markdown }]
`;

const alert = {
  version: '4',
  commonLabels: { alertname: 'PodsNotReady', severity: 'critical', service: 'payments-api' },
  commonAnnotations: {},
  alerts: [{ status: 'firing', labels: {}, annotations: {}, startsAt: '2026-11-20T09:40:00Z' }],
};

const event = {
  namespace: 'payments',
  reason: 'Failed',
  message: 'Failed to pull image "payments:v2.1.0-bad": manifest unknown',
  type: 'Warning',
  count: 7,
  involved_object: 'Pod/payments-api-9c1d2e3f4-2hk8w',
  first_time: '2026-11-20T09:38:00Z',
  last_time: '2026-11-20T09:50:00Z',
};

const pod = {
  name: 'payments-api-9c1d2e3f4-2hk8w',
  phase: 'Pending',
  containers: [{ name: 'payments-api', state: { waiting: true, reason: 'ImagePullBackOff' } }],
};

test('what only the platform says is enough to name the cause', async () => {
  const folder = await writeCaseFolder({
    'incident.yaml': manifest,
    'alert.json': JSON.stringify(alert),
    'events.json': JSON.stringify({ warning_events: [event] }),
    'pods.json': JSON.stringify({ pods: [pod] }),
    'topology.csv': 'from,to\ngateway,payments-api\n',
    'commands.jsonl': jsonLines({ command: 'kubectl get pods', output: 'ImagePullBackOff' }),
    'pods.md': '# Pods of payments-api are not ready\n\nLook at their image.\n',
  });
  try {
    const { report, evidence } = await investigateDirectly(folder.dir);
    expect(report).toMatchObject({
      verdict: 'cause-found',
      causes: [
        {
          entity: { kind: 'service', name: 'payments-api' },
          faultKind: 'image-pull',
          changeId: null,
        },
      ],
    });
    expect(report.claims.length).toBeGreaterThan(0);
    expect(report.claims.every(({ checked }) => checked)).toBe(true);
    const kinds = new Set([...evidence.values()].map(({ kind }) => kind));
    expect(kinds).toEqual(new Set(['coverage', 'changes', 'state', 'runbooks']));
  } finally {
    folder.remove();
  }
});
