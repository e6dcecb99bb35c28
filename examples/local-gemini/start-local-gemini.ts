import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Prompt } from './prompt.ts';
import { programCommand } from '../../scripts/stack/parts.ts';

export interface LocalGemini {
  readonly url: string;
  readonly pid: number;
  /** Connections in all, and requests by model and by client. */
  counts(): Promise<{
    readonly connections: number;
    readonly models: Readonly<Record<string, number>>;
    readonly clients: Readonly<Record<string, number>>;
  }>;
  /** What models were told, at most the last 500 times. */
  prompts(): Promise<readonly (Prompt & { readonly model: string })[]>;
  stop(): Promise<void>;
}

const startMs = 30_000;

/** Starts the local Gemini as a process of its own, on a free port. It ends with this process, and is told nothing of its settings. */
export async function startLocalGemini(): Promise<LocalGemini> {
  const { command, args, cwd } = programCommand('examples/local-gemini/server');
  const child = spawn(command, [...args], {
    cwd,
    env: { PATH: process.env['PATH'] },
    stdio: ['pipe', 'pipe', 'inherit'],
    // A Ctrl-C of the terminal is for this process, which then ends it.
    detached: true,
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const lines = createInterface({ input: child.stdout });
  const url = await new Promise<string>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('the local Gemini does not start')), startMs);
    lines.once('line', (line) => resolve(line));
    child.once('close', () => reject(new Error('the local Gemini ended as it started')));
    child.once('spawn', () => late.unref());
  }).catch((error: unknown) => {
    child.kill('SIGKILL');
    throw error;
  });
  return {
    url,
    pid: child.pid ?? 0,
    counts: async () => {
      const response = await fetch(`${url}/counts`);
      return (await response.json()) as Awaited<ReturnType<LocalGemini['counts']>>;
    },
    prompts: async () => {
      const response = await fetch(`${url}/prompts`);
      return (await response.json()) as Awaited<ReturnType<LocalGemini['prompts']>>;
    },
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
