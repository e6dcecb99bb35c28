import type { ObservedCall } from '../../core/ports/policy.ts';
import type { Brief } from '../../core/schemas/brief.ts';
import type { ChangeDigest, Digest, Observation } from '../../core/schemas/digest.ts';
import type { Orientation } from '../../core/schemas/finding.ts';
import type { Onset } from '../../core/schemas/primitives.ts';
import { clip } from '../shared/clip.ts';
import { nameEntity } from '../shared/entity-key.ts';
import { formatInstant } from '../shared/timing.ts';
import { quote } from '../shared/wording.ts';
import { asJson, draft, joinDrafts } from './draft.ts';
import type { Draft } from './draft.ts';

const maxObservations = 14;
const maxDependencies = 20;
const maxChanges = 10;
const maxServices = 60;

/** Writes down what an investigation is about, alert first: the head of every first message to a model. */
export function describeBrief(brief: Brief): string {
  const { alert, question, window, suspected, symptomatic, entity, services, coverage } = brief;
  return [
    '# Alert',
    `title: ${alert.title}`,
    `severity: ${alert.severity}`,
    ...(alert.description === undefined ? [] : [`description: ${clip(alert.description, 2_000)}`]),
    ...(question === null ? [] : ['', '# Question of the person who asked', question]),
    '',
    '# Scope',
    `window: ${formatInstant(window.startAt)} to ${formatInstant(window.endAt)}`,
    symptomatic
      ? `it began ${spanOf(suspected)}; before that is baseline`
      : 'nothing that users felt supports the alert',
    `who hurts: ${entity === null ? 'not known' : nameEntity(entity)}`,
    `services: ${services.slice(0, maxServices).join(', ')}`,
    `telemetry: ${coverage.map(({ kind, rows }) => `${kind} (${rows} rows)`).join(', ')}`,
  ].join('\n');
}

/** Writes down what calls brought, with the ids by which it is cited. */
export function describeObserved(observations: readonly ObservedCall[]): Draft {
  return joinDrafts(observations.map(describeOne), '\n\n');
}

function describeOne({ call, observed }: ObservedCall): Draft {
  const head = draft`## ${call.tool} ${asJson(call.input)}`;
  if (!observed.ok) return draft`${head}\nfailed: ${observed.code}: ${observed.message}`;
  const lines = [head, `evidence: ${observed.evidenceIds.join(', ')}`];
  return joinDrafts([...lines, ...linesOf(observed.digest)], '\n');
}

/** The lines of a digest, strongest first. */
function linesOf(digest: Digest): (string | Draft)[] {
  const lines = [
    ...digest.observations.slice(0, maxObservations).map(describeShift),
    ...digest.dependencies
      .slice(0, maxDependencies)
      .map(({ from, to, calls }) => `- ${nameEntity(from)} calls ${nameEntity(to)} (${calls})`),
    ...digest.changes.slice(0, maxChanges).map(describeChange),
    ...digest.notes.map((note) => draft`- says: ${asJson(note)}`),
  ];
  return lines.length === 0 ? ['- nothing stands out'] : lines;
}

function describeShift(one: Observation): string {
  const { entity, peer, aspect, name, direction, before, after, unit, score } = one;
  const towards = peer === undefined ? '' : ` → ${nameEntity(peer)}`;
  const since = one.onset === undefined ? '' : `, ${spanOf(one.onset)}`;
  return `- ${nameEntity(entity)}${towards}: ${aspect} ${quote(name, 120)} ${direction} ${numberText(before)} → ${numberText(after)} ${unit} (score ${score.toFixed(1)}${since})`;
}

function describeChange(change: ChangeDigest): Draft {
  const { id, kind, at, service, title } = change;
  const of = service === undefined ? '' : ` of ${service}`;
  const titled = title === undefined ? '' : draft` ${asJson(title)}`;
  return draft`- change ${id}: ${kind}${of} at ${formatInstant(at)}${titled}`;
}

/** Writes down what code makes of it so far. */
export function describeOrientation({ hypotheses, openQuestions }: Orientation): string {
  const lines = hypotheses.map(
    ({ entity, faultKind, state, score, mechanism, evidenceFor }, index) =>
      `${index + 1}. [${state}] ${nameEntity(entity)}: ${faultKind}, score ${score.toFixed(1)}: ${mechanism} (evidence: ${evidenceFor.join(', ')})`,
  );
  return [
    '# Hypotheses, weighed by code',
    ...(lines.length === 0 ? ['none'] : lines),
    ...openQuestions.map((question) => `open: ${question}`),
  ].join('\n');
}

function spanOf({ earliestAt, latestAt }: Onset): string {
  return earliestAt === latestAt
    ? `at ${formatInstant(earliestAt)}`
    : `between ${formatInstant(earliestAt)} and ${formatInstant(latestAt)}`;
}

function numberText(value: number): string {
  return String(Number(value.toPrecision(4)));
}
