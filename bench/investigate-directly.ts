import { createHash } from 'node:crypto';
import { createDispatcher } from '../activities/dispatch.ts';
import { scopeBrief, scopeCalls } from '../agents/orchestrator/scope.ts';
import { citedIds, verify } from '../agents/verifier/verify.ts';
import { composeReport } from '../core/report/compose-report.ts';
import type { OpsClient } from '../core/ports/ops.ts';
import type { Read, Telemetry } from '../core/ports/telemetry.ts';
import type { Brief } from '../core/schemas/brief.ts';
import type { Evidence } from '../core/schemas/evidence.ts';
import type { Onset } from '../core/schemas/primitives.ts';
import type { Report } from '../core/schemas/report.ts';
import type { VerificationResult } from '../core/schemas/synthesis.ts';
import { openCase } from '../integrations/duckdb/open-case.ts';
import { readCase } from '../integrations/duckdb/read-case.ts';
import { catalogue } from '../tools/catalogue.ts';
import { runSquad } from './direct-squad.ts';
import type { CallTool } from './direct-loop.ts';
import type { SquadResult } from './direct-squad.ts';

/** An investigation made in this process, with what it was made from. */
export interface DirectResult {
  readonly report: Report;
  readonly brief: Brief;
  readonly squad: SquadResult;
  readonly verification: VerificationResult | null;
  readonly evidence: ReadonlyMap<string, Evidence>;
}

/** Investigates one case folder from alert to report with the embedded reasoner, as the workflows would; `without` hides kinds of telemetry. */
export async function investigateDirectly(
  dir: string,
  without: readonly string[] = [],
): Promise<DirectResult> {
  const manifest = await readCase(dir);
  const opened = await openCase({ dir });
  try {
    const startedAt = Date.now();
    const hands = createHands(withoutKinds(opened, without));
    const observed = await Promise.all(
      scopeCalls().map((call) => hands.callTool(call, 'orchestrator', 1)),
    );
    const brief = scopeBrief({
      investigationId: `inv-${manifest.name}`,
      question: manifest.question ?? null,
      alert: manifest.alert,
      window: opened.window,
      observed,
      opsServices: [],
      knownOnsetAt: opened.knownOnsetAt,
      candidates: opened.candidates,
    });
    hands.suspect(brief.suspected);
    const squad = await runSquad({ brief, callTool: hands.callTool, now: Date.now });
    const verification = verifySquad(brief, squad, hands.evidence);
    const report = composeReport({
      investigationId: brief.investigationId,
      caseName: manifest.name,
      status: 'completed',
      ...squad,
      brief,
      unfinished: [],
      verification,
      actions: [],
      cost: { ...noCost, wallMs: Date.now() - startedAt, toolCalls: hands.calls() },
    });
    return { report, brief, squad, verification, evidence: hands.evidence };
  } finally {
    await opened.close();
  }
}

const noCost = {
  wallMs: 0,
  toolCalls: 0,
  modelCalls: 0,
  inputTokens: 0,
  outputTokens: 0,
  usdMicros: 0,
};

function verifySquad(
  brief: Brief,
  { synthesis, observations }: SquadResult,
  evidence: ReadonlyMap<string, Evidence>,
): VerificationResult | null {
  if (synthesis === null) return null;
  const bodies = citedIds(synthesis).flatMap((id) => evidence.get(id) ?? []);
  return verify({ brief, synthesis, observations, evidence: bodies });
}

interface CallingHands {
  readonly callTool: CallTool;
  readonly evidence: ReadonlyMap<string, Evidence>;
  readonly calls: () => number;
  readonly suspect: (onset: Onset) => void;
}

function createHands(telemetry: Telemetry): CallingHands {
  const { window } = telemetry;
  const evidence = new Map<string, Evidence>();
  let suspected: Onset = { earliestAt: window.startAt, latestAt: window.endAt };
  let calls = 0;
  const dispatch = createDispatcher({
    catalogue,
    now: Date.now,
    sha256Hex: (text) => createHash('sha256').update(text).digest('hex'),
  });
  return {
    evidence,
    calls: () => calls,
    suspect: (onset) => {
      suspected = onset;
    },
    callTool: async (call, role, round) => {
      calls += 1;
      const done = await dispatch({
        call,
        role,
        round,
        allowed: null,
        signal: new AbortController().signal,
        context: { telemetry, ops: noOps, window, suspected },
      });
      for (const one of done.evidence) evidence.set(one.id, one);
      return done.observed;
    },
  };
}

const noOps: OpsClient = {
  services: [],
  get: () => Promise.reject(new Error('no services are registered')),
  post: () => Promise.reject(new Error('no services are registered')),
  urlOf: (service, path) => `http://${service}${path}`,
};

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
    spans: unless('traces', telemetry.spans),
    changes: unless('changes', telemetry.changes),
    records: (kind, query, signal) =>
      without.includes(kind) ? Promise.resolve(nothing) : telemetry.records(kind, query, signal),
  };
}
