import { watch } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../project-root.ts';

const settleMs = 200;
const watched = [
  'activities',
  'agents',
  'api',
  'config',
  'core',
  'integrations',
  'store',
  'tools',
  'workflows',
  'compose.ts',
  'worker.ts',
];

/** Calls `onChange` once a burst of changes to the product's sources has settled. Gives the way to stop watching. */
export function watchSources(onChange: () => void): () => void {
  const root = projectRoot();
  let timer: NodeJS.Timeout | undefined;
  const watchers = watched.map((name) =>
    watch(join(root, name), { recursive: true }, () => {
      clearTimeout(timer);
      timer = setTimeout(onChange, settleMs);
    }),
  );
  return () => {
    clearTimeout(timer);
    for (const watcher of watchers) watcher.close();
  };
}
