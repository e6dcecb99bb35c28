import type { Brief } from '../../core/schemas/brief.ts';
import type { PlanOutput } from '../../core/schemas/model-output.ts';
import type { Plan } from '../../core/schemas/plan.ts';
import { clip } from '../shared/clip.ts';
import { describeBrief } from './describe-scene.ts';
import { draft } from './draft.ts';
import type { DraftMessage } from './draft.ts';

/** What a model is told when it is to word the questions of a plan. */
export function planMessage(brief: Brief, plan: Plan): DraftMessage {
  const lines = plan.assignments.map(({ role, question, calls }) => {
    const tools = calls.map(({ tool }) => tool).join(', ');
    return `- ${role} (looks first with ${tools}): ${question}`;
  });
  return { role: 'user', text: draft`${describeBrief(brief)}\n\n# The plan\n${lines.join('\n')}` };
}

/** Puts a model's questions in the place of the plan's own, for those who are in it. */
export function rewordPlan(plan: Plan, { questions }: PlanOutput): Plan {
  const worded = new Map(questions.map(({ role, question }) => [role, question]));
  return {
    ...plan,
    assignments: plan.assignments.map((one) => ({
      ...one,
      question: clip(worded.get(one.role) ?? one.question, 300),
    })),
  };
}
