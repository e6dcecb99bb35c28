import type { ObservedCall } from '../../core/ports/policy.ts';
import type { Read, Telemetry } from '../../core/ports/telemetry.ts';
import type { Brief } from '../../core/schemas/brief.ts';
import type { Evidence } from '../../core/schemas/evidence.ts';
import type { Report } from '../../core/schemas/report.ts';
import type { VerificationResult } from '../../core/schemas/synthesis.ts';
import { openCase } from '../../integrations/duckdb/open-case.ts';
import { readCase } from '../../integrations/duckdb/read-case.ts';
import type { InvestigationRow } from '../../store/store.ts';
import { runInProcess } from './run-in-process.ts';
import type { InProcess } from './run-in-process.ts';

/** An investigation made in this process, with what it was made from. */
export interface DirectResult {
  readonly report: Report;
  readonly brief: Brief;
  readonly observations: readonly ObservedCall[];
  readonly verification: VerificationResult | null;
  readonly evidence: ReadonlyMap<string, Evidence>;
}

/** Investigates one case folder from alert to report with the embedded reasoner, in this process; `without` hides kinds of telemetry. */
export async function investigateDirectly(
  dir: string,
  without: readonly string[] = [],
  model?: InProcess['model'],
): Promise<DirectResult> {
  const { name, alert, question } = await readCase(dir);
  const opened = await openCase({ dir });
  try {
    const row: InvestigationRow = {
      ...newRow,
      id: `inv-${name}`,
      request: { case: name, ...(question !== undefined && { question }) },
      caseDir: dir,
      caseName: name,
      alert,
      title: alert.title,
    };
    const left = await runInProcess({
      row,
      telemetry: withoutKinds(opened, without),
      ...(model !== undefined && { model }),
    });
    const report = left.report();
    if (report === null) throw new Error(`${name} ended without a report`);
    const [brief] = left.kept(/^scope$/);
    const [verification = null] = left.kept(/^verify$/);
    return {
      report,
      brief: brief as Brief,
      observations: left.kept(/\.observe\.\d+$/) as readonly ObservedCall[],
      verification: verification as VerificationResult | null,
      evidence: left.evidence,
    };
  } finally {
    await opened.close();
  }
}

/** A request that has just been accepted. */
export const newRow = {
  trigger: 'cli',
  status: 'accepted',
  phase: null,
  percent: 0,
  verdict: null,
  summary: null,
  createdAt: 0,
  startedAt: null,
  endedAt: null,
} as const;

/** The same telemetry as if some kinds had never been recorded. */
function withoutKinds(telemetry: Telemetry, without: readonly string[]): Telemetry {
  const nothing: Read<never> = { rows: [], query: '', source: 'none', truncated: null };
  const unless = <Method>(kind: string, method: Method): Method | (() => Promise<Read<never>>) =>
    without.includes(kind) ? () => Promise.resolve(nothing) : method;
  return {
    window: telemetry.window,
    baselines: telemetry.baselines,
    candidates: telemetry.candidates,
    knownOnsetAt: telemetry.knownOnsetAt,
    coverage: async (signal) =>
      (await telemetry.coverage(signal)).filter(({ kind }) => !without.includes(kind)),
    metrics: unless('metrics', telemetry.metrics),
    logs: unless('logs', telemetry.logs),
    logAttributes: telemetry.logAttributes,
    spans: unless('traces', telemetry.spans),
    changes: unless('changes', telemetry.changes),
    records: (kind, query, signal) =>
      without.includes(kind) ? Promise.resolve(nothing) : telemetry.records(kind, query, signal),
  };
}
