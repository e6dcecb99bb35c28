import { appendFile, link, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { DatabaseName, Fault } from './plan.ts';

const header = 'case,verdict,entity_kind,entity_names,fault_kind,change_id,onset\n';

/** What is right to say of a run. */
export interface Answer {
  readonly entityKind: string;
  readonly entityNames: readonly string[];
  readonly faultKind: string;
  readonly changeId: string;
}

const databaseAliases: Readonly<Record<DatabaseName, string>> = {
  ledger: 'ledger-db',
  stock: 'stock-db',
  cache: 'cache-db',
};

const ofService = (service: string, faultKind: string, changeId = ''): Answer => ({
  entityKind: 'service',
  entityNames: [service],
  faultKind,
  changeId,
});

/** The right answer to a fault. */
export function answerOf(fault: Fault): Answer {
  switch (fault.kind) {
    case 'deploy':
      return ofService(fault.service, 'bad-deploy', fault.change.id);
    case 'config':
      return ofService(fault.service, 'bad-config', fault.change.id);
    case 'work':
      return ofService(fault.service, 'cpu-saturation');
    case 'leak':
      return ofService(fault.service, 'memory-exhaustion');
    case 'reconcile':
      return ofService(fault.service, 'connection-exhaustion');
    case 'surge':
      return ofService('gateway', 'traffic-surge');
    case 'storm':
      return ofService(fault.service, 'retry-storm');
    case 'locked-table':
      return {
        entityKind: 'database',
        entityNames: [databaseAliases[fault.database], fault.database, 'postgresql', 'postgres'],
        faultKind: 'slow-dependency',
        changeId: '',
      };
    case 'busy-card-network':
      return {
        entityKind: 'external',
        entityNames: ['card-network'],
        faultKind: 'slow-dependency',
        changeId: '',
      };
  }
}

/** The row of `truth.csv` for a recording; `onsetMs` is when the fault really began, null for a healthy one. */
export function toTruthRow(name: string, fault: Fault | null, onsetMs: number | null): string {
  if (fault === null || onsetMs === null) return `${name},no-cause-found,,,,,\n`;
  const { entityKind, entityNames, faultKind, changeId } = answerOf(fault);
  const onset = new Date(onsetMs).toISOString();
  return `${[name, 'cause-found', entityKind, entityNames.join('|'), faultKind, changeId, onset].join(',')}\n`;
}

/**
 * Adds a row to `truth.csv` in `folder`, also when several recorders do so at once: the file appears whole with its
 * header, by a hard link that only one of them can make, and a row is appended in a single write.
 */
export async function addTruthRow(folder: string, row: string): Promise<void> {
  const file = path.join(folder, 'truth.csv');
  const draft = path.join(folder, `.truth-${process.pid}-${crypto.randomUUID()}.csv`);
  await writeFile(draft, header);
  try {
    await link(draft, file);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    await rm(draft, { force: true });
  }
  await appendFile(file, row);
}
