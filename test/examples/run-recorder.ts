import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { builtFile } from '../support/built-product.ts';

export interface RecorderRun {
  readonly process: ChildProcess;
  /** Resolves when standard error has held `text`. */
  readonly said: (text: string) => Promise<void>;
  readonly ended: Promise<{
    readonly code: number | null;
    readonly stdout: string;
    readonly stderr: string;
  }>;
}

/** Starts the recorder; its temporary files go below `temporaryDir`. */
export function runRecorder(args: readonly string[], temporaryDir: string): RecorderRun {
  const child = spawn(process.execPath, [builtFile('examples/shop/record'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, TMPDIR: temporaryDir },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  return {
    process: child,
    said: (text) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (stderr.includes(text)) resolve();
        };
        child.stderr.on('data', look);
        child.once('close', () =>
          reject(new Error(`the recorder never said "${text}": ${stderr}`)),
        );
        look();
      }),
    ended: new Promise((resolve) => {
      child.once('close', (code) => resolve({ code, stdout, stderr }));
    }),
  };
}
