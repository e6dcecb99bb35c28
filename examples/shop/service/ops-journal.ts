import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';

/** What one idempotency key asked for, and what came of it. */
export interface OpsAction {
  readonly key: string;
  readonly request: { readonly toRevision: string };
  /** `interrupted`: the process died before anything was applied; the same request may be sent again. */
  readonly state: 'in-progress' | 'applied' | 'interrupted';
  readonly requestedAt: string;
  readonly completedAt?: string;
  readonly response?: Readonly<Record<string, unknown>>;
}

interface JournalContent {
  readonly revision?: string;
  readonly previousRevision?: string;
  readonly actions: readonly OpsAction[];
}

/** The durable memory of a service's operations: the serving release and every key it was given. */
export interface OpsJournal {
  readonly servingRevision: () => string | undefined;
  readonly previousRevision: () => string | undefined;
  readonly find: (key: string) => OpsAction | undefined;
  readonly begin: (action: OpsAction) => void;
  /** Records the finished action and the release that serves from now on, both or neither. */
  readonly complete: (action: OpsAction, revision: string, previousRevision: string) => void;
}

const maxActions = 1_000;

function readContent(file: string): JournalContent {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
      return { actions: [] };
    throw error;
  }
  return JSON.parse(text) as JournalContent;
}

function writeContent(file: string, content: JournalContent): void {
  const temporary = `${file}.${process.pid}.tmp`;
  const handle = openSync(temporary, 'w', 0o600);
  try {
    writeSync(handle, `${JSON.stringify(content)}\n`);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(temporary, file);
  const folder = openSync(path.dirname(file), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

/**
 * Opens the journal `NAME-ops.json` in `stateDir`. Each write replaces the file whole and is flushed to disk before it
 * returns, so a kill at any moment leaves the state before or after it. A key found in progress belonged to a process
 * that died before applying it and becomes `interrupted`. Keeps the newest thousand keys.
 */
export function openOpsJournal(stateDir: string, service: string): OpsJournal {
  mkdirSync(stateDir, { recursive: true });
  const file = path.join(stateDir, `${service}-ops.json`);
  const initial = readContent(file);
  let head: Omit<JournalContent, 'actions'> = initial;
  const actions = new Map<string, OpsAction>(
    initial.actions.map((action) => [
      action.key,
      action.state === 'in-progress' ? { ...action, state: 'interrupted' as const } : action,
    ]),
  );
  const put = (action: OpsAction): void => {
    actions.delete(action.key);
    actions.set(action.key, action);
    writeContent(file, { ...head, actions: [...actions.values()].slice(-maxActions) });
  };
  return {
    servingRevision: () => head.revision,
    previousRevision: () => head.previousRevision,
    find: (key) => actions.get(key),
    begin: put,
    complete: (action, revision, previousRevision) => {
      head = { revision, previousRevision };
      put(action);
    },
  };
}
