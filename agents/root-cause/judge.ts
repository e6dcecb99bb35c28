import type { ObservedCall } from '../../core/ports/policy.ts';
import type { Brief } from '../../core/schemas/brief.ts';
import type { Verdict } from '../../core/schemas/report.ts';
import { presenceOf, unknownCoverageKind } from '../shared/coverage.ts';
import { explainAway } from '../shared/explain-away.ts';
import type { Walk } from '../shared/explain-away.ts';
import { collectFacts } from '../shared/facts.ts';
import type { Voice } from '../shared/facts.ts';
import { createPicture, supportsAlert } from '../shared/picture.ts';
import type { Picture } from '../shared/picture.ts';
import { needsNoUser } from '../shared/stated-fault.ts';
import { bringCharge, isSubstantial } from './bring-charge.ts';
import type { Charge } from './bring-charge.ts';
import { confidenceOf, confidenceTraits } from './confidence.ts';
import type { ConfidenceTraits } from './confidence.ts';
import { leadWithMatch } from './matched-change.ts';
import { rankSuspects } from './rank-suspects.ts';

/** What root cause makes of everything that was seen. `charges` are ranked; the first one is the cause exactly when the verdict says so. */
export interface Judgement {
  readonly picture: Picture;
  readonly walk: Walk;
  readonly charges: readonly Charge[];
  readonly verdict: Verdict;
  readonly confidence: number;
  /** What the confidence rests on; null where nothing is charged. */
  readonly traits: ConfidenceTraits | null;
  /** Why the verdict is what it is, in a sentence. */
  readonly because: string;
}

const maxCharges = 40;
/** Of what is more likely wrong than this nobody wants to hear at three in the morning. */
export const leastConfidence = 0.6;
export const tooThin = 'The evidence for the best explanation is too thin.';
const leastLead = 1.15;
/** Without a symptom that users felt, a cause must be this far out to be believed. */
const unfeltStrength = 6;
/** Kinds of telemetry in which it shows that somebody suffers. */
const telling: ReadonlySet<Voice> = new Set<Voice>(['traces', 'metrics', 'events', 'state']);
const mainKinds = ['metrics', 'traces', 'logs'] as const;

/** Judges the whole picture. Pure, and the same for observations in any order. */
export function judge(brief: Brief, observations: readonly ObservedCall[]): Judgement {
  const picture = createPicture(brief, collectFacts(observations));
  const walk = explainAway(picture);
  const ranked = rankSuspects(picture, walk)
    .slice(0, maxCharges)
    .map((suspect) => bringCharge(picture, suspect));
  const charges = leadWithMatch(picture, ranked);
  const traits = confidenceTraits(picture, charges);
  const confidence = confidenceOf(traits);
  const hasLooked = observations.some(({ observed }) => observed.ok);
  return {
    picture,
    walk,
    charges,
    confidence,
    traits,
    ...verdictOf({ picture, walk, charges, confidence, hasLooked }),
  };
}

function verdictOf(
  seen: Pick<Judgement, 'picture' | 'walk' | 'charges' | 'confidence'> & {
    readonly hasLooked: boolean;
  },
): Pick<Judgement, 'verdict' | 'because'> {
  const { picture, walk, charges, confidence } = seen;
  const [leading, second] = charges;
  if (!seen.hasLooked || !hasAnyTelemetry(picture)) {
    return { verdict: 'inconclusive', because: 'There was nothing to look at.' };
  }
  if (!canFeel(picture)) {
    const because =
      'Without metrics and traces nobody can tell what users felt, or where it arises.';
    return { verdict: 'inconclusive', because };
  }
  if (leading === undefined) return nothingFound(picture);
  const isFelt = picture.brief.symptomatic || isStated(picture, leading) || supportsAlert(picture);
  if (!isFelt && (leading.suspect.strength < unfeltStrength || walk.pathTo.size === 0)) {
    const because =
      'Nothing in the window supports the alert: what users felt is as before, and what shifted elsewhere did not reach them.';
    return asBefore(picture.brief, because);
  }
  if (!isSubstantial(leading)) {
    const because = 'Something suffers, but nothing shows where that arises.';
    return { verdict: 'inconclusive', because };
  }
  const lead = leading.suspect.score / Math.max(second?.suspect.score ?? 0, 1e-9);
  if (lead < leastLead) {
    return { verdict: 'inconclusive', because: 'Two explanations are about as good.' };
  }
  if (confidence < leastConfidence) {
    return { verdict: 'inconclusive', because: tooThin };
  }
  return { verdict: 'cause-found', because: leading.mechanism };
}

/** What a platform itself says is wrong now, or a gauge shows, needs no user who felt it; what a program writes does. */
function isStated(picture: Picture, { facts }: Charge): boolean {
  const [main] = facts;
  if (main === undefined || !needsNoUser(picture, main)) return false;
  return facts.some(({ aspect, voice }) => aspect === 'condition' && voice !== 'logs');
}

function hasAnyTelemetry({ brief, facts }: Picture): boolean {
  if (facts.all.length > 0 || facts.dependencies.length > 0) return true;
  return [...mainKinds, 'state'].some((kind) => presenceOf(brief, kind) === 'present');
}

/** Whether there is anything in which what users feel would show. */
function canFeel({ brief, facts }: Picture): boolean {
  if (facts.all.some(({ voice }) => telling.has(voice))) return true;
  return ['metrics', 'traces', 'state'].some((kind) => {
    const presence = presenceOf(brief, kind);
    return presence === 'present' || presence === 'unknown';
  });
}

/** Nothing is wrong, as far as one can see: which says little where nobody could find out what there is to see. */
function asBefore(brief: Brief, because: string): Pick<Judgement, 'verdict' | 'because'> {
  const isKnown = brief.coverage.every(({ kind }) => kind !== unknownCoverageKind);
  return isKnown
    ? { verdict: 'no-cause-found', because }
    : {
        verdict: 'inconclusive',
        because: `${because} What telemetry there is could not be found out.`,
      };
}

function nothingFound({ brief }: Picture): Pick<Judgement, 'verdict' | 'because'> {
  const missing = mainKinds.filter((kind) => presenceOf(brief, kind) !== 'present');
  if (!brief.symptomatic) return asBefore(brief, 'Everything that was looked at is as before.');
  return missing.length > 0
    ? {
        verdict: 'inconclusive',
        because: `Nothing stands out in what there is; ${missing.join(', ')} could have told.`,
      }
    : {
        verdict: 'no-cause-found',
        because: 'Users felt something, but nothing that was looked at explains it.',
      };
}
