import type { ObservedCall } from '../../core/ports/policy.ts';
import type { Decision } from '../../core/schemas/finding.ts';
import type { Entity } from '../../core/schemas/primitives.ts';
import type { Specialist } from '../../core/schemas/roles.ts';
import type { ToolCall } from '../../core/schemas/tool-call.ts';
import { onlyNew } from '../shared/calls.ts';
import { nameChange } from '../shared/change-words.ts';
import { clip } from '../shared/clip.ts';
import { presenceOf } from '../shared/coverage.ts';
import { entityKey, nameEntity } from '../shared/entity-key.ts';
import type { Voice } from '../shared/facts.ts';
import type { Picture } from '../shared/picture.ts';
import { timeChange } from '../shared/timing.ts';
import { isChangeOf } from './fit-changes.ts';
import type { Judgement } from './judge.ts';

interface Question {
  readonly specialist: Specialist;
  readonly signal: Voice;
  readonly question: string;
  readonly reasoning: string;
  readonly calls: readonly ToolCall[];
}

/**
 * Chooses the one question that would tell most: first about a change near the onset whose effect nobody has looked at, then about the calls of the
 * leading suspect, then about the runner-up, and last about what the leading suspect writes or uses. Null when everything has been looked at or
 * there is nothing to explain.
 */
export function chooseQuestion(
  judgement: Judgement,
  observations: readonly ObservedCall[],
): Extract<Decision, { kind: 'ask' }> | null {
  const { picture, charges } = judgement;
  if (charges.length === 0) return null;
  for (const asked of questions(judgement)) {
    if (presenceOf(picture.brief, asked.signal) === 'absent') continue;
    const calls = onlyNew(asked.calls, observations, 2);
    if (calls.length === 0) continue;
    return {
      kind: 'ask',
      specialist: asked.specialist,
      question: clip(asked.question, 300),
      reasoning: clip(asked.reasoning, 500),
      calls,
    };
  }
  return null;
}

function questions(judgement: Judgement): Question[] {
  const { picture, charges } = judgement;
  const services = servicesBehind(
    picture,
    charges.map(({ entity }) => entity),
  );
  const [first, second] = services;
  return [
    ...aboutDiffs(judgement),
    ...aboutChanges(judgement),
    ...(first === undefined ? [] : [aboutSpans(first, 'It leads the ranking')]),
    ...(second === undefined ? [] : [aboutSpans(second, 'It is the runner-up')]),
    ...(first === undefined ? [] : [aboutLines(first), aboutMetrics(first)]),
    ...(second === undefined ? [] : [aboutLines(second)]),
  ];
}

const maxSymptoms = 60;
const maxSuffering = 20;

/** Whom a commit concerns and what it does is written in its diff alone: it is held against what the suspects show. */
function aboutDiffs({ picture, charges }: Judgement): Question[] {
  const { changes, all } = picture.facts;
  const isUnread = changes.every(({ match }) => match === undefined);
  const isNobodys = changes.some(
    ({ service, touches }) => service === undefined && touches.length > 0,
  );
  if (!isUnread || !isNobodys) return [];
  const seen = all.filter(({ score, aspect }) => score >= 1 && aspect !== 'log-vanished');
  const names = [
    ...charges.map(({ entity }) => entity.name),
    ...seen.map(({ entity }) => entity.name),
  ];
  const input = {
    services: [...new Set(names)]
      .filter((name) => name !== '' && name.length <= 120)
      .slice(0, maxSuffering),
    symptoms: [...new Set(seen.flatMap(({ name }) => (name === '' ? [] : [name])))].slice(
      0,
      maxSymptoms,
    ),
  };
  return [
    {
      specialist: 'change',
      signal: 'changes',
      question: 'Does the diff of any change do what leads to these symptoms?',
      reasoning: 'Commits name no service; what they do, and to whom, is in their diffs.',
      calls: [
        { tool: 'match-changes', input, because: 'whether a diff accounts for what is seen' },
      ],
    },
  ];
}

function aboutChanges({ picture, charges }: Judgement): Question[] {
  const [leading] = charges;
  const { window, suspected } = picture.brief;
  const open = picture.facts.changes
    .map((change) => ({ change, timing: timeChange(change.at, suspected) }))
    .filter(({ change, timing }) => {
      const isComparable = change.at >= window.startAt && change.service !== undefined;
      return isComparable && change.effects === null && timing.kind === 'shortly-before';
    })
    .sort((one, other) => {
      const isOfLeading = (at: typeof one): number =>
        Number(leading !== undefined && isChangeOf(at.change, leading.entity));
      return (
        isOfLeading(other) - isOfLeading(one) ||
        other.timing.closeness - one.timing.closeness ||
        other.change.at - one.change.at ||
        (one.change.id < other.change.id ? -1 : 1)
      );
    })
    .slice(0, 2)
    .map(({ change }) => change);
  const [nearest] = open;
  if (nearest === undefined) return [];
  return [
    {
      specialist: 'change',
      signal: 'changes',
      question: `Did ${open.map((change) => nameChange(change)).join(', or ')}, alter its service?`,
      reasoning:
        'A change was made shortly before; near in time is not enough, so its effect is to be looked at.',
      calls: open.map(({ id, service = '' }) => ({
        tool: 'inspect-change',
        input: { id },
        because: clip(`whether ${service} differs between right before and right after it`, 300),
      })),
    },
  ];
}

function aboutSpans(entity: Entity, why: string): Question {
  return {
    specialist: 'trace',
    signal: 'traces',
    question: `Does the trouble arise in ${entity.name} itself, or in one of its calls?`,
    reasoning: `${why}, and its spans have not been looked at.`,
    calls: [
      {
        tool: 'inspect-spans',
        input: { service: entity.name },
        because: clip(`where ${entity.name} spends its time and where its errors arise`, 300),
      },
    ],
  };
}

function aboutLines(entity: Entity): Question {
  return {
    specialist: 'log',
    signal: 'logs',
    question: `What does ${entity.name} itself say went wrong?`,
    reasoning: 'Its own words would confirm or contradict the leading explanation.',
    calls: [
      {
        tool: 'read-log-lines',
        input: { service: entity.name, severityAtLeast: 'warn' },
        because: clip(`what ${entity.name} says`, 300),
      },
    ],
  };
}

function aboutMetrics(entity: Entity): Question {
  return {
    specialist: 'aggregation',
    signal: 'metrics',
    question: `Is ${entity.name} short of a resource?`,
    reasoning: 'A resource that ran out would be another explanation.',
    calls: [
      {
        tool: 'inspect-metrics',
        input: { service: entity.name },
        because: clip(`whether a resource of ${entity.name} ran out`, 300),
      },
    ],
  };
}

/** The services to ask about, for suspects in their order: a suspect itself, or whoever calls one that does not speak for itself. */
function servicesBehind(picture: Picture, suspects: readonly Entity[]): Entity[] {
  const services = new Map<string, Entity>();
  for (const suspect of suspects) {
    const near = picture.speaksForItself(suspect)
      ? [suspect]
      : [...picture.edgesTo(suspect).map(({ from }) => from), suspect];
    const service = near.find(({ kind }) => kind === 'service');
    if (service !== undefined) services.set(entityKey(service), service);
  }
  return [...services.values()];
}

/** Names the leading suspects for people. */
export function nameLeading({ charges }: Judgement): string {
  return charges
    .slice(0, 2)
    .map(({ entity, faultKind }) => `${faultKind} of ${nameEntity(entity)}`)
    .join(' or ');
}
