import type { OpsReply } from '../core/ports/ops.ts';
import { utf8Length } from '../core/fit-digest.ts';
import { cutText } from './draft-evidence.ts';
import type { Json } from './evidence-data.ts';

const maxBodyBytes = 32_768;
const maxFacts = 5;
const maxFactLength = 240;
const maxDepth = 4;

/** A reply of an operator endpoint as evidence keeps it; a body over 32 KB is kept as the beginning of its text. */
export function replyData(url: string, reply: OpsReply): Json {
  const text = JSON.stringify(reply.body ?? null) ?? 'null';
  const isLarge = utf8Length(text) > maxBodyBytes;
  const body: Json = isLarge ? `${text.slice(0, maxBodyBytes / 2)}…` : (JSON.parse(text) as Json);
  return { url, status: reply.status, body };
}

/** The first few single values of a reply as `name = value`, those of inner objects by their path. */
export function replyFacts(body: unknown): readonly string[] {
  const facts: string[] = [];
  collect(body, '', 0, facts);
  return facts.slice(0, maxFacts);
}

function collect(value: unknown, path: string, depth: number, facts: string[]): void {
  if (facts.length >= maxFacts) return;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    facts.push(cutText(`${path === '' ? 'value' : path} = ${String(value)}`, maxFactLength));
    return;
  }
  if (typeof value !== 'object' || value === null || depth >= maxDepth) return;
  for (const [key, inner] of Object.entries(value)) {
    collect(inner, path === '' ? key : `${path}.${key}`, depth + 1, facts);
  }
}
