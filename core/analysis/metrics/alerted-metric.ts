import type { Series } from '../../ports/telemetry.ts';
import type { Aspect } from '../../schemas/digest.ts';

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

/** Tells whether an alert's symptom, a word or the name of a metric, speaks of a series. */
export function isAbout(
  symptom: string,
  { metric }: Pick<Series, 'metric'>,
  aspect: Aspect,
): boolean {
  const meant = bySymptom[symptom.trim().toLowerCase()];
  if (meant !== undefined) return meant.includes(aspect);
  const name = plain(symptom);
  return name.length > 0 && plain(metric) === name;
}
