import { isFields } from '../signals.ts';
import type { Fields } from '../signals.ts';
import { cleanAttributes } from './clean-attributes.ts';
import { longest } from './cleaning.ts';
import type { Cleaning } from './cleaning.ts';
import { instantText, integerText, numberOf, optionalInstant, smallInteger } from './numbers.ts';

const forms = ['gauge', 'sum', 'histogram', 'exponentialHistogram', 'summary'] as const;
const temporalities = ['UNSPECIFIED', 'DELTA', 'CUMULATIVE'].map(
  (name) => `AGGREGATION_TEMPORALITY_${name}`,
);

/** A metric whose points are still to be looked at. */
export interface MetricHead {
  readonly name: string;
  readonly points: readonly unknown[];
  /** Whether its points are counts of values, not values. */
  readonly isDistribution: boolean;
  /** Puts the points that are kept back into the metric. */
  readonly withPoints: (points: readonly string[]) => string;
}

/** Reads all of a metric but its points; when that has failed, so have they. */
export function cleanMetric(metric: Fields, cleaning: Cleaning): MetricHead {
  const name = cleaning.text(metric['name'], longest.name);
  if (name.trim() === '') cleaning.fail('no-name');
  const unit = cleaning.text(metric['unit'], longest.name);
  const form = forms.find((one) => isFields(metric[one]));
  const data = form === undefined ? undefined : metric[form];
  const given = isFields(data) ? (data['dataPoints'] ?? []) : [];
  if (!Array.isArray(given)) cleaning.fail('ill-formed');
  const points: readonly unknown[] = Array.isArray(given) ? given : [];
  const temporality = smallInteger(
    isFields(data) ? data['aggregationTemporality'] : 0,
    temporalities,
  );
  const head = JSON.stringify({ name, ...(unit === '' ? {} : { unit }) }).slice(0, -1);
  const isMonotonic = isFields(data) && data['isMonotonic'] === true;
  const kind =
    temporality === null || temporality === 0 ? '' : `,"aggregationTemporality":${temporality}`;
  const tail = `${kind}${form === 'sum' ? `,"isMonotonic":${isMonotonic}` : ''}`;
  return {
    name,
    points,
    isDistribution: form !== undefined && form !== 'gauge' && form !== 'sum',
    withPoints: (kept) => `${head},"${form ?? 'gauge'}":{"dataPoints":[${kept.join(',')}]${tail}}}`,
  };
}

interface CleanPoint {
  /** What tells its series from others of the metric. */
  readonly attributes: readonly object[];
}

const noValueRecorded = 1;

/** Rebuilds a data point of any form: it has the members of one. A distribution that says no count, as protobuf leaves out zeros, has counted nothing. */
export function cleanPoint(
  given: unknown,
  isDistribution: boolean,
  cleaning: Cleaning,
): CleanPoint {
  if (!isFields(given)) {
    cleaning.fail('ill-formed');
    return { attributes: [] };
  }
  const start = optionalInstant(given['startTimeUnixNano']);
  const flags = smallInteger(given['flags']);
  const { attributes } = cleanAttributes(given['attributes'], cleaning);
  const item: Record<string, unknown> = {
    ...(start === null ? {} : { startTimeUnixNano: start }),
    timeUnixNano: instantText(given['timeUnixNano'], cleaning),
    ...(flags === null || flags === 0 ? {} : { flags }),
  };
  copy(item, given, cleaning);
  if (isDistribution) item['count'] ??= '0';
  else if (!('asDouble' in item || 'asInt' in item || saysNoValue(flags)))
    cleaning.fail('no-value');
  return { attributes, ...item };
}

function saysNoValue(flags: number | null): boolean {
  return ((flags ?? 0) & noValueRecorded) !== 0;
}

type Read = (value: unknown) => unknown;

const listOf =
  (read: Read): Read =>
  (value) => {
    if (!Array.isArray(value)) return null;
    const read1 = value.slice(0, maxBuckets).map(read);
    return read1.includes(null) ? null : read1;
  };

const maxBuckets = 1_000;

const buckets: Read = (value) =>
  isFields(value)
    ? {
        offset: smallInteger(value['offset']) ?? 0,
        bucketCounts: listOf(integerText)(value['bucketCounts'] ?? []),
      }
    : null;

const quantile: Read = (value) =>
  isFields(value)
    ? { quantile: numberOf(value['quantile'] ?? 0), value: numberOf(value['value'] ?? 0) }
    : null;

/** How each member that holds a measurement is read; null for what it cannot be. */
const members: Readonly<Record<string, Read>> = {
  asDouble: numberOf,
  asInt: integerText,
  count: integerText,
  sum: numberOf,
  min: numberOf,
  max: numberOf,
  bucketCounts: listOf(integerText),
  explicitBounds: listOf(numberOf),
  scale: (value) => smallInteger(value),
  zeroCount: integerText,
  positive: buckets,
  negative: buckets,
  quantileValues: listOf(quantile),
};

/** Own members only: protobufjs keeps those that are not set on the prototype, as zeros. */
function copy(item: Record<string, unknown>, given: Fields, cleaning: Cleaning): void {
  for (const name of Object.keys(given)) {
    const read = Object.hasOwn(members, name) ? members[name] : undefined;
    const value = given[name];
    if (read === undefined || value === undefined || value === null) continue;
    const clean = read(value);
    if (clean === null) cleaning.fail('ill-formed');
    else item[name] = clean;
  }
}
