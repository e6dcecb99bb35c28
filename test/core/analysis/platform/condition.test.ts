import { describe, expect, test } from '@jest/globals';
import {
  conditionOfEvent,
  conditionsOfObject,
  joinConditions,
  scoreOfCondition,
} from '../../../../core/analysis/platform/condition.ts';
import type { Condition } from '../../../../core/analysis/platform/condition.ts';
import { readStanding } from '../../../../core/analysis/platform/standing.ts';
import { workloadOfPod } from '../../../../core/analysis/platform/workload.ts';
import type { ClusterEvent, StateObject } from '../../../../core/ports/telemetry.ts';

const unknown = readStanding([]);

const event = (
  reason: string,
  message: string,
  more: Partial<ClusterEvent> = {},
): ClusterEvent => ({
  at: 1_000,
  firstAt: 500,
  kind: 'Pod',
  name: 'payments-api-9c1d2e3f4-2hk8w',
  namespace: 'payments',
  type: 'Warning',
  count: 7,
  reason,
  message,
  ...more,
});

const object = (kind: string, name: string, body: StateObject['body']): StateObject => ({
  at: 1_000,
  kind,
  name,
  namespace: null,
  body,
});

// Reasons and messages as kubelet, scheduler and controllers of Kubernetes 1.2x write them.
describe('an event', () => {
  test.each([
    ['image-pull', 'Failed', 'Failed to pull image "pay:v2": not found: manifest unknown'],
    ['image-pull', 'BackOff', 'Back-off pulling image "pay:v2"'],
    ['image-pull', 'Failed', 'Error: ImagePullBackOff: Back-off pulling image "pay:v2"'],
    ['memory-exhaustion', 'OOMKilling', 'Memory cgroup out of memory: Killed process 7 (node)'],
    ['memory-exhaustion', 'Evicted', 'The node was low on resource: memory.'],
    ['disk-full', 'Evicted', 'The node was low on resource: ephemeral-storage.'],
    ['probe', 'Unhealthy', 'Readiness probe failed: HTTP probe failed with statuscode: 500'],
    ['probe', 'Killing', 'Container api failed liveness probe, will be restarted'],
    ['scheduling', 'FailedScheduling', '0/2 nodes are available: 2 Insufficient cpu.'],
    [
      'volume',
      'FailedScheduling',
      '0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims',
    ],
    ['volume', 'FailedMount', 'MountVolume.SetUp failed for volume "data"'],
    ['crash', 'BackOff', 'Back-off restarting failed container api in pod x'],
    ['bad-config', 'Failed', 'Error: configmap "api-settings" not found'],
    ['quota-exceeded', 'FailedCreate', 'pods "x" is forbidden: exceeded quota: team'],
    ['bad-deploy', 'ProgressDeadlineExceeded', 'Deployment exceeded its progress deadline'],
    ['node-failure', 'NodeNotReady', 'Node is not ready'],
  ])('speaks of %s by %s', (faultKind, reason, message) => {
    expect(conditionOfEvent(event(reason, message), unknown)).toMatchObject({
      faultKind,
      entity: { kind: 'service', name: 'payments-api' },
      count: 7,
      firstAt: 500,
    });
  });

  test.each([
    ['a normal one', event('Pulled', 'pulled image', { type: 'Normal' })],
    ['one of another kind', event('ProbeWarning', 'Readiness probe warning')],
    ['one about nothing', event('OOMKilling', 'out of memory', { name: null })],
  ])('says nothing when it is %s', (_what, one) => {
    expect(conditionOfEvent(one, unknown)).toBeNull();
  });
});

