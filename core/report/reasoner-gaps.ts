import type { Report, ReportReasoner } from '../schemas/report.ts';

const reasons: Readonly<Record<ReportReasoner['fallbacks'][number]['because'], string>> = {
  outage: 'the model could not be asked',
  budget: 'the budget for the model was used up',
  'model-output': 'what the model said could not be used',
};

/** Says from which round on, of whom, the embedded policy decided though a model was to; and what of a model's words was left out. */
export function reasonerGaps(reasoner: ReportReasoner): Report['gaps'] {
  const { fallbacks, droppedCount, refusedTools } = reasoner;
  const first = new Map<string, ReportReasoner['fallbacks'][number]>();
  for (const one of fallbacks) {
    const key = `${one.role} ${one.because}`;
    const before = first.get(key);
    if (before === undefined || one.round < before.round) first.set(key, one);
  }
  return [
    ...[...first.values()].map(({ role, round, because, says }) => ({
      signal: 'model',
      reason:
        because === 'model-output'
          ? `In round ${round} of ${role} the embedded policy decided: ${reasons[because]}.`
          : `From round ${round} of ${role} on the embedded policy decided: ${reasons[because]} (${says}).`,
    })),
    ...(droppedCount === 0
      ? []
      : [
          {
            signal: 'model',
            reason: `Sentences of the model left out because no evidence carries them: ${droppedCount}.`,
          },
        ]),
    ...(refusedTools.length === 0
      ? []
      : [
          {
            signal: 'model',
            reason: `The model asked for what it must not do, and was refused: ${refusedTools.join(', ')}.`,
          },
        ]),
  ];
}
