import { AppError } from '../../core/errors.ts';
import { sentencesOf, type Sentence } from '../../core/report/sentences.ts';
import { evidenceIdSchema } from '../../core/schemas/primitives.ts';
import type { Client } from '../client.ts';
import type { Io } from '../io.ts';
import { clean, cleanJson } from '../render/clean.ts';
import { documentsText, sourceText, type Source } from '../render/evidence.ts';
import type { Style } from '../render/style.ts';
import { wrap } from '../render/wrap.ts';
import { withSession } from '../session.ts';

const width = 100;

/**
 * Carries out `holdfast why`: goes from a sentence of the report, called by its number or by words of it, to the evidence that it stands on, and from
 * there to exact query, window and source. Without one, or with words that several have, lists the sentences with their numbers. Evidence called by its
 * id is shown itself, with the documents that it consists of.
 */
export async function why(
  io: Io,
  id: string,
  wanted: string | undefined,
  options: { readonly json: boolean },
): Promise<number> {
  return withSession(io, async ({ client }) => {
    const called = evidenceIdSchema.safeParse(wanted?.trim());
    if (called.success) return showEvidence(io, client, { id, evidenceId: called.data }, options);
    const sentences = findSentences(id, sentencesOf(await client.report(id)), wanted ?? '');
    const [sentence] = sentences;
    if (wanted === undefined || sentence === undefined || sentences.length > 1) {
      if (options.json) io.print(`${cleanJson({ investigationId: id, sentences })}\n`);
      else io.print(listText(id, sentences, io.style));
      return 0;
    }
    const evidence = await sourcesOf(client, id, sentence);
    if (options.json) io.print(`${cleanJson({ investigationId: id, sentence, evidence })}\n`);
    else io.print(`${sentenceText(sentence, io.style)}\n${evidenceText(id, evidence, io.style)}`);
    return 0;
  });
}

async function showEvidence(
  io: Io,
  client: Client,
  { id, evidenceId }: { readonly id: string; readonly evidenceId: string },
  { json }: { readonly json: boolean },
): Promise<number> {
  const evidence = await client.pieceOfEvidence(id, evidenceId);
  const source = { ...evidence, link: linkTo(client, id, evidenceId) };
  const text = `${sourceText(source, io.style)}${documentsText(evidence, io.style)}`;
  io.print(json ? `${cleanJson({ investigationId: id, evidence })}\n` : text);
  return 0;
}

function findSentences(
  id: string,
  sentences: readonly Sentence[],
  wanted: string,
): readonly Sentence[] {
  const words = wanted.trim().toLowerCase();
  const found = /^\d+$/.test(words)
    ? sentences.filter(({ number }) => number === Number(words))
    : sentences.filter(({ text }) => clean(text).toLowerCase().includes(words));
  if (found.length > 0 || words === '') return found;
  throw new AppError(
    'invalid.request',
    `no sentence of the report of ${id} is or holds "${wanted}"; it has ${sentences.length}, and \`holdfast why ${id}\` lists them`,
  );
}

async function sourcesOf(
  client: Client,
  id: string,
  { evidenceIds }: Sentence,
): Promise<readonly Source[]> {
  if (evidenceIds.length === 0) return [];
  const known = new Map((await client.evidence(id)).map((one) => [one.id, one]));
  return evidenceIds.flatMap((evidenceId) => {
    const found = known.get(evidenceId);
    return found === undefined ? [] : [{ ...found, link: linkTo(client, id, evidenceId) }];
  });
}

function linkTo(client: Client, id: string, evidenceId: string): string {
  const path = `/api/v1/investigations/${encodeURIComponent(id)}/evidence/${evidenceId}`;
  return new URL(path, client.url).href;
}

function listText(id: string, sentences: readonly Sentence[], style: Style): string {
  if (sentences.length === 0) return 'The report has no sentence that stands on evidence.\n';
  const lines = sentences.map((sentence) => sentenceText(sentence, style));
  return `${lines.join('')}\nholdfast why ${clean(id)} N says where sentence N comes from.\n`;
}

function sentenceText({ number, section, text }: Sentence, style: Style): string {
  const label = `${String(number).padStart(3)}  `;
  const indent = ' '.repeat(label.length);
  return `${style.bold(label)}${wrap(`[${section}] ${clean(text)}`, width - label.length, indent)}\n`;
}

function evidenceText(id: string, evidence: readonly Source[], style: Style): string {
  if (evidence.length === 0) return 'It cites no evidence.\n';
  const shown = evidence.map((one) => sourceText(one, style));
  return `${shown.join('\n')}\nThe whole report: holdfast show ${clean(id)}\n`;
}