describe('an object', () => {
  const pod = (status: object): StateObject => object('Pod', 'api-0', { status });

  test.each([
    [
      'image-pull',
      pod({
        containerStatuses: [{ name: 'a', state: { waiting: { reason: 'ImagePullBackOff' } } }],
      }),
    ],
    [
      'memory-exhaustion',
      pod({
        containerStatuses: [
          {
            name: 'a',
            restartCount: 4,
            state: { running: {} },
            lastState: { terminated: { reason: 'OOMKilled', exitCode: 137 } },
          },
        ],
      }),
    ],
    [
      'restart',
      pod({ containerStatuses: [{ name: 'a', restartCount: 3, state: { running: {} } }] }),
    ],
    [
      'scheduling',
      pod({ conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable' }] }),
    ],
    [
      'image-pull',
      object('pod', 'api-0', {
        containers: [
          { name: 'a', restart_count: 0, state: { waiting: true, reason: 'ErrImagePull' } },
        ],
      }),
    ],
    ['scaled-to-zero', object('Deployment', 'api', { spec: { replicas: 0 } })],
    [
      'node-failure',
      object('Node', 'n', { status: { conditions: [{ type: 'Ready', status: 'Unknown' }] } }),
    ],
    [
      'memory-exhaustion',
      object('Node', 'n', { status: { conditions: [{ type: 'MemoryPressure', status: 'True' }] } }),
    ],
    ['volume', object('PersistentVolumeClaim', 'data', { status: { phase: 'Pending' } })],
  ])('shows %s', (faultKind, one) => {
    expect(conditionsOfObject(one, unknown).map((condition) => condition.faultKind)).toEqual([
      faultKind,
    ]);
  });

  test.each([
    [
      'a pod that runs',
      pod({
        conditions: [{ type: 'Ready', status: 'True' }],
        containerStatuses: [{ name: 'a', restartCount: 1, state: { running: {} } }],
      }),
    ],
    [
      'a node that is ready',
      object('Node', 'n', {
        status: {
          conditions: [
            { type: 'Ready', status: 'True' },
            { type: 'DiskPressure', status: 'False' },
          ],
        },
      }),
    ],
    ['an object of no known shape', object('Pod', 'x', { status: 'odd', conditions: [1, null] })],
  ])('shows nothing in %s', (_what, one) => {
    expect(conditionsOfObject(one, unknown)).toEqual([]);
  });
});

describe('a state that may be wanted', () => {
  const idle = object('Deployment', 'shop-green', { spec: { replicas: 0 } });
  const claim = object('PersistentVolumeClaim', 'data', { status: { phase: 'Pending' } });
  const pod = (phase: string, message: string): StateObject =>
    object('Pod', 'ledger-0', {
      spec: { volumes: [{ persistentVolumeClaim: { claimName: 'data' } }] },
      status: { phase, conditions: [{ type: 'PodScheduled', status: 'False', message }] },
    });
  const scoresOf = (one: StateObject, all: readonly StateObject[] = [one]): readonly unknown[] =>
    conditionsOfObject(one, readStanding(all)).map((condition) => [
      condition.entity.name,
      scoreOfCondition(condition, 1_000),
    ]);

  test('is context: a workload that asks for no replicas, a claim that nobody waits for', () => {
    expect(scoresOf(idle)).toEqual([['shop-green', 2]]);
    expect(scoresOf(claim)).toEqual([['data', 2]]);
    expect(scoresOf(claim, [claim, pod('Running', '')])).toEqual([['data', 2]]);
  });

  test('a claim that is lost, or that a pod waits for, is a trouble, of that pod where there is one', () => {
    const lost = object('PersistentVolumeClaim', 'data', { status: { phase: 'Lost' } });
    expect(scoresOf(lost)).toEqual([['data', 5]]);
    const said = '0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims.';
    expect(scoresOf(claim, [claim, pod('Pending', said)])).toEqual([['ledger', 5]]);
    const elsewhere = { ...claim, namespace: 'other' };
    expect(scoresOf(elsewhere, [elsewhere, pod('Pending', said)])).toEqual([['data', 2]]);
  });

  test('a claim waits for its pod where that finds no node for another reason', () => {
    const said = '0/2 nodes are available: 2 Insufficient cpu.';
    expect(scoresOf(claim, [claim, pod('Pending', said)])).toEqual([['data', 2]]);
  });

  test.each([
    'Scaled down replica set shop-green-5d4 to 0',
    'Scaled down replica set shop-green-5d4 to 0 from 3',
    'Scaled down replica set shop-green-5d4 from 3 to 0',
  ])('that it came about is an event: %s', (message) => {
    const more = { type: 'Normal', kind: 'Deployment', name: 'shop-green', count: 1 };
    const scaled = event('ScalingReplicaSet', message, more);
    expect(conditionOfEvent(scaled, readStanding([idle]))).toMatchObject({
      ...{ faultKind: 'scaled-to-zero', entity: { name: 'shop-green' }, firstAt: 500 },
    });
    const rolledOut = object('Deployment', 'shop-green', { spec: { replicas: 3 } });
    expect(conditionOfEvent(scaled, readStanding([rolledOut]))).toBeNull();
  });
});

test.each([
  ['payments-api-9c1d2e3f4-2hk8w', 'payments-api'],
  ['ts-order-service-6f6cfc45b7-h5m2n', 'ts-order-service'],
  ['ledger-0', 'ledger'],
  ['fluentd-x7k2p', 'fluentd'],
  ['checkout-shop', 'checkout-shop'],
  ['standalone', 'standalone'],
])('pod %s belongs to workload %s', (pod, workload) => {
  expect(workloadOfPod(pod)).toBe(workload);
});

test('what was over a quarter of an hour before the trouble is hardly out', () => {
  const one = conditionOfEvent(event('OOMKilling', ''), unknown);
  if (one === null) throw new Error('it is a condition');
  expect(scoreOfCondition(one, one.lastAt + 60_000)).toBeCloseTo(7);
  expect(scoreOfCondition(one, one.lastAt + 3_600_000)).toBe(2);
  expect(joinConditions([one, { ...one, firstAt: 100, lastAt: 2_000 }])).toMatchObject([
    { count: 14, firstAt: 100, lastAt: 2_000 },
  ]);
});

test('the words of joined conditions are those of the most frequent, in whatever order they come', () => {
  const said = (detail: string, count: number): Condition => ({
    ...{ entity: { kind: 'service', name: 'cart' }, faultKind: 'restart', detail, count },
    ...{ firstAt: null, lastAt: 0, isOver: false },
  });
  const all = [said('seldom', 1), said('often', 5), said('as often', 5)];
  expect(joinConditions(all)).toMatchObject([{ detail: 'as often', count: 11 }]);
  expect(joinConditions(all.toReversed())).toEqual(joinConditions(all));
});
