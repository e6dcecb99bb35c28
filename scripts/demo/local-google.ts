import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from '../../core/schemas/z.ts';
import { isBuilt, projectRoot } from '../project-root.ts';

/** A server that plays Google Cloud, as a process of its own. */
export interface LocalGoogleProcess {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

const readySchema = z.object({ ready: z.literal(true), url: z.url() });
const readyMs = 120_000;

/** Starts the local Google, filled from a case folder. It ends with this process. */
export async function startLocalGoogleProcess(
  caseDir: string,
  projectId: string,
): Promise<LocalGoogleProcess> {
  const root = projectRoot();
  const program = isBuilt()
    ? [join(root, 'dist', 'examples', 'local-google', 'main.js')]
    : ['--import', 'tsx', join(root, 'examples', 'local-google', 'main.ts')];
  const child = spawn(process.execPath, [...program, '--case', caseDir, '--project', projectId], {
    cwd: root,
    env: { PATH: process.env['PATH'] },
    stdio: ['pipe', 'pipe', 'pipe'],
    // A Ctrl-C of the terminal is for this process, which then ends it.
    detached: true,
  });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => {
    complaint = `${complaint}${chunk.toString()}`.slice(-2_000);
  });
  const exited = once(child, 'exit');
  const stop = async (): Promise<void> => {
    child.stdin.end();
    await exited;
  };
  const ready = once(createInterface(child.stdout), 'line', {
    signal: AbortSignal.timeout(readyMs),
  }).then(([line]) => readySchema.parse(JSON.parse(String(line))).url);
  const failed = exited.then((): never => {
    throw new Error(`the local Google ended: ${complaint.trim() || 'no message'}`);
  });
  failed.catch(() => undefined);
  try {
    return { url: await Promise.race([ready, failed]), stop };
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
}
