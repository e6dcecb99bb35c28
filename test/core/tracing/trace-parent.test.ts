import { expect, test } from '@jest/globals';
import { formatTraceParent, parseTraceParent } from '../../../core/tracing/trace-parent.ts';

/** The example of W3C Trace Context, section 3.2.2.5. */
const example = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

test('reads the example of the standard, and writes it again', () => {
  const parsed = parseTraceParent(example);
  expect(parsed).toEqual({
    traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
    spanId: '00f067aa0ba902b7',
    flags: '01',
  });
  expect(parsed === null ? null : formatTraceParent(parsed)).toBe(example);
});

test.each([
  ['nothing', ''],
  ['capital letters', example.toUpperCase()],
  ['another version', example.replace('00-', '01-')],
  ['version ff', example.replace('00-', 'ff-')],
  ['no trace id', `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`],
  ['no span id', `00-4bf92f3577b34da6a3ce929d0e0e4736-${'0'.repeat(16)}-01`],
  ['more behind it', `${example}-x`],
  ['a line break behind it', `${example}\n`],
])('takes %s for none', (_what, given) => {
  expect(parseTraceParent(given)).toBeNull();
});
