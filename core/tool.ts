import { fitDigest, keptSize } from './fit-digest.ts';
import type { DigestDraft } from './fit-digest.ts';
import type { Tool, ToolContext, ToolResult } from './ports/tool.ts';
import type { EvidenceDraft } from './schemas/evidence.ts';

/** What a tool hands back before its digest is brought within bounds. */
export type ToolAnswer =
  | {
      readonly ok: true;
      readonly evidence: readonly EvidenceDraft[];
      readonly digest: DigestDraft;
    }
  | Extract<ToolResult, { ok: false }>;

/** A tool as its file writes it down. */
export type ToolDefinition<Input> = Omit<Tool<Input>, 'run'> & {
  readonly run: (input: Input, context: ToolContext) => Promise<ToolAnswer>;
};

/** Makes a tool of its definition: names the digest and brings it within its limits, so that every tool cuts in the same way and says so. Rejects
 * with the abort reason when the signal has already fired. */
export function defineTool<Input>(definition: ToolDefinition<Input>): Tool<Input> {
  return {
    ...definition,
    run: async (input, context) => {
      context.signal.throwIfAborted();
      const answer = await definition.run(input, context);
      return answer.ok
        ? { ...answer, digest: fitDigest(definition.name, answer.digest, keptSize) }
        : answer;
    },
  };
}
