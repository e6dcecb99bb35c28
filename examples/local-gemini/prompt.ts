import type { GeminiRequest } from './wire.ts';

/** What a scripted model goes by: the words of the conversation and what is on offer. It knows nothing else of an incident. */
export interface Prompt {
  readonly system: string;
  /** All that was said to the model, in order. */
  readonly text: string;
  /** What was said last. */
  readonly latest: string;
  readonly functions: readonly string[];
  /** Names of the fields of the JSON that is asked for; empty for a free answer. */
  readonly fields: readonly string[];
  /** Turns that the model has had before. */
  readonly turns: number;
}

export function readPrompt(request: GeminiRequest): Prompt {
  const said = request.contents
    .filter(({ role }) => role === 'user')
    .map(({ parts }) =>
      parts.map((part) => part.text ?? textIn(part.functionResponse?.response)).join('\n'),
    );
  const schema = request.generationConfig.responseJsonSchema ?? {};
  const properties = schema['properties'];
  return {
    system: (request.systemInstruction?.parts ?? []).map(({ text }) => text ?? '').join('\n'),
    text: said.join('\n\n'),
    latest: said.at(-1) ?? '',
    functions: request.tools.flatMap(({ functionDeclarations }) =>
      functionDeclarations.map(({ name }) => name),
    ),
    fields: typeof properties === 'object' && properties !== null ? Object.keys(properties) : [],
    turns: request.contents.filter(({ role }) => role === 'model').length,
  };
}

function textIn(response: unknown): string {
  if (typeof response !== 'object' || response === null) return '';
  return Object.values(response).map(String).join('\n');
}

/** Gives the lines under the last heading of this name. */
export function linesUnder(text: string, heading: string): readonly string[] {
  const start = text.lastIndexOf(`# ${heading}\n`);
  if (start < 0) return [];
  const rest = text.slice(start + heading.length + 3);
  const end = rest.search(/^#/m);
  return (end < 0 ? rest : rest.slice(0, end)).split('\n').filter((line) => line !== '');
}

/** One call that was made, and what it brought, as the text shows it. */
export interface Seen {
  readonly tool: string;
  readonly input: string;
  readonly evidenceIds: readonly string[];
  readonly lines: readonly string[];
}

/** Gives every call of which the text tells. */
export function seenIn(text: string): readonly Seen[] {
  return text
    .split(/^## /m)
    .slice(1)
    .map((block) => {
      const [head = '', ...lines] = block.split('\n');
      const space = head.indexOf(' ');
      return {
        tool: space < 0 ? head : head.slice(0, space),
        input: space < 0 ? '' : head.slice(space + 1),
        evidenceIds: block.match(/ev-[0-9a-f]{16}/g) ?? [],
        lines: lines.filter((line) => line.startsWith('- ')),
      };
    });
}

/** A hypothesis as the text states it. */
export interface Stated {
  readonly state: string;
  readonly name: string;
  readonly fault: string;
  readonly evidenceIds: readonly string[];
}

/** Gives the hypotheses as they stand now, best first. */
export function hypothesesIn(text: string): readonly Stated[] {
  return linesUnder(text, 'Hypotheses, weighed by code').flatMap((line) => {
    const found = /^\d+\. \[([a-z]+)\] (.+?): ([a-z-]+), score/.exec(line);
    if (found === null) return [];
    const [, state = '', name = '', fault = ''] = found;
    return [{ state, name, fault, evidenceIds: line.match(/ev-[0-9a-f]{16}/g) ?? [] }];
  });
}
