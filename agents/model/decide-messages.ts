import type { ModelAnswer, ModelMessage, SaidTurn } from '../../core/ports/model.ts';
import type { Decided, DecideInput, ObservedCall } from '../../core/ports/policy.ts';
import type { Decision } from '../../core/schemas/finding.ts';
import { callKey } from '../shared/calls.ts';
import { describeBrief, describeObserved, describeOrientation } from './describe-scene.ts';
import { concludeName } from './offer-tools.ts';

/** What a round shows a model, and what the embedded policy would do about it. */
export interface Scene {
  readonly input: DecideInput;
  readonly floor: Decided;
}

const maxFindings = 6;

/** The first message of a loop, alert first: all that was seen so far. */
export function openingMessage(scene: Scene): ModelMessage {
  const { brief, observations, findings, question } = scene.input;
  const text = [
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
    `# Observed\n${describeObserved(observations)}`,
    standing(scene),
  ].join('\n\n');
  return { role: 'user', text };
}

/** The message of a later round: an answer to every call that the model made, and what else came up since. */
export function followUpMessage(scene: Scene, said: SaidTurn, seenBefore: number): ModelMessage {
  const fresh = scene.input.observations.slice(seenBefore);
  if (said.calls.length === 0) {
    return {
      role: 'user',
      text: `# Observed since\n${describeObserved(fresh)}\n\n${standing(scene)}`,
    };
  }
  const told = new Set<ObservedCall>();
  const answers = said.calls.map((call, index): ModelAnswer => {
    const isLast = index === said.calls.length - 1;
    const brought = fresh.find((one) => isAbout(one, call));
    if (brought !== undefined) told.add(brought);
    const own = brought === undefined ? notMade(call.name) : describeObserved([brought]);
    const rest = fresh.filter((one) => !told.has(one));
    const also = rest.length === 0 ? '' : `\n\n# Observed besides\n${describeObserved(rest)}`;
    const answer = isLast ? `${own}${also}\n\n${standing(scene)}` : own;
    return { id: call.id, name: call.name, ok: brought?.observed.ok ?? true, answer };
  });
  return { role: 'answers', answers };
}

function isAbout(one: ObservedCall, call: SaidTurn['calls'][number]): boolean {
  const tool = call.name.includes('.') ? call.name.slice(call.name.indexOf('.') + 1) : call.name;
  const { input } = call;
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return false;
  const { because: _because, ...rest } = input;
  return callKey({ tool, input: rest }) === callKey(one.call);
}

function notMade(name: string): string {
  return name === concludeName
    ? 'Not yet: the embedded policy wants a closer look first.'
    : 'Not made: it was made before, or there are too many.';
}

function standing({ input, floor }: Scene): string {
  const must =
    input.mustConclude === null
      ? []
      : [`The cap on ${input.mustConclude} has been reached: conclude.`];
  return [
    describeOrientation(input.orientation),
    '',
    '# What the embedded policy would do',
    policyWords(floor),
    ...must,
  ].join('\n');
}

function policyWords({ decision, finding }: Decided): string {
  switch (decision.kind) {
    case 'look':
      return `look: ${decision.reasoning} ${callWords(decision)}`;
    case 'ask':
      return `ask ${decision.specialist}: ${decision.question} ${callWords(decision)}`;
    case 'conclude':
      return `conclude${finding === null ? '' : ` (${finding.conclusion})`}: ${decision.reasoning}`;
  }
}

function callWords({ calls }: Exclude<Decision, { kind: 'conclude' }>): string {
  return `(${calls.map(({ tool, input }) => `${tool} ${JSON.stringify(input)}`).join(', ')})`;
}
