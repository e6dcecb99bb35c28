/**
 * The one query by which the outliers of a fleet are found, in GoogleSQL. The range of time stands in a comparison with the partitioning column, so that only
 * partitions of the window are read. A counter is taken as its rate a second. The spread is what the quartiles say, and at least a twentieth of the level, so
 * that a series that never moved is no outlier by the slightest move.
 *
 * Functions, by their pages in the reference of GoogleSQL: TIMESTAMP_MILLIS, TIMESTAMP_DIFF (timestamp_functions), LAG (navigation_functions), SAFE_DIVIDE, ABS,
 * GREATEST (mathematical_functions), IF, IFNULL (conditional_expressions), APPROX_QUANTILES (approximate_aggregate_functions), COUNTIF (aggregate_functions).
 */
export function outliersSql(table: string): string {
  return `WITH samples AS (
  SELECT time, metric, service, statistic, unit, kind, value,
    LAG(value) OVER (PARTITION BY metric, service, instance, peer, statistic, attributes ORDER BY time) AS value_before,
    LAG(time) OVER (PARTITION BY metric, service, instance, peer, statistic, attributes ORDER BY time) AS time_before
  FROM \`${table}\`
  WHERE time >= TIMESTAMP_MILLIS(@from) AND time < TIMESTAMP_MILLIS(@until) AND service IS NOT NULL
),
levels AS (
  SELECT metric, service, IFNULL(statistic, '') AS statistic, IFNULL(unit, '') AS unit, kind,
    time >= TIMESTAMP_MILLIS(@suspected) AS is_after,
    IF(kind = 'counter',
      SAFE_DIVIDE(1000 * GREATEST(value - value_before, 0), TIMESTAMP_DIFF(time, time_before, MILLISECOND)),
      value) AS level
  FROM samples
),
medians AS (
  SELECT metric, service, statistic, unit, kind,
    APPROX_QUANTILES(IF(is_after, NULL, level), 100)[OFFSET(25)] AS low,
    APPROX_QUANTILES(IF(is_after, NULL, level), 100)[OFFSET(50)] AS before,
    APPROX_QUANTILES(IF(is_after, NULL, level), 100)[OFFSET(75)] AS high,
    APPROX_QUANTILES(IF(is_after, level, NULL), 100)[OFFSET(50)] AS after,
    COUNTIF(is_after) AS support,
    COUNTIF(NOT is_after) AS support_before
  FROM levels
  WHERE level IS NOT NULL
  GROUP BY metric, service, statistic, unit, kind
)
SELECT metric, service, statistic, unit, kind, before, after, support,
  ABS(after - before) / GREATEST((high - low) / 1.349, 0.05 * ABS(before), 0.000001) AS score
FROM medians
WHERE support >= 5 AND support_before >= 5
ORDER BY score DESC, service, metric, statistic
LIMIT ${mostOutliers}`;
}

/** Rows of an answer at most; BigQuery takes no parameter there. */
export const mostOutliers = 200;
