import { expect, test } from '@jest/globals';
import {
  conditionOfEvent,
  conditionsOfObject,
  joinConditions,
  scoreOfCondition,
} from '../../../../core/analysis/platform/condition.ts';
import { readStanding } from '../../../../core/analysis/platform/standing.ts';
import type { ClusterEvent, StateObject } from '../../../../core/ports/telemetry.ts';

const hourMs = 3_600_000;
const now = 10 * hourMs;

const object = (kind: string, name: string, body: StateObject['body']): StateObject => ({
  at: now,
  kind,
  name,
  namespace: null,
  body,
});
const warning = (kind: string, name: string, message: string): ClusterEvent => ({
  at: now - 60_000,
  firstAt: null,
  reason: 'Warning',
  kind,
  name,
  namespace: null,
  type: 'Warning',
  count: 6,
  message,
});
const crash = 'Back-off restarting failed container api';
const deployment = (ready: number): StateObject =>
  object('Deployment', 'shop', { desired: 2, ready, unavailable: 2 - ready });

test('a pod belongs to the longest workload that its name begins with, whatever form it has', () => {
  const { entityOf } = readStanding([deployment(2), object('StatefulSet', 'shop-cache', {})]);
  expect(entityOf('Pod', 'shop-newset-7c-001').name).toBe('shop');
  expect(entityOf('Pod', 'shop-cache-0').name).toBe('shop-cache');
  expect(entityOf('Pod', 'cart-6c4ab5d9c-x2x4z').name).toBe('cart');
});

test('what was said of an object that stands well again is over, and goes on where it does not', () => {
  const ready = { conditions: [{ type: 'Ready', status: 'True' }] };
  const standing = readStanding([deployment(2), object('Pod', 'shop-a', ready)]);
  const scoreOf = (event: ClusterEvent, known = standing): number => {
    const condition = conditionOfEvent(event, known);
    if (condition === null) throw new Error('it is a condition');
    return scoreOfCondition(condition, now);
  };
  expect(scoreOf(warning('Pod', 'shop-a', crash))).toBe(2);
  expect(scoreOf(warning('Pod', 'shop-that-is-gone', crash))).toBe(2);
  expect(scoreOf(warning('Pod', 'shop-a', crash), readStanding([deployment(1)]))).toBeGreaterThan(
    6,
  );
});

test('an object that is being removed says nothing, and its events are over', () => {
  const going = object('Pod', 'shop-old', {
    deletion_timestamp: '2026-04-18T09:38:00Z',
    containers: [{ name: 'api', ready: false, state: { reason: 'CrashLoopBackOff' } }],
  });
  const standing = readStanding([going]);
  expect(conditionsOfObject(going, standing)).toEqual([]);
  expect(conditionOfEvent(warning('Pod', 'shop-old', crash), standing)?.isOver).toBe(true);
});

test('how a container ended before it served for a quarter of an hour is over', () => {
  const pod = (startedAt: number): StateObject =>
    object('Pod', 'shop-a', {
      status: {
        containerStatuses: [
          {
            name: 'api',
            ready: true,
            restartCount: 1,
            state: { running: { startedAt: new Date(startedAt).toISOString() } },
            lastState: { terminated: { reason: 'OOMKilled' } },
          },
        ],
      },
    });
  const faultsOf = (one: StateObject): readonly string[] =>
    conditionsOfObject(one, readStanding([])).map(({ faultKind }) => faultKind);
  expect(faultsOf(pod(now - hourMs))).toEqual([]);
  expect(faultsOf(pod(now - 60_000))).toEqual(['memory-exhaustion']);
});

test('a node tells its conditions also as fields of its own', () => {
  const standing = readStanding([]);
  const faultsOf = (body: StateObject['body']): readonly string[] =>
    conditionsOfObject(object('Node', 'n', body), standing).map(({ faultKind }) => faultKind);
  expect(faultsOf({ ready: 'True', memory_pressure: 'False' })).toEqual([]);
  expect(faultsOf({ ready: 'Unknown' })).toEqual(['node-failure']);
  expect(faultsOf({ ready: true, disk_pressure: 'True' })).toEqual(['disk-full']);
});

test('joined with what goes on, what is over counts no more', () => {
  const standing = readStanding([object('Pod', 'shop-a', { ready: 'True' }), deployment(1)]);
  const conditions = ['shop-a', 'shop-b'].flatMap(
    (name) => conditionOfEvent(warning('Pod', name, crash), standing) ?? [],
  );
  expect(conditions.map(({ isOver }) => isOver)).toEqual([true, false]);
  expect(joinConditions(conditions)).toMatchObject([{ count: 6, isOver: false }]);
});
