import type { Series } from '../../ports/telemetry.ts';
import type { Aspect } from '../../schemas/digest.ts';
import { ownValue } from '../../own-value.ts';

/** What the words that alerts use for a symptom mean, after the golden signals of Google's SRE book (chapter 6) and their usual synonyms. */
const bySymptom: Readonly<Record<string, readonly Aspect[]>> = {
  latency: ['duration'],
  duration: ['duration'],
  'response time': ['duration'],
  'error rate': ['error-ratio'],
  errors: ['error-ratio'],
  availability: ['error-ratio'],
  traffic: ['traffic'],
  saturation: ['cpu', 'memory', 'disk', 'connections', 'event-loop'],
  cpu: ['cpu'],
  memory: ['memory'],
  disk: ['disk'],
  connections: ['connections'],
};

const plain = (text: string): string => text.toLowerCase().replaceAll(/[^a-z0-9]+/g, '');

/** The aspects that an alert's symptom speaks of, where it is a word for one; none where it is the name of a metric. */
export function alertedAspects(symptom: string | undefined): readonly Aspect[] {
  return ownValue(bySymptom, (symptom ?? '').trim().toLowerCase()) ?? [];
}

/** Shorter names of metrics are in many words by chance. */
const leastName = 6;

/** Tells whether an alert's symptom, a word or the name of a metric, or its title, which may hold the name, speaks of a series. */
export function isAbout(
  symptom: string,
  { metric }: Pick<Series, 'metric'>,
  aspect: Aspect,
): boolean {
  const meant = alertedAspects(symptom);
  if (meant.length > 0) return meant.includes(aspect);
  const name = plain(symptom);
  const own = plain(metric);
  return name.length > 0 && (own === name || (own.length >= leastName && name.includes(own)));
}
