import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { aroundChange } from '../../../../core/analysis/changes/around-change.ts';
import {
  changedSettings,
  changeTouches,
} from '../../../../core/analysis/changes/change-touches.ts';

const yamlChange = {
  kind: 'config',
  files: ['config/payments.yaml'],
  diff: [
    '--- a/config/payments.yaml',
    '+++ b/config/payments.yaml',
    '@@ -1,4 +1,4 @@',
    '-cardNetworkTimeoutMs: 2500',
    '+cardNetworkTimeoutMs: 40',
    '-  "retries": 1,',
    '+  "retries": 1,',
    '+pool.max = 20',
    ' untouched: 1',
  ].join('\n'),
};

describe('changedSettings', () => {
  test('reads keys with their old and new values from configuration files', () => {
    expect(changedSettings(yamlChange)).toEqual([
      { key: 'cardNetworkTimeoutMs', before: '2500', after: '40' },
      { key: 'pool.max', before: null, after: '20' },
    ]);
  });

  test('takes code for code, and a bare diff of a configuration change for settings', () => {
    const code = { kind: 'deploy', files: ['a.ts'], diff: '--- a/a.ts\n+++ b/a.ts\n+x: 1' };
    expect(changedSettings(code)).toEqual([]);
    const bare = { kind: 'flag', files: [], diff: '-new-checkout: off\n+new-checkout: on' };
    expect(changedSettings(bare)).toEqual([{ key: 'new-checkout', before: 'off', after: 'on' }]);
  });
});

describe('changeTouches', () => {
  test('names settings before files, and files by their stems', () => {
    expect(changeTouches(yamlChange)).toEqual(['cardNetworkTimeoutMs', 'pool.max']);
    expect(
      changeTouches({
        kind: 'deploy',
        files: ['checkout/loyalty.ts', 'checkout/routes.ts', 'Dockerfile'],
        diff: '--- a/checkout/loyalty.ts\n+++ b/checkout/loyalty.ts\n-a\n+b',
      }),
    ).toEqual(['loyalty', 'routes', 'Dockerfile']);
    expect(changeTouches({ kind: 'scale', files: [], diff: null })).toEqual([]);
  });

  test('keeps to six short names for any diff', () => {
    const line = fc.tuple(fc.constantFrom('+', '-', ' ', '+++ b/', '--- a/', '@@'), fc.string());
    fc.assert(
      fc.property(fc.array(line), fc.array(fc.string()), (lines, files) => {
        const diff = lines.map(([sign, text]) => `${sign}${text}`).join('\n');
        const touches = changeTouches({ kind: 'config', files, diff });
        expect(touches.length).toBeLessThanOrEqual(6);
        for (const name of touches) expect(name.length > 0 && name.length <= 60).toBe(true);
      }),
    );
  });
});

describe('aroundChange', () => {
  const window = { startAt: 0, endAt: 600_000 };
  const everySecond = Array.from({ length: 600 }, (_unused, index) => index * 1_000);

  test('looks just as far as it takes to see forty requests on either side', () => {
    expect(
      aroundChange({ window, changeAt: 300_000, requestsAt: everySecond, otherTroubleAt: null }),
    ).toEqual({
      baseline: [{ startAt: 240_000, endAt: 300_000 }],
      after: [{ startAt: 300_000, endAt: 360_000 }],
    });
  });

  test('ends before other trouble, when enough was seen until then', () => {
    const around = (otherTroubleAt: number) =>
      aroundChange({ window, changeAt: 300_000, requestsAt: everySecond, otherTroubleAt });
    expect(around(330_000)?.after).toEqual([{ startAt: 300_000, endAt: 330_000 }]);
    expect(around(305_000)?.after).toEqual([{ startAt: 300_000, endAt: 360_000 }]);
    expect(around(200_000)?.after[0]?.endAt).toBe(360_000);
  });

  test('has nothing to compare for a change at the edge of the window or outside it', () => {
    for (const changeAt of [0, 600_000, -5, 700_000]) {
      const found = aroundChange({ window, changeAt, requestsAt: [], otherTroubleAt: null });
      expect(found).toBeNull();
    }
  });
});
