import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive, processMark } from '../lock.js';
import { writeFileAtomically } from '../write-file.ts';

/** What `.holdfast/stack.json` says: who keeps the stack, how far it is, and where its parts are. Only the keeper writes it once it runs. */
export interface StackState {
  readonly version: 1;
  readonly status: 'starting' | 'ready' | 'stopping' | 'failed';
  /** Mark of the process that supervises the parts. */
  readonly keeper: string;
  /** Marks of the parts that it has started, for whoever must clean up after a keeper that was killed. */
  readonly parts: Readonly<Record<string, string>>;
  readonly apiUrl: string;
  readonly temporalAddress: string;
  readonly temporalUiUrl: string | null;
  readonly databaseUrl: string;
  readonly error: string | null;
}

const stackFolder = 'stack';

export const stackPaths = {
  state: (stateDir: string) => join(stateDir, 'stack.json'),
  lock: (stateDir: string) => join(stateDir, stackFolder, 'lock'),
  leases: (stateDir: string) => join(stateDir, stackFolder, 'leases'),
  log: (stateDir: string, part: string) => join(stateDir, 'logs', `${part}.log`),
};

/** Reads the state; null when there is none or it cannot be read. */
export function readStackState(stateDir: string): StackState | null {
  try {
    const read: unknown = JSON.parse(readFileSync(stackPaths.state(stateDir), 'utf8'));
    return isStackState(read) ? read : null;
  } catch {
    return null; // there is none, or another version of the product wrote it
  }
}

function isStackState(value: unknown): value is StackState {
  return (
    typeof value === 'object' &&
    value !== null &&
    'version' in value &&
    value.version === 1 &&
    'keeper' in value &&
    typeof value.keeper === 'string'
  );
}

/** Writes the state; only its owner may read it, for it holds the database's password. */
export function writeStackState(stateDir: string, state: StackState): Promise<void> {
  const text = `${JSON.stringify(state, null, 2)}\n`;
  return writeFileAtomically(stackPaths.state(stateDir), text, 0o600);
}

/** Says that this process needs the stack. Gives the way to say that it no longer does; a process that dies no longer counts either. */
export function takeLease(stateDir: string): () => void {
  const folder = stackPaths.leases(stateDir);
  mkdirSync(folder, { recursive: true });
  const name = `${process.pid}-${randomUUID().slice(0, 8)}`;
  const path = join(folder, name);
  const part = join(folder, `.${name}`);
  writeFileSync(part, processMark(process.pid));
  renameSync(part, path); // whole from the first moment, or it would be cleared away as unreadable
  return () => rmSync(path, { force: true });
}

/** Counts the leases of living processes and clears away the others. */
export function countLeases(stateDir: string): number {
  const folder = stackPaths.leases(stateDir);
  let alive = 0;
  for (const name of listFolder(folder)) {
    if (name.startsWith('.')) continue;
    const path = join(folder, name);
    if (isAlive(readText(path))) alive++;
    else rmSync(path, { force: true });
  }
  return alive;
}

function listFolder(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // nobody ever took a lease
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // given back between two looks
  }
}
