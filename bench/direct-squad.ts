import type { Ended, LoopCaps } from '../agents/loop.ts';
import { planInvestigation } from '../agents/orchestrator/plan.ts';
import { roster } from '../agents/roster.ts';
import type { ObservedCall } from '../core/ports/policy.ts';
import type { RoundRecord } from '../core/report/to-iteration.ts';
import type { Brief } from '../core/schemas/brief.ts';
import type { Finding } from '../core/schemas/finding.ts';
import type { Plan } from '../core/schemas/plan.ts';
import type { Specialist } from '../core/schemas/roles.ts';
import type { SynthesisResult } from '../core/schemas/synthesis.ts';
import { runDirectLoop } from './direct-loop.ts';
import type { CallTool, DirectLoop, DirectLoopResult } from './direct-loop.ts';

/** What a squad brought back. */
export interface SquadResult {
  readonly plan: Plan;
  readonly findings: readonly Finding[];
  readonly observations: readonly ObservedCall[];
  readonly synthesis: SynthesisResult | null;
  readonly rounds: readonly RoundRecord[];
  readonly ended: Ended;
}

/**
 * Runs a whole squad in this process: the same reducer, policies and order as the workflows, without Temporal or a database. `now` gives the time for
 * deadlines; by default it stands still, so that a run depends on nothing but its input.
 */
export async function runSquad(options: {
  readonly brief: Brief;
  readonly callTool: CallTool;
  readonly caps?: Partial<Record<Specialist | 'root-cause', Partial<LoopCaps>>>;
  readonly now?: () => number;
}): Promise<SquadResult> {
  const { brief, callTool, now = () => 0 } = options;
  const plan = planInvestigation(brief);
  const findings: Finding[] = [];
  const observed: ObservedCall[] = [];
  const rounds: RoundRecord[] = [];
  const capsOf = (role: Specialist | 'root-cause'): LoopCaps => {
    const { wallMs, ...counts } = roster[role].caps;
    return { ...counts, deadlineAt: now() + wallMs, ...options.caps?.[role] };
  };
  const run = (
    loop: Pick<DirectLoop, 'role' | 'caps' | 'calls' | 'question' | 'isAnswer'>,
    rest: Pick<DirectLoop, 'squad' | 'ask'> = alone,
  ): Promise<DirectLoopResult> => runDirectLoop({ ...loop, ...rest, brief, callTool, now });
  const keep = (result: DirectLoopResult): void => {
    observed.push(...result.observed);
    rounds.push(...result.rounds);
    if (result.finding !== null) findings.push(result.finding);
  };
  const specialists = plan.assignments.map(({ role, question, calls }) =>
    run({ role, caps: capsOf(role), calls, question }),
  );
  (await Promise.all(specialists)).forEach(keep);
  const root = await run(
    { role: 'root-cause', caps: capsOf('root-cause'), calls: [], question: null },
    {
      squad: () => ({ findings, observed }),
      ask: async ({ specialist: role, question, calls }) => {
        const caps = { ...capsOf(role), rounds: 2, calls: calls.length + 1 };
        keep(await run({ role, caps, calls, question, isAnswer: true }));
      },
    },
  );
  rounds.push(...root.rounds);
  return {
    plan,
    findings: root.finding === null ? findings : [...findings, root.finding],
    observations: observed,
    synthesis: root.synthesis,
    rounds,
    ended: root.ended,
  };
}

const alone: Pick<DirectLoop, 'squad' | 'ask'> = {
  squad: () => ({ findings: [], observed: [] }),
  ask: () => Promise.resolve(),
};
