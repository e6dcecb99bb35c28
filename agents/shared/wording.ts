import type { Observation } from '../../core/schemas/digest.ts';
import type { Claim } from '../../core/schemas/finding.ts';
import { clip } from './clip.ts';
import { nameEntity } from './entity-key.ts';
import { isShare, millisecondsPer } from './facts.ts';
import type { Fact } from './facts.ts';

/** Writes a number with at most `digits` decimals, without trailing zeros and without an exponent. */
function plain(value: number, digits: number): string {
  const fixed = Math.abs(value) < 1e15 ? value.toFixed(digits) : value.toPrecision(3);
  const trimmed = fixed.includes('.') && !fixed.includes('e') ? fixed.replace(/\.?0+$/, '') : fixed;
  return trimmed === '-0' ? '0' : trimmed;
}

/** Keeps three significant digits, and every digit before the point. */
function significant(value: number): string {
  const size = Math.abs(value);
  const digits = size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : size >= 0.1 ? 3 : 4;
  return plain(value, digits);
}

/** Writes a measured value for people: ratios in percent, times in ms or s, sizes in MB, everything else with its unit's own words. */
export function formatValue(value: number, unit: string): string {
  const perMs = millisecondsPer(unit);
  if (perMs !== null) {
    const ms = value * perMs;
    return Math.abs(ms) >= 10_000 ? `${significant(ms / 1_000)} s` : `${significant(ms)} ms`;
  }
  if (unit === '1') return `${plain(value * 100, 1)} %`;
  if (unit === 'By') return `${plain(value / 1e6, 1)} MB`;
  const number = significant(value);
  const [, counted, per] = /^\{(\w{1,20})\}(\/s|\/\{\w{1,20}\})?$/.exec(unit) ?? [];
  if (counted !== undefined) {
    const things = number === '1' ? counted : `${counted}s`;
    const each = per === undefined || per === '/s' ? (per ?? '') : ` for each ${per.slice(2, -1)}`;
    return `${number} ${things}${each}`;
  }
  if (unit === '1/s') return `${number} a second`;
  return unit === '' ? number : `${number} ${unit}`;
}

/** Puts text that comes from telemetry between quotes, on one line and without quotes of its own. */
export function quote(text: string, maxLength = 100): string {
  return `“${clip(text.replaceAll(/[“”\s]+/g, ' ').trim(), maxLength)}”`;
}

const wholeNames: ReadonlySet<string> = new Set(['', 'all operations', 'all calls']);

/** The operation, metric or template of a fact between quotes, with a word before it; nothing where it says no more than the aspect. */
function named(fact: Observation, before: string): string {
  const { name, aspect, entity } = fact;
  if (wholeNames.has(name) || name === aspect || name === entity.name) return '';
  return `${before}${quote(name)}`;
}

/**
 * Says a fact in one sentence with its two levels, beginning with an ordinary word in lower case; the telemetry's own words stand between quotes.
 */
export function describeFact(fact: Observation): string {
  const now = formatValue(fact.after, fact.unit);
  const then = `, before ${formatValue(fact.before, fact.unit)}`;
  return clip(`${sentenceOf(fact, now)}${then}`, 400);
}

function sentenceOf(fact: Observation, now: string): string {
  const who = nameEntity(fact.entity);
  const peer = fact.peer === undefined ? 'others' : nameEntity(fact.peer);
  const toPeer = fact.peer === undefined ? '' : ` to ${peer}`;
  switch (fact.aspect) {
    case 'error-ratio':
      if (!isShare(fact)) return `errors of ${who}${named(fact, ' ')} number ${now}`;
      return `the share of requests to ${who}${named(fact, ' ')} that fail is ${now}`;
    case 'own-error':
      return `the share of requests to ${who}${named(fact, ' ')} that fail by its own doing is ${now}`;
    case 'duration':
      return `requests to ${who}${named(fact, ' ')} take ${now}`;
    case 'self-time':
      return `the time that ${who} spends in itself${named(fact, ' on ')} is ${now}`;
    case 'omission':
      return `the share of requests to ${who} without the usual ${quote(fact.name)} is ${now}`;
    case 'traffic':
      return `traffic of ${who}${toPeer} is ${now}`;
    case 'edge-duration':
      return `calls from ${who} to ${peer}${named(fact, ' ')} take ${now}`;
    case 'edge-error':
      if (!isShare(fact))
        return `failed calls from ${who} to ${peer}${named(fact, ' ')} number ${now}`;
      return `the share of calls from ${who} to ${peer}${named(fact, ' ')} that fail is ${now}`;
    case 'edge-traffic':
      return `calls from ${who} to ${peer}${named(fact, ' ')} number ${now}`;
    case 'edge-gap':
      return `what calls from ${who} to ${peer}${named(fact, ' ')} take longer than ${peer} says is ${now}`;
    case 'edge-fan-out':
      return `the number of calls from ${who} to ${peer} for each request to ${who} is ${now}`;
    case 'log-new':
      return `the log line ${quote(fact.name)} of ${who} is new, ${now}`;
    case 'log-rate':
      return `the log line ${quote(fact.name)} of ${who} is written ${now}`;
    case 'log-vanished':
      return `the log line ${quote(fact.name)} of ${who} is gone, ${now}`;
    case 'condition':
      return `it is said of ${who}${named(fact, ' ')}: ${now}`;
    case 'alert':
      return `alerts about ${who}${named(fact, ' ')} went off: ${now}`;
    case 'memory':
      return millisecondsPer(fact.unit) === null
        ? `memory of ${who}${named(fact, ' ')} is ${now}`
        : `the time that ${who} spends on its memory${named(fact, ' ')} is ${now}`;
    case 'other-metric':
      return `the metric ${quote(fact.name)} of ${who} is ${now}`;
    default:
      return `${fact.aspect} of ${who}${toPeer}${named(fact, ' ')} is ${now}`;
  }
}

/** Makes a sentence of a clause that begins with an ordinary word: a capital first. Names are never changed. */
export function capitalised(clause: string): string {
  return clause.charAt(0).toUpperCase() + clause.slice(1);
}

/** Turns facts into claims: each sentence once, citing every piece of evidence in which it stands. */
export function claimFacts(facts: readonly Fact[], max: number): Claim[] {
  const ids = new Map<string, string[]>();
  for (const fact of facts) {
    if (fact.evidenceIds.length === 0) continue;
    const text = capitalised(describeFact(fact));
    ids.set(text, [...(ids.get(text) ?? []), ...fact.evidenceIds]);
  }
  return [...ids]
    .slice(0, max)
    .map(([text, evidenceIds]) => ({ text, evidenceIds: [...new Set(evidenceIds)].slice(0, 8) }));
}

/** Distinct evidence ids of several facts, in their order. */
export function idsOf(
  cited: readonly { readonly evidenceIds: readonly string[] }[],
  max = 8,
): string[] {
  return [...new Set(cited.flatMap(({ evidenceIds }) => evidenceIds))].slice(0, max);
}
