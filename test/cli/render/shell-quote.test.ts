import { execFileSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { shellCommand } from '../../../cli/render/shell-quote.ts';

describe('shellCommand', () => {
  test('reads back as the same arguments in a POSIX shell, whatever they hold', () => {
    const argument = fc.oneof(
      fc.string(),
      fc.constantFrom("it's", '$(touch x)', '`id`', '', '-n', '{"a":"b c"}', '~', '*', '!', '\n'),
    );
    fc.assert(
      fc.property(
        fc.array(
          argument.filter((text) => !text.includes('\u0000')),
          { maxLength: 5 },
        ),
        (args) => {
          const script = `for one in ${shellCommand(args)}; do printf '%s\\0' "$one"; done`;
          const out = execFileSync('/bin/sh', ['-c', args.length === 0 ? ':' : script]);
          expect(out.toString('utf8').split('\0').slice(0, -1)).toEqual(args);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('leaves plain words as they are', () => {
    expect(shellCommand(['temporal', '--address', '127.0.0.1:7233'])).toBe(
      'temporal --address 127.0.0.1:7233',
    );
  });
});
