import { randomUUID } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { investigateDirectly } from '../../../bench/direct/investigate-directly.ts';
import { receiveCase } from '../../../cli/receive-case.ts';
import { alertSchema } from '../../../core/schemas/alert.ts';
import type { Report } from '../../../core/schemas/report.ts';
import { findChanges } from '../../../integrations/duckdb/find-changes.ts';
import { createExportCase } from '../../../integrations/otlp/export-case.ts';
import type { CaseSubject, ExportCase } from '../../../integrations/otlp/export-case.ts';
import { createSnapshots } from '../../../integrations/otlp/snapshots.ts';
import type { Snapshots } from '../../../integrations/otlp/snapshots.ts';
import type { KeptCase } from '../../../integrations/otlp/write-kept-case.ts';
import { badDeployVersion, keepLines, retellIncident } from '../../support/receive-incident.ts';
import { openTestFolder } from '../../support/test-folder.ts';

const folder = openTestFolder('export-case');
let stateDir = '';
let snapshots: Snapshots;
let exportCase: ExportCase;
let about: KeptCase;

beforeAll(async () => {
  stateDir = folder.open();
  const endAt = Date.now();
  const { alert, lines } = await retellIncident('bad-deploy', {
    endAt,
    versionOf: badDeployVersion,
  });
  await keepLines(stateDir, lines, { openedAt: endAt - 60_000 });
  snapshots = createSnapshots({
    folder: join(stateDir, 'snapshots'),
    telemetryFolder: join(stateDir, 'telemetry'),
    limits: { maxAgeMs: 86_400_000, maxBytes: 1_000_000_000 },
    findChanges,
    now: () => Date.now(),
    newName: randomUUID,
  });
  exportCase = createExportCase(snapshots, randomUUID);
  about = {
    name: 'live-inv-1',
    alert: alertSchema.parse(alert),
    question: null,
    window: { startAt: endAt - 3_600_000, endAt },
  };
});

afterAll(() => folder.remove());

async function receive(subject: CaseSubject): Promise<string> {
  const out = join(stateDir, randomUUID());
  const lines = await exportCase(subject);
  await receiveCase(
    Readable.from(lines ?? []).map((line: string) => Buffer.from(line)),
    out,
  );
  return out;
}

/** All but the ids of evidence, which name the files that it is from. */
function answerOf({ verdict, causes, onset }: Report): unknown {
  return { verdict, causes: causes.map(({ evidenceIds: _, ...cause }) => cause), onset };
}

describe('an export', () => {
  test.each(['investigation', 'kept'] as const)(
    'of what is there by %s gives the same verdict and cause when it is investigated again',
    async (kind) => {
      const { dir } = await snapshots.take('inv-1', about);
      const live = await investigateDirectly(dir);
      const subject = { kind, about, investigationId: 'inv-1' };
      const again = await investigateDirectly(await receive(subject));
      expect(live.report.causes).toMatchObject([
        {
          entity: { kind: 'service', name: 'checkout' },
          faultKind: 'bad-deploy',
          changeId: expect.stringContaining('checkout@checkout-r119'),
        },
      ]);
      expect(answerOf(again.report)).toEqual(answerOf(live.report));
    },
  );

  test('of what is kept now leaves nothing behind, also when nobody reads it to its end', async () => {
    const lines = await exportCase({ kind: 'kept', about });
    for await (const line of lines ?? []) {
      expect(line).toContain('"incident"');
      break;
    }
    expect(await readdir(join(stateDir, 'snapshots'))).toEqual(['inv-1']);
  });

  test('of nothing is none', async () => {
    const window = { startAt: 0, endAt: 1 };
    expect(await exportCase({ kind: 'kept', about: { ...about, window } })).toBeNull();
    expect(await exportCase({ kind: 'investigation', investigationId: 'inv-2' })).toBeNull();
    expect(await readdir(join(stateDir, 'snapshots'))).toEqual(['inv-1']);
  });
});
