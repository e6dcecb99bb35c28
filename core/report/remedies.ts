import type { FaultKind } from '../schemas/fault-kind.ts';
import type { Report } from '../schemas/report.ts';

type Cause = Report['causes'][number];
type Remedy = Report['remediations'][number];

/** One thing that helps against a kind of fault; `{name}` and `{change}` stand for the cause's. */
interface Advice extends Pick<Remedy, 'kind' | 'risk'> {
  readonly text: string;
}

const scaleOut: Advice = {
  kind: 'scale-out',
  risk: 'low',
  text: 'Add instances of {name}: they share the work.',
};
const dependency: readonly Advice[] = [
  {
    kind: 'investigate',
    risk: 'low',
    text: 'See with whoever runs {name} what slows or stops it: locks, long queries, load, its machine.',
  },
  {
    kind: 'fail-over',
    risk: 'medium',
    text: 'Where {name} has a replica or an alternative, use that meanwhile.',
  },
];
const advice: Partial<Readonly<Record<FaultKind, readonly Advice[]>>> = {
  'bad-deploy': [
    {
      kind: 'roll-back',
      risk: 'low',
      text: 'Go back to the revision of {name} before {change}: the trouble began with it.',
    },
  ],
  'bad-config': [
    {
      kind: 'revert-config',
      risk: 'low',
      text: 'Set back what {change} changed on {name}: the trouble began with it.',
    },
  ],
  'schema-change': [
    {
      kind: 'investigate',
      risk: 'medium',
      text: 'Find out whether {change} can be undone on {name}.',
    },
  ],
  'cpu-saturation': [
    {
      kind: 'restart',
      risk: 'medium',
      text: 'Restart {name}: it ends work that holds its processor.',
    },
    scaleOut,
  ],
  'memory-exhaustion': [
    {
      kind: 'restart',
      risk: 'medium',
      text: 'Restart {name} before it runs out of memory once more.',
    },
  ],
  'traffic-surge': [scaleOut],
  'insufficient-capacity': [scaleOut],
  'connection-exhaustion': [
    {
      kind: 'investigate',
      risk: 'low',
      text: 'See what holds the connections of {name}, and free them.',
    },
  ],
  'slow-dependency': dependency,
  'dependency-outage': dependency,
  'code-defect': [
    {
      kind: 'investigate',
      risk: 'low',
      text: 'Read the errors of {name} and repair the code that they come from.',
    },
  ],
};
const otherwise: readonly Advice[] = [
  {
    kind: 'investigate',
    risk: 'low',
    text: 'Look closely at {name}, where the trouble arises.',
  },
];

/**
 * Says what would help against an accepted cause, what stops the harm soonest first. Proposals for people; nothing here is carried out.
 */
export function remediesFor(cause: Cause): Remedy[] {
  const { entity, faultKind, changeId, evidenceIds } = cause;
  const words = { name: entity.name, change: changeId ?? 'the change' };
  return (advice[faultKind] ?? otherwise).map(({ kind, risk, text }) => ({
    kind,
    target: entity,
    rationale: text.replaceAll(
      /\{(name|change)\}/g,
      (_all, word: keyof typeof words) => words[word],
    ),
    risk,
    evidenceIds: evidenceIds.slice(0, 8),
  }));
}
