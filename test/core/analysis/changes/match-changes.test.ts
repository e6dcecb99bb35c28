import { describe, expect, test } from '@jest/globals';
import { isOfService } from '../../../../core/analysis/changes/change-reach.ts';
import { matchChanges } from '../../../../core/analysis/changes/match-changes.ts';
import type { ChangeEvidence } from '../../../../core/analysis/changes/match-changes.ts';
import type { Change } from '../../../../core/ports/telemetry.ts';

const minuteMs = 60_000;
const onsetAt = 60 * minuteMs;

const commit = (id: string, more: Partial<Change>): Change => ({
  id,
  kind: 'commit',
  at: onsetAt - 20 * minuteMs,
  title: 'tidy up',
  author: null,
  url: null,
  files: [],
  diff: null,
  attributes: {},
  ...more,
});
const deploy = (revision: string, service: string, at: number): Change =>
  commit(`d-${revision}`, { kind: 'deploy', revision, service, at });

const evidence = (
  texts: readonly string[],
  more: Partial<ChangeEvidence> = {},
): ChangeEvidence => ({
  texts,
  suffering: ['orders-service', 'gateway'],
  known: ['orders-service', 'gateway', 'mailservice'],
  onset: { earliestAt: onsetAt, latestAt: onsetAt + minuteMs },
  ...more,
});

const waits = ['db_pool_wait_seconds', 'could not acquire a connection: pool exhausted'];
const smallPool = {
  files: ['pkg/database/pool.go'],
  diff: '-\tdefaultMaxConns = 40\n+\tdefaultMaxConns = 4',
};

describe('a change accounts for symptoms', () => {
  test('when its diff does what leads to them, in a library that a deploy brought to who suffers', () => {
    const changes = [
      commit('c1', smallPool),
      commit('c2', {
        files: ['services/orders/pool.go'],
        diff: '-\tMaxConns = 40\n+\tMaxConns = 60',
      }),
      commit('c3', {
        files: ['services/orders/log.go'],
        diff: '-log.Debug(pool)\n+log.Info(pool)',
      }),
      deploy('c1', 'orders-service', onsetAt - 10 * minuteMs),
    ];
    const [best, ...others] = matchChanges(changes, evidence(waits));
    expect(best).toMatchObject({
      change: { id: 'c1' },
      reach: { services: ['orders-service'], at: onsetAt - 10 * minuteMs, weight: 1 },
    });
    expect(best?.score).toBeGreaterThanOrEqual(0.5);
    expect(best?.because).toBe(
      'It lowers “defaultMaxConns” from “40” to “4”; the evidence speaks of what that leads to: “db_pool_wait_seconds”.',
    );
    expect(others.map(({ score }) => score)).toEqual([0, 0]);
  });

  test('when they call by name what only that diff brings in', () => {
    const said = ['ERROR: relation "order_notes" does not exist'];
    const diff = '+\trows := db.Query("SELECT text FROM order_notes")';
    const [best] = matchChanges(
      [commit('c1', { files: ['services/orders/notes.go'], diff }), commit('c2', smallPool)],
      evidence(said),
    );
    expect(best).toMatchObject({ change: { id: 'c1' } });
    expect(best?.because).toContain('It brings in “order_notes”');
  });

  test('hours later, too', () => {
    const [late] = matchChanges(
      [commit('c1', { ...smallPool, files: ['services/orders/pool.go'], at: 0 })],
      evidence(waits),
    );
    expect(late?.score).toBeGreaterThanOrEqual(0.5);
  });
});

describe('a change accounts for nothing', () => {
  test.each([
    [
      'that is of a service that does not suffer',
      { files: ['services/mail/pool.go'], diff: smallPool.diff },
      'It reaches no service that suffers.',
    ],
    [
      'that was made afterwards',
      { ...smallPool, at: onsetAt + 2 * minuteMs },
      'It took effect when the trouble had already begun.',
    ],
    [
      'that is of tests',
      { files: ['pkg/database/pool_test.go'], diff: smallPool.diff },
      'It touches nothing that a program runs by.',
    ],
    [
      'whose diff only moves code',
      {
        files: ['services/orders/a.go'],
        diff: '-\treturn pool.Wait(ctx)\n+\treturn s.wait(ctx)\n+}\n+func wait() {\n+\treturn pool.Wait(ctx)',
      },
      'Its diff does nothing that leads to what is seen.',
    ],
    [
      'that does something else',
      { files: ['services/orders/a.go'], diff: '-\ttimeout: 5s\n+\ttimeout: 1s' },
      'It lowers “timeout” from “5s” to “1s”, which does not lead to what is seen.',
    ],
    [
      'that has no diff',
      { files: ['services/orders/a.go'] },
      'Its diff does nothing that leads to what is seen.',
    ],
  ])('%s', (_what, more, because) => {
    expect(matchChanges([commit('c1', more)], evidence(waits))).toMatchObject([
      { score: 0, because },
    ]);
  });
});

test.each([
  ['services/search/query.go', 'searchservice', true],
  ['cart-svc/src/main.py', 'cart-svc', true],
  ['apps/payment-gateway/index.ts', 'payment_gateway', true],
  ['storage/src/TSO/server.cpp', 'storage-tso', true],
  ['pkg/search/query.go', 'research', false],
  ['services/cart/x.go', 'cart-worker', false],
])('%s is of %s: %s', (file, service, isOne) => {
  expect(isOfService(commit('c', { files: [file] }), service)).toBe(isOne);
});

test('the scope of a title says whose a change is', () => {
  expect(
    isOfService(commit('c', { title: 'fix(search): order of results' }), 'searchservice'),
  ).toBe(true);
  expect(isOfService(commit('c', { title: '#mail reword' }), 'mailservice')).toBe(true);
});
