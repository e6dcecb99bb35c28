import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { investigateDirectly, newRow } from '../../../bench/direct/investigate-directly.ts';
import { runInProcess } from '../../../bench/direct/run-in-process.ts';
import type { Report } from '../../../core/schemas/report.ts';
import { startLocalGoogle } from '../../../examples/local-google/start-local-google.ts';
import { readCase } from '../../../integrations/duckdb/read-case.ts';
import { caseOf } from '../../support/incidents.ts';
import { incidentsDir } from '../../support/line.ts';
import { openGoogle } from './open-google.ts';

function said({ verdict, causes }: Report): object {
  return {
    verdict,
    causes: causes.map(({ entity, faultKind, changeId }) => ({ entity, faultKind, changeId })),
  };
}

async function investigateInGoogle(dir: string): Promise<{
  readonly report: Report;
  readonly counts: Readonly<Record<string, number>>;
}> {
  const { name, alert, window } = await readCase(dir);
  const server = await startLocalGoogle({ caseDir: dir, projectId: 'kit-project', port: 0 });
  const google = openGoogle(server.url, {
    startAt: Date.parse(window.start),
    endAt: Date.parse(window.end),
  });
  try {
    const row = { ...newRow, id: `inv-${name}`, request: { alert }, alert, title: alert.title };
    const left = await runInProcess({
      row: { ...row, caseDir: dir, caseName: name },
      telemetry: google.telemetry,
    });
    const report = left.report();
    if (report === null) throw new Error(`${name} ended without a report`);
    const answer = await fetch(`${server.url}/counts`);
    const { counts } = (await answer.json()) as {
      readonly counts: readonly { readonly route: string; readonly requests: number }[];
    };
    return {
      report,
      counts: Object.fromEntries(counts.map(({ route, requests }) => [route, requests])),
    };
  } finally {
    await google.close();
    await server.close();
  }
}

test.each(['bad-deploy', 'slow-dependency', 'healthy'])(
  'AU-99: %s has the same verdict and cause through Google Cloud as from its folder',
  async (alias) => {
    const dir = join(incidentsDir, caseOf(alias));
    const { report, counts } = await investigateInGoogle(dir);
    const { report: expected } = await investigateDirectly(dir);
    expect(said(report)).toEqual(said(expected));
    for (const route of [
      'logging.entries.list',
      'monitoring.timeSeries.list',
      'cloudtrace.traces.list',
    ]) {
      expect([route, counts[route] ?? 0]).not.toEqual([route, 0]);
    }
  },
  120_000,
);
