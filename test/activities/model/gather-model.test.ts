import { expect, test } from '@jest/globals';
import { lastingFailure } from '../../../activities/model/gather-model.ts';

const call = (stepKey: string, code: string | null) => ({
  ...{ stepKey, code },
  state: code === null ? ('settled' as const) : ('failed' as const),
});

test('what failed and was then answered is no reason for anything', () => {
  expect(lastingFailure([])).toBeNull();
  expect(
    lastingFailure([call('plan', 'rate-limited.model'), call('plan', null), call('log.r1', null)]),
  ).toBeNull();
});

test('the last call of a step that failed is, of several the last', () => {
  const calls = [
    call('trace.r1', 'timeout.model'),
    call('log.r1', 'rate-limited.model'),
    call('trace.r1', 'unavailable.model'),
    call('log.r1', null),
  ];
  expect(lastingFailure(calls)).toBe('unavailable.model');
});
