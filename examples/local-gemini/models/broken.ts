import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { z } from '../../../core/schemas/z.ts';
import { seenIn } from '../prompt.ts';
import type { Prompt } from '../prompt.ts';
import { call, googleError, say } from '../reply.ts';
import type { Reply } from '../reply.ts';
import { competent } from './competent.ts';

const replySchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('text'), text: z.string(), finishReason: z.string().optional() }),
  /** An empty name stands for the first tool on offer that has to be told whom to look at. */
  z.object({ kind: z.literal('call'), name: z.string(), args: z.record(z.string(), z.unknown()) }),
  z.object({ kind: z.literal('silent'), finishReason: z.string() }),
  z.object({ kind: z.literal('blocked'), reason: z.string() }),
  z.object({
    kind: z.literal('error'),
    status: z.int(),
    name: z.string(),
    retryDelay: z.string().optional(),
    retryAfter: z.string().optional(),
  }),
  z.object({ kind: z.literal('body'), status: z.int(), body: z.string(), contentType: z.string() }),
  z.object({ kind: z.literal('hang') }),
  z.object({ kind: z.literal('drop') }),
  z.object({ kind: z.literal('wander') }),
  z.object({ kind: z.literal('drift') }),
]);

/**
 * One way of being broken, and what has to become of it. `when` says which requests are answered so: all, those of a later turn, or the first few of all; the
 * others are answered competently.
 */
export const scenarioSchema = z.strictObject({
  about: z.string(),
  when: z.union([z.enum(['always', 'later-turns']), z.object({ first: z.int().min(1) })]),
  reply: replySchema,
  expected: z.strictObject({
    /** Why the embedded policy decided, somewhere; null where the model did all through. */
    fallback: z.enum(['outage', 'model-output', 'budget']).nullable(),
    isRepaired: z.boolean().default(false),
    isRefused: z.boolean().default(false),
    isDropped: z.boolean().default(false),
  }),
});
export type Scenario = z.infer<typeof scenarioSchema>;

const folder = path.join(import.meta.dirname, '..', 'scenarios');

/** Lists the names of all scenarios. */
export function listScenarios(): readonly string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length))
    .sort();
}

export function readScenario(name: string): Scenario {
  return scenarioSchema.parse(JSON.parse(readFileSync(path.join(folder, `${name}.json`), 'utf8')));
}

/** Answers as the scenario says; `count` is how many requests of it there were before. */
export function broken(scenario: Scenario, prompt: Prompt, count: number): Reply {
  const { when } = scenario;
  const isNow =
    when === 'always' || (when === 'later-turns' ? prompt.turns > 0 : count < when.first);
  return isNow ? replyOf(scenario.reply, prompt, count) : competent(prompt);
}

function replyOf(reply: Scenario['reply'], prompt: Prompt, count: number): Reply {
  switch (reply.kind) {
    case 'text': {
      const { text, finishReason } = reply;
      return {
        kind: 'say',
        parts: [{ text }],
        ...(finishReason !== undefined && { finishReason }),
      };
    }
    case 'call':
      return say(
        call(reply.name === '' ? (closerLook(prompt) ?? 'conclude') : reply.name, reply.args),
      );
    case 'silent':
      return { kind: 'say', parts: [], finishReason: reply.finishReason };
    case 'blocked':
      return { kind: 'say', parts: [], blockReason: reply.reason };
    case 'error': {
      const { status, name, retryDelay, retryAfter } = reply;
      const type = 'type.googleapis.com/google.rpc.RetryInfo';
      const details = retryDelay === undefined ? [] : [{ '@type': type, retryDelay }];
      return {
        ...googleError(status, name, details),
        ...(retryAfter !== undefined && { retryAfter }),
      };
    }
    case 'body': {
      const { status, body, contentType } = reply;
      return { kind: 'status', status, body, contentType };
    }
    case 'wander':
      return wander(prompt, count);
    case 'drift':
      return drift(prompt, count);
    case 'hang':
    case 'drop':
      return { kind: reply.kind };
  }
}

/** The first tool on offer that has to be told whom to look at. */
function closerLook({ functions }: Prompt): string | undefined {
  return functions.find((name) =>
    /(inspect-spans|inspect-metrics|read-log-lines|inspect-change)$/.test(name),
  );
}

/** Looks at one service after the other and never comes to an end. */
function wander(prompt: Prompt, count: number): Reply {
  const { text } = prompt;
  const look = closerLook(prompt);
  const services = [...new Set(text.match(/<SERVICE_\d+>/g) ?? ['payments'])];
  const service = services[count % services.length] ?? 'payments';
  return look === undefined
    ? say(call('conclude', { reasoning: 'There is nowhere to go.', claims: [] }))
    : say(call(look, { service, because: 'One more look.' }));
}

/** Asks once more for what was seen first, and for somebody who is not there. */
function drift(prompt: Prompt, count: number): Reply {
  const look = closerLook(prompt);
  if (look === undefined) {
    return say(call('conclude', { reasoning: 'There is nothing to look with.', claims: [] }));
  }
  const again = seenIn(prompt.text).find(({ tool }) => prompt.functions.includes(tool));
  const repeated =
    again === undefined
      ? []
      : [call(again.tool, JSON.parse(again.input) as Record<string, unknown>)];
  return say(...repeated, call(look, { service: `nobody-${count}`, because: 'Is it them?' }));
}
