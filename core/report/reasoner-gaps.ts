import type { Report, ReportReasoner } from '../schemas/report.ts';

const reasons: Readonly<Record<ReportReasoner['fallbacks'][number]['because'], string>> = {
  outage: 'the model could not be asked',
  budget: 'the budget for the model was used up',
  'model-output': 'what the model said could not be used',
};

/** Says from which round on, of whom, the embedded policy decided though a model was to; and what of a model's words was left out. */
export function reasonerGaps(reasoner: ReportReasoner): Report['gaps'] {
  const { fallbacks, droppedCount, refusedTools } = reasoner;
  return [
    ...(['outage', 'budget', 'model-output'] as const).flatMap((because) => {
      const some = fallbacks.filter((one) => one.because === because);
      return some.length === 0 ? [] : [{ signal: 'model', reason: sayFallbacks(because, some) }];
    }),
    ...(droppedCount === 0
      ? []
      : [
          {
            signal: 'model',
            reason: `Sentences of the model left out, which no evidence carries or the verdict does not hold: ${droppedCount}.`,
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

type Fallbacks = ReportReasoner['fallbacks'];

/** A model that is away, or is paid no more, stays so; one that was not understood is asked in the next round. */
function sayFallbacks(because: Fallbacks[number]['because'], fallbacks: Fallbacks): string {
  if (because === 'model-output') {
    return `In ${listRounds(fallbacks)} the embedded policy decided: ${reasons[because]}.`;
  }
  const first = new Map<string, Fallbacks[number]>();
  for (const one of fallbacks) {
    const before = first.get(one.role);
    if (before === undefined || one.round < before.round) first.set(one.role, one);
  }
  const says = fallbacks[0]?.says ?? '';
  return `From ${listRounds([...first.values()])} on the embedded policy decided: ${reasons[because]} (${says}).`;
}

function listRounds(fallbacks: Fallbacks): string {
  return fallbacks.map(({ role, round }) => `round ${round} of ${role}`).join(', ');
}
