import { describe, expect, test } from '@jest/globals';
import { versionChanges } from '../../../../core/analysis/changes/version-changes.ts';

/** Instances of one service, each written as version, first and last instant. */
function changesOf(...seen: readonly (readonly [string, number, number])[]): unknown {
  const instances = seen.map(([version, firstAt, lastAt]) => {
    return { service: 'checkout', version, firstAt, lastAt };
  });
  return versionChanges(instances).map(({ version, before, at }) => [before, version, at]);
}

describe('changes of versions', () => {
  test.each([
    ['one version that runs', [['v1', 0, 100]], []],
    [
      'a deploy',
      [
        ['v1', 0, 50],
        ['v2', 48, 100],
      ],
      [['v1', 'v2', 48]],
    ],
    [
      'a restart',
      [
        ['v1', 0, 50],
        ['v1', 51, 100],
      ],
      [],
    ],
    [
      'a rolling deploy of two instances',
      [
        ['v1', 0, 40],
        ['v1', 0, 60],
        ['v2', 41, 100],
        ['v2', 61, 100],
      ],
      [['v1', 'v2', 41]],
    ],
    [
      'a rollback',
      [
        ['v1', 0, 40],
        ['v2', 41, 60],
        ['v1', 61, 100],
      ],
      [
        ['v1', 'v2', 41],
        ['v2', 'v1', 61],
      ],
    ],
    [
      'a canary, and one more instance of what runs',
      [
        ['v1', 0, 100],
        ['v2', 40, 100],
        ['v1', 50, 100],
      ],
      [['v1', 'v2', 40]],
    ],
  ] as const)('of %s', (_what, seen, expected) => {
    expect(changesOf(...seen)).toEqual(expected);
  });

  test('are of each service by itself, in order of time', () => {
    const instance = (service: string, version: string, firstAt: number) => {
      return { service, version, firstAt, lastAt: firstAt + 10 };
    };
    const seen = [
      instance('a', 'v1', 0),
      instance('b', 'v7', 0),
      instance('a', 'v2', 30),
      instance('b', 'v8', 20),
    ];
    expect(versionChanges(seen).map(({ service, at }) => [service, at])).toEqual([
      ['b', 20],
      ['a', 30],
    ]);
  });
});
