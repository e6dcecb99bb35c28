import { describe, expect, test } from '@jest/globals';
import { styleFor } from '../../../cli/render/style.ts';

describe('styleFor', () => {
  // The conventions of no-color.org and force-color.org: any value but the empty one counts.
  test.each([
    ['a terminal', true, {}, true],
    ['no terminal', false, {}, false],
    ['a terminal that can do nothing', true, { TERM: 'dumb' }, false],
    ['NO_COLOR', true, { NO_COLOR: '1' }, false],
    ['an empty NO_COLOR', true, { NO_COLOR: '' }, true],
    ['FORCE_COLOR without a terminal', false, { FORCE_COLOR: '1' }, true],
    ['FORCE_COLOR=0 on a terminal', true, { FORCE_COLOR: '0' }, false],
    ['an empty FORCE_COLOR', false, { FORCE_COLOR: '' }, false],
    ['both', true, { NO_COLOR: '1', FORCE_COLOR: '1' }, false],
  ])('%s', (_what, isTTY, env, isColoured) => {
    expect(styleFor({ isTTY }, env).bold('x') !== 'x').toBe(isColoured);
  });
});
