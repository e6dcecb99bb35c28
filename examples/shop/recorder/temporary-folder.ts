import { spawn } from 'node:child_process';
import { chmod, mkdtemp } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

/** A folder that goes away with this process, together with the database that runs in it. */
export interface TemporaryFolder {
  readonly path: string;
  readonly databaseDir: string;
  /** Removes the folder now. */
  readonly remove: () => Promise<void>;
}

const guardScript = `
cat > /dev/null
pid=$(head -n 1 "$1/database/postmaster.pid" 2> /dev/null)
if [ -n "$pid" ]; then
  kill -INT "$pid" 2> /dev/null
  tries=0
  while kill -0 "$pid" 2> /dev/null && [ $tries -lt 100 ]; do sleep 0.1; tries=$((tries + 1)); done
fi
rm -rf "$1"
`;

/**
 * Makes a temporary folder and starts a guard for it: a shell that waits for the end of its standard input, which comes
 * also when this process is killed, then stops a database still running there and removes the folder. Other users may
 * pass through the folder, because PostgreSQL refuses to run as root.
 */
export async function makeTemporaryFolder(): Promise<TemporaryFolder> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'shop-recording-'));
  await chmod(folder, 0o755);
  const guard = spawn('sh', ['-c', guardScript, 'guard', folder], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  guard.unref();
  const hasExited = new Promise<void>((resolve) => {
    guard.once('exit', () => resolve());
    guard.once('error', () => resolve());
  });
  return {
    path: folder,
    databaseDir: path.join(folder, 'database'),
    remove: () => {
      guard.ref();
      guard.stdin.end();
      return hasExited;
    },
  };
}
