import type { Json, ModelCall, ModelTurn } from '../../core/ports/model.ts';
import { concludeInputSchema } from '../../core/schemas/model-output.ts';
import type { ModelSentence } from '../../core/schemas/model-output.ts';
import type { Specialist } from '../../core/schemas/roles.ts';
import type { ToolCall } from '../../core/schemas/tool-call.ts';
import { clip } from '../shared/clip.ts';
import type { DraftAnswer } from './draft.ts';
import { restoreCalls } from './hide-message.ts';
import type { Restore } from './hide-message.ts';
import { mapTexts } from './map-texts.ts';
import { concludeName } from './offer-tools.ts';
import type { Offer, OfferedTool } from './offer-tools.ts';
import { clipDeep, readJson } from './repair.ts';

/** What a model wants to do next. */
export type Proposal =
  | { readonly kind: 'look'; readonly reasoning: string; readonly calls: readonly ToolCall[] }
  | {
      readonly kind: 'ask';
      readonly reasoning: string;
      readonly specialist: Specialist;
      readonly calls: readonly ToolCall[];
    }
  | {
      readonly kind: 'conclude';
      readonly reasoning: string;
      readonly claims: readonly ModelSentence[];
    };

/** A proposal, or why there is none, in words for the model. Refused calls are those of tools that were not on offer. */
export interface ReadTurn {
  readonly proposal: Proposal | null;
  readonly problem: string | null;
  /** What is wrong with each call, for the provider that wants an answer to every one. */
  readonly answers: readonly DraftAnswer[];
  readonly isRepaired: boolean;
  readonly refused: readonly string[];
}

const maxCalls = 4;

/** Reads what a model said in a round, and puts names back into what was read. A call with arguments that its tool does not take is never made: it is a problem to tell the model about. */
export function readDecision(
  turn: Pick<ModelTurn, 'text' | 'calls'>,
  restore: Restore,
  offer: Offer,
): ReadTurn {
  const text = restore(turn.text.trim());
  const spoken =
    turn.calls.length > 0 ? restoreCalls(turn.calls, restore) : callsInText(turn.text, restore);
  const isRepaired = turn.calls.length === 0 && spoken.length > 0;
  const read = spoken.slice(0, maxCalls).map((call) => readCall(call, offer));
  const refused = read.flatMap((one) => (one.kind === 'unknown' ? [one.call.name] : []));
  const base = { isRepaired, refused, answers: read.map(answerTo) };
  const conclusion = read.find((one) => one.kind === 'conclude');
  const made = read.filter((one) => one.kind === 'call');
  const broken = read.filter((one) => one.kind === 'broken');
  if (made.length > 0 && broken.length === 0) {
    return { ...base, proposal: proposalOf(made, text), problem: null };
  }
  if (conclusion !== undefined && broken.length === 0) {
    const { reasoning, claims } = conclusion;
    return { ...base, proposal: { kind: 'conclude', reasoning, claims }, problem: null };
  }
  const problem =
    broken[0]?.problem ??
    (refused.length > 0
      ? `There is no tool ${refused[0]}. Use one of the tools on offer.`
      : 'Answer with a call of one of the tools on offer.');
  const partial = made.length > 0 ? proposalOf(made, text) : null;
  return { ...base, proposal: partial, problem: clip(problem, 400) };
}

type ReadCall =
  | {
      readonly kind: 'call';
      readonly call: ModelCall;
      readonly specialist: Specialist | null;
      readonly made: ToolCall;
    }
  | {
      readonly kind: 'conclude';
      readonly call: ModelCall;
      readonly reasoning: string;
      readonly claims: readonly ModelSentence[];
    }
  | { readonly kind: 'unknown'; readonly call: ModelCall; readonly problem: string }
  | { readonly kind: 'broken'; readonly call: ModelCall; readonly problem: string };

function readCall(call: ModelCall, offer: Offer): ReadCall {
  if (call.name === concludeName) return readConclusion(call);
  const found = findTool(call.name, offer);
  if (found === null) return { kind: 'unknown', call, problem: 'There is no such tool.' };
  const { because, ...rest } = fieldsOf(call.input);
  const input = found.tool.input.safeParse(rest);
  if (!input.success) {
    const issue = input.error.issues[0];
    const where = issue === undefined ? '' : `${issue.path.join('.')}: ${issue.message}`;
    return { kind: 'broken', call, problem: `${call.name}: ${where}` };
  }
  const why = typeof because === 'string' && because !== '' ? because : 'asked for by the model';
  const made: ToolCall = {
    tool: found.tool.name,
    input: input.data as Json,
    because: clip(why, 300),
    by: 'model',
  };
  return { kind: 'call', call, specialist: found.specialist, made };
}

function readConclusion(call: ModelCall): ReadCall {
  const parsed = concludeInputSchema.safeParse(clipDeep(call.input, { text: 400, list: 8 }));
  if (parsed.success) return { kind: 'conclude', call, ...parsed.data };
  const issue = parsed.error.issues[0];
  const where = issue === undefined ? '' : `${issue.path.join('.')}: ${issue.message}`;
  return { kind: 'broken', call, problem: `conclude: ${where}` };
}

function findTool(
  name: string,
  { own, asks }: Offer,
): { readonly specialist: Specialist | null; readonly tool: OfferedTool } | null {
  const tool = own.find((one) => one.name === name);
  if (tool !== undefined) return { specialist: null, tool };
  for (const [specialist, tools] of Object.entries(asks)) {
    const theirs = tools.find((one) => `${specialist}.${one.name}` === name);
    if (theirs !== undefined) return { specialist: specialist as Specialist, tool: theirs };
  }
  return null;
}

/** One specialist is asked at a time: whoever the first call is for. */
function proposalOf(made: readonly Extract<ReadCall, { kind: 'call' }>[], said: string): Proposal {
  const specialist = made[0]?.specialist ?? null;
  const calls = made.filter((one) => one.specialist === specialist).map((one) => one.made);
  const reasoning = clip(said === '' ? (calls[0]?.because ?? '') : said, 500);
  return specialist === null
    ? { kind: 'look', reasoning, calls }
    : { kind: 'ask', reasoning, specialist, calls };
}

function answerTo(read: ReadCall): DraftAnswer {
  const { id, name } = read.call;
  const isFine = read.kind === 'call' || read.kind === 'conclude';
  return isFine
    ? { id, name, ok: false, answer: ['Not carried out: another call of this turn was wrong.'] }
    : { id, name, ok: false, answer: [read.problem] };
}

/** Some models write the call down instead of making it. */
function callsInText(text: string, restore: Restore): ModelCall[] {
  const read = readJson(text);
  if (read === undefined) return [];
  const said = mapTexts(read.value, restore);
  const listed = Array.isArray(said) ? said : [said];
  return listed.flatMap((one) => {
    const { name, tool, args, input, arguments: given } = fieldsOf(one);
    const called = name ?? tool;
    return typeof called === 'string'
      ? [{ id: null, name: called, input: args ?? input ?? given ?? {} }]
      : [];
  });
}

function fieldsOf(value: Json): Record<string, Json> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}
