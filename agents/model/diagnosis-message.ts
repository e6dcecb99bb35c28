import type { ObservedCall } from '../../core/ports/policy.ts';
import type { Brief } from '../../core/schemas/brief.ts';
import type { SynthesisResult } from '../../core/schemas/synthesis.ts';
import { nameEntity } from '../shared/entity-key.ts';
import { describeBrief, describeObserved } from './describe-scene.ts';
import { draft, joinDrafts } from './draft.ts';
import type { DraftMessage } from './draft.ts';

const maxObserved = 12;

/** What a model is told when it is to put an investigation into words: the alert, what was verified, and the evidence behind it. */
export function diagnosisMessage(found: {
  readonly brief: Brief;
  readonly synthesis: SynthesisResult;
  readonly observations: readonly ObservedCall[];
}): DraftMessage {
  const { brief, synthesis } = found;
  const cited = new Set(synthesis.claims.flatMap(({ evidenceIds }) => evidenceIds));
  const isCited = ({ observed }: ObservedCall): boolean =>
    observed.ok && observed.evidenceIds.some((id) => cited.has(id));
  const parts = [
    describeBrief(brief),
    `# Verdict\n${synthesis.verdict}: ${synthesis.summary}`,
    causesOf(synthesis),
    `# Claims, verified\n${listed(synthesis.claims)}`,
    `# Chain\n${synthesis.chain.map(({ from, to }) => `- ${nameEntity(from)} → ${nameEntity(to)}`).join('\n')}`,
    draft`# Observed\n${describeObserved(found.observations.filter(isCited).slice(0, maxObserved))}`,
  ];
  return { role: 'user', text: joinDrafts(parts, '\n\n') };
}

function causesOf({ causes }: SynthesisResult): string {
  const lines = causes.map(
    ({ entity, faultKind, mechanism, evidenceIds }) =>
      `- ${nameEntity(entity)}: ${faultKind}: ${mechanism} [${evidenceIds.join(', ')}]`,
  );
  return `# Cause, verified\n${lines.length === 0 ? 'none was found' : lines.join('\n')}`;
}

function listed(claims: SynthesisResult['claims']): string {
  return claims.map(({ text, evidenceIds }) => `- ${text} [${evidenceIds.join(', ')}]`).join('\n');
}
