/** What an ISO 8601 time must look like: a date, a time of day, and an offset unless it is UTC. */
const isoPattern = String.raw`\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}(:?\d{2})?)?`;
/** The form nearly all times have; DuckDB passes over the zone of a TIMESTAMP, so only UTC may be read as one. */
const plainPattern = String.raw`\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?Z`;
const offsetPattern = String.raw`(Z|:\d{2}(\.\d+)?[+-]\d{2}(:?\d{2})?)$`;
/** How Go (`2026-11-20 10:07:00.5 +0000 UTC m=+0.1`) and loggers write the end of a time. */
const zonePattern = String.raw` ?([+-]\d{2}:?\d{2})?( [A-Z]{3,5})?( m=[+-][\d.]+)?$`;
const maxTextLength = 32_768;
/** The end of the year 2199. */
const maxEpochMicros = 7_258_118_400_000_000;
const maxAttributesLength = 65_536;
const maxObjectLength = 1_048_576;

/**
 * SQL functions that loading is written with. Instants are TIMESTAMP in UTC, with microseconds. `iso_time` and `nano_time` give NULL for what is
 * no time of their kind. The enumeration functions give NULL for words they do not know. `spread` is one histogram point.
 */
export const macros: readonly string[] = [
  `CREATE MACRO clean(t) AS nullif(CASE WHEN strlen(t) > ${maxTextLength} OR contains(t, chr(0))
     THEN replace(left(t, ${maxTextLength}), chr(0), chr(65533)) ELSE t END, '')`,
  `CREATE MACRO id_text(t) AS CASE WHEN ltrim(t, '0') <> '' THEN clean(t) END`,
  `CREATE MACRO attribute_text(j) AS CASE WHEN strlen(j) BETWEEN 3 AND ${maxAttributesLength} THEN CAST(j AS VARCHAR) ELSE '{}' END`,
  `CREATE MACRO with_node(j, node) AS CASE WHEN clean(node) IS NULL THEN j ELSE json_merge_patch(j, json_object('node', clean(node))) END`,
  `CREATE MACRO object_text(j) AS CASE WHEN strlen(j) BETWEEN 3 AND ${maxObjectLength} THEN CAST(j AS VARCHAR) ELSE '{}' END`,
  `CREATE MACRO quoted(t) AS '"' || left(replace(t, chr(0), chr(65533)), 60) || '"'`,
  `CREATE MACRO with_seconds(t) AS regexp_replace(t, '([T ]\\d{2}:\\d{2})(Z|[+-]|$)', '\\1:00\\2')`,
  `CREATE MACRO with_offset(t, zone) AS CASE WHEN regexp_matches(t, '${offsetPattern}') THEN t ELSE t || zone END`,
  `CREATE MACRO tidy_time(t) AS regexp_replace(replace(replace(trim(t), ',', '.'), ' UTC', ''), '${zonePattern}', '\\1')`,
  `CREATE MACRO zoned_time(t, zone) AS CASE WHEN regexp_full_match(t, '${isoPattern}')
     THEN make_timestamp(epoch_us(try_cast(with_offset(with_seconds(t), zone) AS TIMESTAMPTZ))) END`,
  `CREATE MACRO iso_time_at(t, zone) AS CASE WHEN regexp_full_match(t, '${plainPattern}') THEN try_cast(t AS TIMESTAMP)
     ELSE zoned_time(tidy_time(t), zone) END`,
  `CREATE MACRO iso_time(t) AS iso_time_at(t, 'Z')`,
  // DuckDB takes a hundred times as long to read a DECIMAL(38) as it takes for a BIGINT, so whole numbers, which nearly all are, go their own way.
  `CREATE MACRO whole_micros(n, factor, divisor) AS
     CASE WHEN n BETWEEN 0 AND (${String(maxEpochMicros)} * divisor + divisor - 1) // factor THEN n * factor // divisor END`,
  `CREATE MACRO epoch_micros(t, factor, divisor) AS CASE
     WHEN regexp_full_match(t, '\\d{1,19}') THEN whole_micros(try_cast(t AS BIGINT), factor, divisor)
     ELSE try_cast(try_cast(floor(try_cast(trim(t) AS DECIMAL(38, 9)) * factor) AS HUGEINT) // divisor AS BIGINT) END`,
  `CREATE MACRO epoch_time(t, factor, divisor) AS CASE WHEN epoch_micros(t, factor, divisor) BETWEEN 1 AND ${String(maxEpochMicros)}
     THEN make_timestamp(epoch_micros(t, factor, divisor)) END`,
  `CREATE MACRO key_pointer(k) AS '/' || replace(replace(k, '~', '~0'), '/', '~1')`,
  `CREATE MACRO nanos(t) AS CASE WHEN regexp_full_match(t, '\\d{1,19}') THEN try_cast(t AS BIGINT) END`,
  `CREATE MACRO nano_time(t) AS make_timestamp(nullif(nanos(t), 0) // 1000)`,
  `CREATE MACRO json_list(j) AS CASE WHEN j IS NULL OR json_type(j) = 'NULL' THEN []
     WHEN json_type(j) = 'ARRAY' THEN CAST(j AS JSON[]) ELSE [j] END`,
  `CREATE MACRO otlp_value(v) AS coalesce(json_extract_string(v, '$.stringValue'), json_extract_string(v, '$.intValue'),
     json_extract_string(v, '$.doubleValue'), json_extract_string(v, '$.boolValue'), json_extract_string(v, '$.bytesValue'),
     json_extract_string(v, '$.arrayValue.values'), json_extract_string(v, '$.kvlistValue.values'))`,
  `CREATE MACRO otlp_attribute(list, name) AS otlp_value(json_extract(
     list_filter(json_list(list), lambda a: json_extract_string(a, '$.key') = name)[1], '$.value'))`,
  `CREATE MACRO otlp_instance(list) AS coalesce(otlp_attribute(list, 'service.instance.id'), otlp_attribute(list, 'k8s.pod.name'),
     otlp_attribute(list, 'container.name'), otlp_attribute(list, 'host.name'))`,
  `CREATE MACRO severity_of_word(t) AS CASE
     WHEN t IN ('trace', 'verbose', 'finest', 'finer') THEN 'trace'
     WHEN t IN ('debug', 'fine', 'd') THEN 'debug'
     WHEN t IN ('info', 'information', 'informational', 'notice', 'log', 'config', 'i') THEN 'info'
     WHEN t IN ('warn', 'warning', 'w') THEN 'warn'
     WHEN t IN ('error', 'err', 'severe', 'e') THEN 'error'
     WHEN t IN ('fatal', 'critical', 'crit', 'alert', 'emerg', 'emergency', 'panic', 'f') THEN 'fatal' END`,
  `CREATE MACRO statistic_word(t) AS CASE lower(t) WHEN 'average' THEN 'avg' WHEN 'mean' THEN 'avg' WHEN 'maximum' THEN 'max'
     WHEN 'minimum' THEN 'min' WHEN 'samplecount' THEN 'count' WHEN 'median' THEN 'p50' ELSE t END`,
  `CREATE MACRO severity_of_number(n) AS CASE WHEN n BETWEEN 1 AND 24
     THEN ['trace', 'debug', 'info', 'warn', 'error', 'fatal'][1 + (n - 1) // 4] END`,
  `CREATE MACRO span_kind(t) AS CASE regexp_replace(lower(coalesce(t, '')), '^span_kind_', '')
     WHEN '1' THEN 'internal' WHEN '2' THEN 'server' WHEN '3' THEN 'client' WHEN '4' THEN 'producer' WHEN '5' THEN 'consumer'
     WHEN 'internal' THEN 'internal' WHEN 'server' THEN 'server' WHEN 'client' THEN 'client' WHEN 'producer' THEN 'producer'
     WHEN 'consumer' THEN 'consumer' WHEN '' THEN 'unset' WHEN '0' THEN 'unset' WHEN 'unset' THEN 'unset' WHEN 'unspecified' THEN 'unset' END`,
  `CREATE MACRO span_status(t) AS CASE regexp_replace(lower(coalesce(t, '')), '^status_code_', '')
     WHEN '1' THEN 'ok' WHEN '2' THEN 'error' WHEN 'ok' THEN 'ok' WHEN 'error' THEN 'error' WHEN '' THEN 'unset' WHEN '0' THEN 'unset'
     WHEN 'unset' THEN 'unset' END`,
  `CREATE MACRO running(counts) AS list_transform(range(1, len(counts) + 1), lambda i: list_sum(list_slice(counts, 1, i)))`,
  `CREATE MACRO reached(rank, counts) AS list_position(list_transform(running(counts), lambda c: c > 0 AND c >= rank), true)`,
  `CREATE MACRO in_bucket(i, rank, s) AS CASE
     WHEN i > len(s.bounds) THEN coalesce(s.high, s.bounds[len(s.bounds)])
     ELSE CASE WHEN i = 1 THEN least(0, s.bounds[1]) ELSE s.bounds[i - 1] END
       + (s.bounds[i] - CASE WHEN i = 1 THEN least(0, s.bounds[1]) ELSE s.bounds[i - 1] END)
       * (1 - (running(s.buckets)[i] - rank) / nullif(s.buckets[i], 0)) END`,
  `CREATE MACRO spread_quantile(q, s) AS CASE WHEN len(s.bounds) > 0 AND len(s.buckets) = len(s.bounds) + 1 AND list_sum(s.buckets) > 0
     THEN least(coalesce(s.high, 'inf'::DOUBLE), greatest(coalesce(s.low, '-inf'::DOUBLE),
       in_bucket(reached(q * list_sum(s.buckets), s.buckets), q * list_sum(s.buckets), s))) END`,
];
