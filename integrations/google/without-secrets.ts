import { maskAttribute, maskSecrets } from '../../core/safety/masking/mask-secrets.ts';
import type { Labels } from './service-of.ts';

/** Gives a text of Google Cloud as it may go further: with its secrets masked, as they are in what is received as OTLP. In linear time. */
export function withoutSecrets(text: string): string {
  return maskSecrets(text).text;
}

/** Gives attributes likewise; the value of one called `password` is a secret whatever it looks like. */
export function labelsWithoutSecrets(labels: Labels): Labels {
  return Object.fromEntries(
    Object.entries(labels).map(([name, value]) => [name, maskAttribute(name, value).text]),
  );
}
