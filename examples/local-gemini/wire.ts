import { createHash } from 'node:crypto';
import { z } from '../../core/schemas/z.ts';

/** The parts of the REST shape of Gemini that are read here; what a real client sends besides is let through. */
const partSchema = z.looseObject({
  text: z.string().optional(),
  thought: z.boolean().optional(),
  thoughtSignature: z.string().optional(),
  functionCall: z
    .looseObject({
      id: z.string().optional(),
      name: z.string(),
      args: z.record(z.string(), z.unknown()).default({}),
    })
    .optional(),
  functionResponse: z
    .looseObject({ id: z.string().optional(), name: z.string(), response: z.unknown() })
    .optional(),
});
export type Part = z.infer<typeof partSchema>;

const contentSchema = z.looseObject({
  role: z.enum(['user', 'model']).default('user'),
  parts: z.array(partSchema).min(1),
});

export const requestSchema = z.looseObject({
  contents: z.array(contentSchema).min(1),
  systemInstruction: z.looseObject({ parts: z.array(partSchema) }).optional(),
  tools: z
    .array(
      z.looseObject({
        functionDeclarations: z
          .array(
            z.looseObject({
              name: z.string().regex(/^[A-Za-z_][A-Za-z0-9_.:-]{0,127}$/),
              description: z.string().optional(),
              parametersJsonSchema: z.record(z.string(), z.unknown()).optional(),
              parameters: z.record(z.string(), z.unknown()).optional(),
            }),
          )
          .default([]),
      }),
    )
    .default([]),
  generationConfig: z
    .looseObject({
      maxOutputTokens: z.number().optional(),
      responseMimeType: z.string().optional(),
      responseJsonSchema: z.record(z.string(), z.unknown()).optional(),
    })
    .default({}),
});
export type GeminiRequest = z.infer<typeof requestSchema>;

/** Stands for the signature of a call that another provider made. */
const foreignSignature = 'skip_thought_signature_validator';

/** The mark that a call is given and has to come back with. */
export function signatureOf(model: string, call: NonNullable<Part['functionCall']>): string {
  return createHash('sha256')
    .update(JSON.stringify([model, call.name, call.args]))
    .digest('base64');
}

/**
 * Says what Google would refuse a request for: a turn with calls that is not answered call by call, or a call of the current turn that has come back without
 * the signature it was sent with. Null when nothing is wrong.
 */
export function problemOf({ contents }: GeminiRequest, model: string): string | null {
  const lastWords = contents.findLastIndex(
    ({ role, parts }) => role === 'user' && parts.some(({ text }) => text !== undefined),
  );
  for (const [index, { role, parts }] of contents.entries()) {
    const calls = role === 'model' ? parts.filter((part) => part.functionCall !== undefined) : [];
    const next = contents[index + 1];
    const answers = next?.parts.filter((part) => part.functionResponse !== undefined) ?? [];
    if (calls.length > 0 && next !== undefined && answers.length !== calls.length) {
      return 'the number of function response parts must equal the number of function call parts';
    }
    const [first] = calls;
    if (first?.functionCall === undefined || index < lastWords) continue;
    const isSigned =
      first.thoughtSignature === foreignSignature ||
      first.thoughtSignature === signatureOf(model, first.functionCall);
    if (!isSigned) return `Function call ${first.functionCall.name} is missing a thought_signature`;
  }
  return null;
}
