import { spawn } from 'node:child_process';

const keptBytes = 64 * 1_024;

export interface CommandResult {
  /** Exit code; null when a signal ended it, and -1 when it could not be started. */
  readonly code: number | null;
  readonly stdout: string;
  /** The last 64 KB. */
  readonly stderr: string;
}

/**
 * Runs a program to its end without a shell and gives what came of it; a failure is data, not an error. After `timeoutMs` it and what it
 * started are killed. Keeps the last 64 KB of each stream.
 */
export function runCommand(
  command: string,
  args: readonly string[],
  options: {
    readonly timeoutMs: number;
    readonly cwd?: string;
    readonly env?: NodeJS.ProcessEnv;
  },
): Promise<CommandResult> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    let stdout = '';
    let stderr = '';
    const timer = setTimeout(() => {
      stderr += `\nstopped after ${options.timeoutMs} ms`;
      if (child.pid !== undefined) killGroup(child.pid);
    }, options.timeoutMs);
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      stdout = (stdout + chunk).slice(-keptBytes);
    });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      stderr = (stderr + chunk).slice(-keptBytes);
    });
    child.on('error', (error) => {
      clearTimeout(timer);
      resolve({ code: -1, stdout, stderr: error.message });
    });
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ code, stdout, stderr });
    });
  });
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // it ended by itself in the meantime
  }
}
