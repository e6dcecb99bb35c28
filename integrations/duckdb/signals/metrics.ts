import {
  isObject,
  nanoTime,
  otlpItems,
  problemOf,
  refuseAttributes,
  refuseUntyped,
  requireText,
  requireTime,
  requireTyped,
  textShape,
} from './signal.ts';
import type { Signal } from './signal.ts';

/** What tells one series from another. */
const series = 'metric, service, instance, peer, statistic, unit, kind, attributes, around';

const forms = ['gauge', 'sum', 'histogram', 'exponentialHistogram', 'summary'];

const otlpPoint = {
  ...textShape(['timeUnixNano', 'startTimeUnixNano', 'flags', 'asDouble', 'asInt']),
  ...textShape(['count', 'sum', 'min', 'max']),
  bucketCounts: ['VARCHAR'],
  explicitBounds: ['VARCHAR'],
  attributes: 'JSON',
};

const otlpMetric = {
  ...textShape(['name', 'unit']),
  ...Object.fromEntries(
    forms.map((form) => [
      form,
      { ...textShape(['aggregationTemporality', 'isMonotonic']), dataPoints: [otlpPoint] },
    ]),
  ),
};

const otlpKeys = { resources: 'resourceMetrics', scopes: 'scopeMetrics', items: 'metrics' };

const typeOtlp = `
  ${otlpItems(otlpKeys, otlpMetric)},
  shapes AS (
    SELECT record, service, instance, around, item.name AS metric, item.unit AS unit,
      CASE ${forms.map((form) => `WHEN item.${form} IS NOT NULL THEN '${form}'`).join(' ')} END AS form,
      coalesce(${forms.map((form) => `item.${form}`).join(', ')}) AS data FROM items),
  points AS (
    SELECT record, service, instance, around, metric, unit, form IN ('gauge', 'sum') AS is_number, data.isMonotonic = 'true' AS is_monotonic,
      data.aggregationTemporality IN ('1', 'AGGREGATION_TEMPORALITY_DELTA') AS is_delta, unnest(data.dataPoints) AS point FROM shapes),
  typed AS (
    SELECT *, nano_time(point.timeUnixNano) AS instant,
      coalesce(point.asDouble, point.asInt, CASE WHEN try_cast(point.flags AS INTEGER) & 1 = 1 THEN 'NaN' END) AS number_text,
      try_cast(number_text AS DOUBLE) AS number, try_cast(point.count AS DOUBLE) AS count FROM points)
  SELECT record, ${problemOf([
    requireText('name', 'metric'),
    ...requireTyped('timeUnixNano', 'point.timeUnixNano', 'instant', nanoTime),
    {
      field: 'asDouble',
      when: 'is_number AND number_text IS NULL',
      says: `'is required (or asInt)'`,
    },
    {
      field: 'asDouble',
      when: 'is_number AND number IS NULL',
      says: `quoted(number_text) || ' is not a number'`,
    },
    { field: 'count', when: 'NOT is_number AND count IS NULL', says: `'must be a number'` },
  ])},
    CASE WHEN is_number AND NOT isfinite(number) THEN 'not a number' WHEN NOT inside(instant) THEN 'outside' END AS dropped,
    NULL AS noted, instant AS time, clean(metric) AS metric, CASE WHEN is_number THEN number END AS value, service, instance,
    NULL AS peer, NULL AS statistic, clean(unit) AS unit,
    CASE WHEN NOT is_number THEN 'histogram' WHEN is_monotonic THEN 'counter' ELSE 'gauge' END AS kind,
    attribute_text(point.attributes) AS attributes, around, coalesce(is_delta, false) AS is_delta,
    CASE WHEN NOT is_number THEN {
      'since': point.startTimeUnixNano, 'count': count, 'sum': try_cast(point.sum AS DOUBLE),
      'low': CASE WHEN is_delta THEN try_cast(point.min AS DOUBLE) END, 'high': CASE WHEN is_delta THEN try_cast(point.max AS DOUBLE) END,
      'buckets': list_transform(point.bucketCounts, lambda b: try_cast(b AS DOUBLE)),
      'bounds': list_transform(point.explicitBounds, lambda b: try_cast(b AS DOUBLE))
    } END AS spread
  FROM typed`;

/** A histogram that counts on from its start, as what was added since the point before; what it counted before its first point is unknown. */
const stepSpread = `CASE
  WHEN is_delta THEN spread
  WHEN before IS NULL THEN NULL
  WHEN before.since IS DISTINCT FROM spread.since OR before.count > spread.count THEN spread
  ELSE {'since': spread.since, 'count': spread.count - before.count, 'sum': spread.sum - before.sum, 'low': NULL::DOUBLE, 'high': NULL::DOUBLE,
    'buckets': CASE WHEN len(before.buckets) = len(spread.buckets)
      THEN list_transform(list_zip(spread.buckets, before.buckets), lambda p: greatest(0, p[1] - p[2])) ELSE [] END,
    'bounds': spread.bounds} END`;

