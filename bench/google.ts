import { join } from 'node:path';
import { startLocalGoogle } from '../examples/local-google/start-local-google.ts';
import { listCases } from '../integrations/duckdb/find-cases.ts';
import { readCase } from '../integrations/duckdb/read-case.ts';
import { createGoogleClients } from '../integrations/google/clients.ts';
import { createGoogleTelemetry } from '../integrations/google/google-telemetry.ts';
import type { Report } from '../core/schemas/report.ts';
import { projectRoot } from '../scripts/project-root.ts';
import { investigateDirectly, newRow } from './direct/investigate-directly.ts';
import { runInProcess } from './direct/run-in-process.ts';
import { writeResults } from './results.ts';

const projectId = 'bench-project';
const folder = join(projectRoot(), 'examples', 'incidents');

interface Count {
  readonly route: string;
  readonly requests: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
}

/** What an investigation asks of each backend of Google, over the bundled incidents, and whether it finds what it finds in their folders. Writes its section of docs/results.md. */
export async function google(): Promise<boolean> {
  process.env['METADATA_SERVER_DETECTION'] = 'none';
  const names = await listCases(folder);
  const all: (readonly Count[])[] = [];
  let same = 0;
  for (const name of names) {
    const { report, counts } = await throughGoogle(name);
    const { report: expected } = await investigateDirectly(join(folder, name));
    if (JSON.stringify(saidBy(report)) === JSON.stringify(saidBy(expected))) same += 1;
    all.push(counts);
  }
  const text = `The ${names.length} bundled incidents through the clients of Google Cloud and a local server that is filled from each: ${same} of ${names.length} have the
same verdict and cause as from their folders. What one investigation asks, at most of all, and what goes over the wire:

${tableOf(all)}`;
  process.stdout.write(`${text}\n`);
  await writeResults('google', text);
  return same === names.length;
}

function saidBy({ verdict, causes }: Report): unknown {
  return [verdict, causes.map(({ entity, faultKind, changeId }) => [entity, faultKind, changeId])];
}

async function throughGoogle(
  name: string,
): Promise<{ readonly report: Report; readonly counts: readonly Count[] }> {
  const caseDir = join(folder, name);
  const { alert, window } = await readCase(caseDir);
  const server = await startLocalGoogle({ caseDir, projectId, port: 0 });
  const connection = {
    ...{ projectId, endpoint: server.url, metricPrefixes: ['workload.googleapis.com/'] },
    warehouse: { table: 'telemetry.samples', location: 'US', maxBytes: 1_000_000_000 },
  };
  const clients = createGoogleClients(connection);
  try {
    const telemetry = createGoogleTelemetry({
      ...{ connection, clients },
      window: { startAt: Date.parse(window.start), endAt: Date.parse(window.end) },
    });
    const row = { ...newRow, id: `inv-${name}`, request: { alert }, alert, title: alert.title };
    const left = await runInProcess({
      row: { ...row, caseDir, caseName: name },
      telemetry,
    });
    const report = left.report();
    if (report === null) throw new Error(`${name} ended without a report`);
    const answer = await fetch(`${server.url}/counts`);
    const { counts } = (await answer.json()) as { readonly counts: readonly Count[] };
    return { report, counts };
  } finally {
    await clients.close();
    await server.close();
  }
}

function tableOf(all: readonly (readonly Count[])[]): string {
  const routes = [...new Set(all.flatMap((counts) => counts.map(({ route }) => route)))];
  const most = (route: string, pick: (count: Count) => number): number =>
    Math.max(
      ...all.map((counts) =>
        counts.filter((one) => one.route === route).reduce((sum, one) => sum + pick(one), 0),
      ),
    );
  const kilobytes = (bytes: number): string => (bytes / 1_000).toFixed(0);
  return [
    '| method | requests | sent, kB | received, kB |',
    '|---|---|---|---|',
    ...routes.toSorted().map((route) => {
      const sent = kilobytes(most(route, ({ bytesIn }) => bytesIn));
      const received = kilobytes(most(route, ({ bytesOut }) => bytesOut));
      return `| ${route} | ${most(route, ({ requests }) => requests)} | ${sent} | ${received} |`;
    }),
  ].join('\n');
}
