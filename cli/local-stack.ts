import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { AppError, isErrorCode } from '../core/errors.ts';
import { z } from '../core/schemas/z.ts';
import { projectRoot, scriptCommand, stateFolder } from './project.ts';

export interface HeldStack {
  readonly apiUrl: string;
  /** Gives the stack back; resolves when it has stopped, or goes on for someone else. */
  release(): Promise<void>;
}

const lineSchema = z.discriminatedUnion('event', [
  z.object({ event: z.literal('starting') }),
  z.object({ event: z.literal('ready'), apiUrl: z.string() }),
  z.object({ event: z.literal('failed'), code: z.string(), message: z.string() }),
]);
const stateSchema = z.object({ status: z.string(), keeper: z.string() });

/** Tells whether the local stack of this state folder runs. */
export function isStackRunning(env: NodeJS.ProcessEnv): boolean {
  try {
    const text = readFileSync(join(stateFolder(env), 'stack.json'), 'utf8');
    const { status, keeper } = stateSchema.parse(JSON.parse(text));
    process.kill(Number(keeper.split(':')[0]), 0);
    return status === 'ready' || status === 'starting';
  } catch {
    return false; // no stack, or one whose keeper is gone
  }
}

/**
 * Holds the local stack, running or started for it, through a process of its own: it shares one stack with all others, and gives it back even when this
 * process is killed. Rejects with `unavailable.install` when there can be none; `stopped` gives it up.
 */
export async function holdStack(
  env: NodeJS.ProcessEnv,
  stopped: AbortSignal,
  onStarting: () => void,
): Promise<HeldStack> {
  const [command, ...args] = scriptCommand('hold-stack');
  const holder = spawn(command, [...args, stateFolder(env)], {
    cwd: projectRoot(),
    env: withoutLoaders(env),
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const ended = new Promise<void>((resolve) => {
    holder.once('error', () => resolve()).once('close', () => resolve());
  });
  holder.stdin.on('error', () => undefined); // it ended first: `ended` tells
  const release = async (): Promise<void> => {
    holder.stdin.end();
    await ended;
  };
  stopped.addEventListener('abort', () => void release(), { once: true });
  const apiUrl = await readUntilReady(holder, onStarting);
  return { apiUrl, release };
}

async function readUntilReady(holder: ChildProcess, onStarting: () => void): Promise<string> {
  if (holder.stdout !== null) {
    for await (const text of createInterface({ input: holder.stdout })) {
      const line = lineSchema.parse(JSON.parse(text));
      if (line.event === 'starting') onStarting();
      if (line.event === 'ready') return line.apiUrl;
      if (line.event === 'failed') {
        throw new AppError(
          isErrorCode(line.code) ? line.code : 'unavailable.install',
          line.message,
        );
      }
    }
  }
  throw new AppError('unavailable.install', 'the holder of the local stack ended at once');
}

/** What our own process was started with to run from sources or tests is not meant for the next one. */
function withoutLoaders(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _, ...rest } = env;
  return rest;
}
