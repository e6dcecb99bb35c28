/**
 * Turns our GoogleSQL into what DuckDB understands: exactly the functions below, each with its page in the reference of BigQuery. Any other is refused, so that
 * the product cannot come to use one that was never looked up.
 */
const functions: Readonly<Record<string, string>> = {
  ABS: 'functions-and-operators: mathematical_functions#abs',
  APPROX_QUANTILES: 'approximate_aggregate_functions#approx_quantiles',
  COUNT: 'aggregate_functions#count',
  COUNTIF: 'aggregate_functions#countif',
  GREATEST: 'mathematical_functions#greatest',
  IF: 'conditional_expressions#if',
  IFNULL: 'conditional_expressions#ifnull',
  LAG: 'navigation_functions#lag',
  MAX: 'aggregate_functions#max',
  MIN: 'aggregate_functions#min',
  OFFSET: 'operators#array_subscript_operator',
  SAFE_DIVIDE: 'mathematical_functions#safe_divide',
  TIMESTAMP_DIFF: 'timestamp_functions#timestamp_diff',
  TIMESTAMP_MILLIS: 'timestamp_functions#timestamp_millis',
  UNIX_MILLIS: 'timestamp_functions#unix_millis',
};

/** Words before a parenthesis that are no functions. */
const keywords = new Set(['AND', 'AS', 'BY', 'FROM', 'IN', 'NOT', 'OR', 'OVER', 'SELECT', 'WHERE']);

/** What DuckDB calls otherwise and takes as a function of the same form. */
export const macros: readonly string[] = [
  'CREATE MACRO SAFE_DIVIDE(x, y) AS x / nullif(y, 0)',
  'CREATE MACRO TIMESTAMP_MILLIS(x) AS epoch_ms(CAST(x AS BIGINT))',
  'CREATE MACRO UNIX_MILLIS(x) AS epoch_ms(x)',
];

/** Throws for a function that is not on the list, with its name. */
export function translateSql(sql: string): string {
  for (const [, name = ''] of sql.matchAll(/\b([A-Za-z_]\w*)\s*\(/g)) {
    const word = name.toUpperCase();
    if (keywords.has(word) || word in functions) continue;
    throw new Error(`Function not found: ${name}`);
  }
  return sql
    .replaceAll(
      /APPROX_QUANTILES\((?<value>(?:[^()]|\([^()]*\))*), 100\)\[OFFSET\((?<at>\d+)\)\]/g,
      (_all, value: string, at: string) => `quantile_disc(${value}, ${Number(at) / 100})`,
    )
    .replaceAll(
      /TIMESTAMP_DIFF\(([^(),]+), ([^(),]+), MILLISECOND\)/g,
      "date_diff('millisecond', $2, $1)",
    )
    .replaceAll(/\bCOUNTIF\(/g, 'count_if(')
    .replaceAll(/`([^`.]+\.)?([^`.]+)\.([^`.]+)`/g, '"$2"."$3"')
    .replaceAll(/@(\w+)/g, '$$$1');
}
