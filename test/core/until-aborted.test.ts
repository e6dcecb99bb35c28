import { expect, test } from '@jest/globals';
import { untilAborted } from '../../core/until-aborted.ts';

const never = new Promise<never>(() => undefined);

test('settles as the work does while nothing fires', async () => {
  const { signal } = new AbortController();
  await expect(untilAborted(Promise.resolve(1), signal)).resolves.toBe(1);
  await expect(untilAborted(Promise.reject(new Error('broken')), signal)).rejects.toThrow('broken');
});

test('waits no longer once its signal fires, or has fired', async () => {
  const stop = new AbortController();
  const waiting = untilAborted(never, stop.signal);
  stop.abort(new Error('enough'));
  await expect(waiting).rejects.toThrow('enough');
  await expect(untilAborted(never, stop.signal)).rejects.toThrow('enough');
  await expect(untilAborted(never, AbortSignal.timeout(1))).rejects.toMatchObject({
    name: 'TimeoutError',
  });
});
