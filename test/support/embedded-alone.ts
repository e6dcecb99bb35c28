import type { ReportReasoner } from '../../core/schemas/report.ts';

/** Who decided where there is no model. */
export const embeddedAlone: ReportReasoner = {
  kind: 'embedded',
  model: null,
  promptHashes: {},
  fallbacks: [],
  repairCount: 0,
  askedAgainCount: 0,
  refusedTools: [],
  droppedCount: 0,
};
