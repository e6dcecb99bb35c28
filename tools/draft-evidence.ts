import type { Read } from '../core/ports/telemetry.ts';
import type { EvidenceDraft } from '../core/schemas/evidence.ts';

/** Where rows came from: exactly what was asked, and of what. */
export type Provenance = Pick<Read<unknown>, 'query' | 'source'>;

/** Cuts a text to a length and marks the cut. */
export function cutText(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}

/** Writes evidence down with its provenance; texts are cut to what the schema allows. */
export function draftEvidence(
  draft: Omit<EvidenceDraft, 'query' | 'source'> & { readonly read: Provenance },
): EvidenceDraft {
  const { read, ...rest } = draft;
  return {
    ...rest,
    key: cutText(rest.key, 200),
    title: cutText(rest.title, 300),
    source: cutText(read.source, 500),
    query: cutText(read.query, 8_000),
  };
}
