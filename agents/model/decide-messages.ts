import type { ModelCall } from '../../core/ports/model.ts';
import type { Decided, DecideInput, ObservedCall } from '../../core/ports/policy.ts';
import type { Decision } from '../../core/schemas/finding.ts';
import { callKey } from '../shared/calls.ts';
import { describeBrief, describeObserved, describeOrientation } from './describe-scene.ts';
import { asJson, draft, joinDrafts } from './draft.ts';
import type { Draft, DraftAnswer, DraftMessage } from './draft.ts';
import { concludeName } from './offer-tools.ts';

/** What a round shows a model, and what the embedded policy would do about it. */
export interface Scene {
  readonly input: DecideInput;
  readonly floor: Decided;
  /** Whether the last rounds brought nothing new. */
  readonly hasStagnated: boolean;
}

const maxFindings = 6;

/** The first message of a loop, alert first: all that was seen so far. */
export function openingMessage(scene: Scene): DraftMessage {
  const { brief, observations, findings, question } = scene.input;
  const parts = [
    describeBrief(brief),
    ...(question === null ? [] : [`# Your question\n${question}`]),
    ...(findings.length === 0
      ? []
      : [
          `# Findings\n${findings
            .slice(0, maxFindings)
            .map(({ role, conclusion, summary }) => `- ${role}: ${conclusion}: ${summary}`)
            .join('\n')}`,
        ]),
    draft`# Observed\n${describeObserved(observations)}`,
    standing(scene),
  ];
  return { role: 'user', text: joinDrafts(parts, '\n\n') };
}

/** The message of a later round: an answer to every call that the model made, and what else came up since. */
export function followUpMessage(
  scene: Scene,
  calls: readonly ModelCall[],
  seenBefore: number,
): DraftMessage {
  const { observations } = scene.input;
  const fresh = observations.slice(seenBefore);
  if (calls.length === 0) {
    return {
      role: 'user',
      text: draft`# Observed since\n${describeObserved(fresh)}\n\n${standing(scene)}`,
    };
  }
  const told = new Set<ObservedCall>();
  const answers = calls.map((call, index): DraftAnswer => {
    const isLast = index === calls.length - 1;
    const brought = fresh.find((one) => isAbout(one, call));
    if (brought !== undefined) told.add(brought);
    const earlier = brought ?? observations.find((one) => isAbout(one, call));
    const own = ownAnswer(call.name, brought, earlier);
    const rest = fresh.filter((one) => !told.has(one));
    const also = rest.length === 0 ? '' : draft`\n\n# Observed besides\n${describeObserved(rest)}`;
    const answer = isLast ? draft`${own}${also}\n\n${standing(scene)}` : own;
    return { id: call.id, name: call.name, ok: earlier?.observed.ok ?? true, answer };
  });
  return { role: 'answers', answers };
}

function isAbout(one: ObservedCall, call: ModelCall): boolean {
  const tool = call.name.includes('.') ? call.name.slice(call.name.indexOf('.') + 1) : call.name;
  const { input } = call;
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return false;
  const { because: _because, ...rest } = input;
  return callKey({ tool, input: rest }) === callKey(one.call);
}

/** What a call brought; one that was made before is not made again, and is answered with what it brought then. */
function ownAnswer(
  name: string,
  brought: ObservedCall | undefined,
  earlier: ObservedCall | undefined,
): Draft {
  if (brought !== undefined) return describeObserved([brought]);
  if (earlier !== undefined) {
    return draft`The same as before, not made again:\n${describeObserved([earlier])}`;
  }
  return [
    name === concludeName
      ? 'Not yet: the embedded policy wants a closer look first.'
      : 'Not made: there are too many.',
  ];
}

function standing({ input, floor, hasStagnated }: Scene): Draft {
  const must = [
    ...(hasStagnated ? ['The last two rounds brought nothing new: conclude.'] : []),
    ...(input.mustConclude === null
      ? []
      : [`The cap on ${input.mustConclude} has been reached: conclude.`]),
  ];
  const head = [describeOrientation(input.orientation), '', '# What the embedded policy would do'];
  return joinDrafts([...head, policyWords(floor), ...must], '\n');
}

function policyWords({ decision, finding }: Decided): Draft {
  switch (decision.kind) {
    case 'look':
      return draft`look: ${decision.reasoning} ${callWords(decision)}`;
    case 'ask':
      return draft`ask ${decision.specialist}: ${decision.question} ${callWords(decision)}`;
    case 'conclude':
      return [
        `conclude${finding === null ? '' : ` (${finding.conclusion})`}: ${decision.reasoning}`,
      ];
  }
}

function callWords({ calls }: Exclude<Decision, { kind: 'conclude' }>): Draft {
  const made = calls.map(({ tool, input }) => draft`${tool} ${asJson(input)}`);
  return draft`(${joinDrafts(made, ', ')})`;
}
