import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Telemetry } from '../../core/ports/telemetry.ts';
import { canonicalJson } from '../../core/safety/canonical-json.ts';
import { startLocalGoogle } from '../../examples/local-google/start-local-google.ts';
import type { LocalGoogle } from '../../examples/local-google/start-local-google.ts';
import { openCase } from '../../integrations/duckdb/open-case.ts';
import type { OpenCase } from '../../integrations/duckdb/open-case.ts';
import { caseOf } from '../support/incidents.ts';
import { incidentsDir } from '../support/line.ts';
import { openGoogle } from './google/open-google.ts';
import type { OpenGoogle } from './google/open-google.ts';
import { telemetryLaws, warehouseLaws } from './telemetry-kit.ts';

const dir = join(incidentsDir, caseOf('bad-deploy'));
let folder: OpenCase;
let server: LocalGoogle;
let google: OpenGoogle;

beforeAll(async () => {
  folder = await openCase({ dir });
  server = await startLocalGoogle({ caseDir: dir, projectId: 'kit-project', port: 0 });
  google = openGoogle(server.url, folder.window);
});
afterAll(async () => {
  await google?.close();
  await server?.close();
  await folder?.close();
});

describe('a case folder', () => {
  telemetryLaws(() => folder);
});
describe('a project of Google Cloud', () => {
  telemetryLaws(() => google.telemetry);
  warehouseLaws(() => google.telemetry);
});

describe('both', () => {
  const { signal } = new AbortController();
  const rowsOf = async (telemetry: Telemetry, kind: 'metrics' | 'logs' | 'spans' | 'changes') => {
    const read = await telemetry[kind]({ window: folder.window, limit: 1_000_000 }, signal);
    // Rows are numbered by whoever gives them; what a change says beside its fields is its source's own.
    return read.rows
      .map((row) =>
        canonicalJson({
          ...row,
          row: 0,
          ...(kind === 'logs' || kind === 'changes' ? { attributes: {} } : {}),
        }),
      )
      .toSorted();
  };

  test.each(['metrics', 'logs', 'spans', 'changes'] as const)(
    'give the same %s, field by field',
    async (kind) => {
      const [there, here] = [await rowsOf(google.telemetry, kind), await rowsOf(folder, kind)];
      expect(there).toHaveLength(here.length);
      expect(there.filter((row, index) => row !== here[index]).slice(0, 3)).toEqual([]);
    },
  );
});
