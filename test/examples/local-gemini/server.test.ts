import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { expect, test } from '@jest/globals';
import { programCommand } from '../../../scripts/stack/parts.ts';

test('the local Gemini ends when whoever started it is gone', async () => {
  const { command, args, cwd } = programCommand('examples/local-gemini/server');
  const child = spawn(command, [...args], { cwd, stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'close');
  await once(createInterface(child.stdout), 'line');
  child.stdin.end();
  expect(await ended).toEqual([0, null]);
});
