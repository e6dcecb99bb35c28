import { toIso } from '../../core/report/iso.ts';
import type { Evidence, EvidenceSummary } from '../../core/schemas/evidence.ts';
import type { MarkdownView } from '../../core/schemas/evidence-views.ts';
import { z } from '../../core/schemas/z.ts';
import { clean, cleanJson } from './clean.ts';
import type { Style } from './style.ts';
import { wrap } from './wrap.ts';

const width = 100;

/** What was looked at, and where to look at all of it. */
export type Source = EvidenceSummary & { readonly link: string };

const documentsSchema: z.ZodType<MarkdownView> = z.object({
  documents: z.array(
    z.object({
      title: z.string(),
      source: z.string(),
      text: z.string(),
      omittedCharacters: z.int(),
    }),
  ),
  omittedDocuments: z.int(),
});

/** Writes where evidence comes from, to be repeated by whoever doubts it. */
export function sourceText(evidence: Source, style: Style): string {
  const { id, kind, title, source, query, window, tool, role, round, takenAt, link } = evidence;
  const said = typeof evidence.arguments === 'object' ? cleanJson(evidence.arguments) : '';
  const facts = [
    ['Source', source],
    ['Query', query],
    ['Window', `${toIso(window.startAt)} to ${toIso(window.endAt)}`],
    ['Looked at', `by ${role} in round ${round} with ${tool} ${said}, ${toIso(takenAt)}`],
    ['All of it', link],
  ] as const;
  const lines = facts.map(([name, fact]) => field(name, clean(fact)));
  return `${style.bold(id)}  ${kind}: ${clean(title)}\n${lines.join('')}`;
}

function field(name: string, text: string): string {
  const label = `  ${name.padEnd(10)} `;
  return `${label}${wrap(text, width - label.length, ' '.repeat(label.length))}\n`;
}

/** Writes the documents of evidence with the view `markdown`, each as it was written; nothing for other views. */
export function documentsText({ view, data }: Evidence, style: Style): string {
  const found = view === 'markdown' ? documentsSchema.safeParse(data) : null;
  if (found?.success !== true) return '';
  const { documents, omittedDocuments } = found.data;
  const parts = documents.map(({ title, source, text, omittedCharacters }) => {
    const heading = `${style.bold(clean(title))}  ${style.dim(clean(source))}`;
    const body = text.trim().split('\n').map(clean).join('\n');
    return `\n${heading}\n\n${body}\n${leftOut(omittedCharacters, 'characters')}`;
  });
  return `${parts.join('')}${leftOut(omittedDocuments, 'documents')}`;
}

function leftOut(count: number, what: string): string {
  return count === 0 ? '' : `\n${count} more ${what} were left out.\n`;
}