const finish = `
  WITH good AS NOT MATERIALIZED (SELECT * FROM metrics_raw WHERE dropped IS NULL OR dropped = 'outside'),
  numbers AS (SELECT * FROM good WHERE spread IS NULL AND NOT (is_delta IS TRUE AND kind = 'counter')),
  totals AS (
    SELECT * REPLACE (sum(value) OVER (PARTITION BY ${series} ORDER BY time) AS value) FROM good
    WHERE spread IS NULL AND is_delta IS TRUE AND kind = 'counter'),
  paired AS (
    SELECT *, lag(spread) OVER (PARTITION BY ${series} ORDER BY time) AS before FROM good WHERE spread IS NOT NULL),
  steps AS (SELECT * EXCLUDE (before) REPLACE (${stepSpread} AS spread) FROM paired),
  parts AS (
    SELECT * EXCLUDE (statistic, value), unnest([
      {'statistic': 'count', 'value': spread.count},
      {'statistic': 'sum', 'value': spread.sum},
      {'statistic': 'avg', 'value': spread.sum / nullif(spread.count, 0)},
      {'statistic': 'p50', 'value': spread_quantile(0.5, spread)},
      {'statistic': 'p90', 'value': spread_quantile(0.9, spread)},
      {'statistic': 'p95', 'value': spread_quantile(0.95, spread)},
      {'statistic': 'max', 'value': spread.high}]) AS part FROM steps WHERE spread IS NOT NULL),
  spreads AS (
    SELECT * EXCLUDE (part) REPLACE (CASE WHEN part.statistic = 'count' THEN '1' ELSE unit END AS unit),
      part.statistic AS statistic, part.value AS value FROM parts WHERE isfinite(part.value)),
  rows AS (FROM numbers UNION ALL BY NAME FROM totals UNION ALL BY NAME FROM spreads)
  SELECT time, value, ${series} FROM rows WHERE inside(time) ORDER BY time, file, record, statistic`;

/**
 * Samples of series. A counter is always a running total: sums told as differences are added up. A histogram is told per interval: its count,
 * sum, average, quantiles interpolated in their buckets, and maximum. Of several samples of one series at one instant, as
 * where two instances are not told apart, the largest is kept: in whatever order rows come, and of counters mostly that of the same instance.
 */
export const metrics: Signal = {
  kind: 'metrics',
  columns: [
    'time',
    'metric',
    'value',
    'service',
    'instance',
    'node',
    'peer',
    'statistic',
    'unit',
    'kind',
    'attributes',
  ],
  required: [['time'], ['metric'], ['value']],
  timeColumns: ['time'],
  serviceColumn: 'service',
  extra: 'attributes',
  blanks: { value: 'NaN' },
  rawColumns: `time TIMESTAMP, metric VARCHAR, value DOUBLE, service VARCHAR, instance VARCHAR, peer VARCHAR, statistic VARCHAR, unit VARCHAR,
    kind VARCHAR, attributes VARCHAR, around VARCHAR, is_delta BOOLEAN,
    spread STRUCT(since VARCHAR, count DOUBLE, sum DOUBLE, low DOUBLE, high DOUBLE, buckets DOUBLE[], bounds DOUBLE[])`,
  typeTable: (clock) => `
    typed AS (
      SELECT * EXCLUDE (kind), kind AS kind_text, ${clock.read('time')} AS instant, try_cast(value AS DOUBLE) AS number,
        CASE WHEN lower(trim(coalesce(kind, ''))) IN ('gauge', 'counter', 'histogram') THEN lower(trim(kind)) END AS kind,
        ${isObject} FROM stage)
    SELECT record, ${problemOf([
      ...requireTime('time', 'time', 'instant', clock),
      requireText('metric', 'metric'),
      ...requireTyped('value', 'value', 'number', 'a number'),
      refuseUntyped('kind', 'kind_text', 'kind', 'one of gauge, counter, histogram'),
      refuseAttributes,
    ])},
      CASE WHEN NOT isfinite(number) THEN 'not a number' WHEN NOT inside(instant) THEN 'outside' END AS dropped, NULL AS noted,
      instant AS time, clean(metric) AS metric, number AS value, clean(service) AS service, clean(instance) AS instance, clean(peer) AS peer,
      statistic_word(clean(statistic)) AS statistic, clean(unit) AS unit, coalesce(kind, 'gauge') AS kind,
      attribute_text(attributes) AS attributes, with_node(around, node) AS around
    FROM typed`,
  otlpKey: otlpKeys.resources,
  typeOtlp,
  identity: `time, ${series}`,
  greatest: 'coalesce(value, spread.count, 0)',
  finish,
};
