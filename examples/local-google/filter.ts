/** A filter of Cloud Logging or Cloud Monitoring, parsed: the part of their languages that comparisons, AND, OR, NOT and parentheses make up. */
export type Filter =
  | { readonly kind: 'all' | 'any'; readonly parts: readonly Filter[] }
  | { readonly kind: 'not'; readonly part: Filter }
  | { readonly kind: 'compare'; readonly comparison: Comparison };

export interface Comparison {
  readonly field: string;
  readonly operator: Operator;
  readonly value: string;
  /** The value is a prefix: `starts_with("...")`. */
  readonly isPrefix: boolean;
}
type Operator = '=' | '!=' | '>=' | '<=' | '>' | '<' | ':' | '=~' | '!~';

/** A filter that this server does not understand; the real one may. */
export class FilterError extends Error {}

const tokenPattern =
  /\s+|(?<text>"(?:[^"\\]|\\.)*")|(?<sign>>=|<=|!=|=~|!~|[=<>():-])|(?<word>\*|[A-Za-z_][\w@/]*(?:\.(?:[\w@/]+|"(?:[^"\\]|\\.)*"))*|\d[\w.:+-]*)/gy;

interface Token {
  readonly kind: 'text' | 'sign' | 'word' | 'end';
  readonly value: string;
}

function tokensOf(source: string): readonly Token[] {
  const tokens: Token[] = [];
  tokenPattern.lastIndex = 0;
  let at = 0;
  for (const match of source.matchAll(tokenPattern)) {
    if (match.index !== at) break;
    at = match.index + match[0].length;
    const { text, sign, word } = match.groups ?? {};
    if (text !== undefined) tokens.push({ kind: 'text', value: unquote(text) });
    else if (sign !== undefined) tokens.push({ kind: 'sign', value: sign });
    else if (word !== undefined) tokens.push({ kind: 'word', value: word });
  }
  if (at !== source.length) throw new FilterError(`cannot read: ${source.slice(at, at + 40)}`);
  return [...tokens, { kind: 'end', value: '' }];
}

function unquote(text: string): string {
  return text.slice(1, -1).replace(/\\(.)/g, '$1');
}

const operators: readonly string[] = ['=', '!=', '>=', '<=', '>', '<', ':', '=~', '!~'];

function isOperator(value: string): value is Operator {
  return operators.includes(value);
}

/** Where reading stands. */
interface Cursor {
  readonly source: string;
  peek(): Token;
  take(): Token;
}

function createCursor(source: string): Cursor {
  const tokens = tokensOf(source);
  let next = 0;
  const peek = (): Token => tokens[next] ?? { kind: 'end', value: '' };
  return {
    source,
    peek,
    take: () => {
      const token = peek();
      next += 1;
      return token;
    },
  };
}

/** Reads a filter; an empty one is fulfilled by everything. Throws `FilterError` for what it does not know. */
export function parseFilter(source: string): Filter {
  const cursor = createCursor(source);
  if (cursor.peek().kind === 'end') return { kind: 'all', parts: [] };
  const whole = parseAny(cursor);
  const rest = cursor.peek();
  if (rest.kind !== 'end') throw new FilterError(`cannot read ${rest.value} in: ${source}`);
  return whole;
}

function isWord({ peek }: Cursor, value: string): boolean {
  return peek().kind === 'word' && peek().value === value;
}

function isSign({ peek }: Cursor, value: string): boolean {
  return peek().kind === 'sign' && peek().value === value;
}

function expect({ take, source }: Cursor, value: string): void {
  if (take().value !== value) throw new FilterError(`expected ${value} in: ${source}`);
}

function parseAny(cursor: Cursor): Filter {
  const first = parseAll(cursor);
  const parts = [first];
  while (isWord(cursor, 'OR')) {
    cursor.take();
    parts.push(parseAll(cursor));
  }
  return parts.length === 1 ? first : { kind: 'any', parts };
}

function parseAll(cursor: Cursor): Filter {
  const first = parseOne(cursor);
  const parts = [first];
  while (cursor.peek().kind !== 'end' && !isSign(cursor, ')') && !isWord(cursor, 'OR')) {
    if (isWord(cursor, 'AND')) cursor.take();
    parts.push(parseOne(cursor));
  }
  return parts.length === 1 ? first : { kind: 'all', parts };
}

function parseOne(cursor: Cursor): Filter {
  if (isWord(cursor, 'NOT') || isSign(cursor, '-')) {
    cursor.take();
    return { kind: 'not', part: parseOne(cursor) };
  }
  if (!isSign(cursor, '(')) return parseComparison(cursor);
  cursor.take();
  const inner = parseAny(cursor);
  expect(cursor, ')');
  return inner;
}

function parseComparison(cursor: Cursor): Filter {
  const { value: field, kind } = cursor.take();
  if (kind !== 'word') throw new FilterError(`a field is missing in: ${cursor.source}`);
  if (field === 'log_id' && isSign(cursor, '(')) {
    return compare({ field, operator: '=', value: argument(cursor), isPrefix: false });
  }
  const operator = cursor.take().value;
  if (!isOperator(operator)) throw new FilterError(`no operator after ${field}`);
  const value = cursor.take();
  if (value.kind === 'end' || value.kind === 'sign') {
    throw new FilterError(`no value after ${field} ${operator}`);
  }
  if (value.kind === 'word' && value.value === 'starts_with') {
    return compare({ field, operator, value: argument(cursor), isPrefix: true });
  }
  return compare({ field, operator, value: value.value, isPrefix: false });
}

function argument(cursor: Cursor): string {
  expect(cursor, '(');
  const { value } = cursor.take();
  expect(cursor, ')');
  return value;
}

function compare(comparison: Comparison): Filter {
  return { kind: 'compare', comparison };
}

/** Tells whether something fulfils a filter, given how it stands with single comparisons. */
export function fulfils(filter: Filter, holds: (comparison: Comparison) => boolean): boolean {
  switch (filter.kind) {
    case 'all':
      return filter.parts.every((part) => fulfils(part, holds));
    case 'any':
      return filter.parts.some((part) => fulfils(part, holds));
    case 'not':
      return !fulfils(filter.part, holds);
    case 'compare':
      return holds(filter.comparison);
  }
}

/** Gives every comparison of a filter. */
export function comparisonsOf(filter: Filter): readonly Comparison[] {
  switch (filter.kind) {
    case 'all':
    case 'any':
      return filter.parts.flatMap(comparisonsOf);
    case 'not':
      return comparisonsOf(filter.part);
    case 'compare':
      return [filter.comparison];
  }
}

/** Compares two values of one order. */
export function isOrdered<Value extends string | number | bigint>(
  left: Value,
  operator: Operator,
  right: Value,
): boolean {
  switch (operator) {
    case '=':
      return left === right;
    case '!=':
      return left !== right;
    case '>=':
      return left >= right;
    case '<=':
      return left <= right;
    case '>':
      return left > right;
    case '<':
      return left < right;
    case ':':
      // `field : *` asks whether there is such a field.
      if (right === '*') return left !== '';
      return String(left).toLowerCase().includes(String(right).toLowerCase());
    case '=~':
      return new RegExp(String(right)).test(String(left));
    case '!~':
      return !new RegExp(String(right)).test(String(left));
  }
}
