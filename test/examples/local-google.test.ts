import { describe, expect, test } from '@jest/globals';
import { fulfils, parseFilter } from '../../examples/local-google/filter.ts';
import { translateSql } from '../../examples/local-google/translate-sql.ts';
import { outliersSql } from '../../integrations/google/outliers-sql.ts';

describe('filters', () => {
  const entry: Readonly<Record<string, string>> = { a: '1', b: '2', 'labels."x.y"': '3' };
  const holds = (filter: string): boolean =>
    fulfils(parseFilter(filter), ({ field, value }) => entry[field] === value);

  test.each([
    ['', true],
    ['a = "1"', true],
    ['a = "1" AND b = "2"', true],
    ['a = "1" b = "3"', false],
    ['a = "9" OR b = "2" AND a = "1"', true],
    ['NOT (a = "1" OR b = "9")', false],
    ['-a = "9"', true],
    ['labels."x.y" = "3"', true],
  ])('%s', (filter, expected) => {
    expect(holds(filter)).toBe(expected);
  });

  test.each(['a =', '= 1', 'a ~ "b"', '(a = "1"', 'a = "1" )', 'AND'])('refuses %s', (filter) => {
    expect(() => parseFilter(filter)).toThrow();
  });
});

describe('GoogleSQL', () => {
  test('turns the functions on its list into those of DuckDB', () => {
    const sql = translateSql(
      'SELECT APPROX_QUANTILES(IF(late, NULL, x), 100)[OFFSET(25)] AS low, COUNTIF(late) FROM `p.d.t` WHERE time >= TIMESTAMP_MILLIS(@from) AND TIMESTAMP_DIFF(a, b, MILLISECOND) > 0',
    );
    expect(sql).toBe(
      `SELECT quantile_disc(IF(late, NULL, x), 0.25) AS low, count_if(late) FROM "d"."t" WHERE time >= TIMESTAMP_MILLIS($from) AND date_diff('millisecond', b, a) > 0`,
    );
  });

  test.each(['ML.PREDICT(x)', 'EXTERNAL_QUERY(x)', 'FARM_FINGERPRINT(x)', 'read_csv(x)'])(
    'refuses %s, which nobody looked up',
    (call) => {
      expect(() => translateSql(`SELECT ${call} FROM t`)).toThrow('Function not found');
    },
  );
});

test('the query for outliers reads only partitions of its window, and its text is known', () => {
  const sql = outliersSql('p.telemetry.samples');
  expect(sql).toContain(
    'WHERE time >= TIMESTAMP_MILLIS(@from) AND time < TIMESTAMP_MILLIS(@until)',
  );
  expect(sql).toMatchInlineSnapshot(`
   "WITH samples AS (
     SELECT time, metric, service, statistic, unit, kind, value,
       LAG(value) OVER (PARTITION BY metric, service, instance, peer, statistic, attributes ORDER BY time) AS value_before,
       LAG(time) OVER (PARTITION BY metric, service, instance, peer, statistic, attributes ORDER BY time) AS time_before
     FROM \`p.telemetry.samples\`
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
   LIMIT 200"
  `);
});
