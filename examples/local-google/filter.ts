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
type Operator = '=' | '!=' | '>=' | '<=' | '>' | '<' | ':';

/** A filter that this server does not understand; the real one may. */
export class FilterError extends Error {}

const tokenPattern =
  /\s+|(?<text>"(?:[^"\\]|\\.)*")|(?<sign>>=|<=|!=|[=<>():-])|(?<word>[A-Za-z_][\w.@/]*(?:\."(?:[^"\\]|\\.)*")?|\d[\w.:+-]*)/gy;

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

const operators: readonly string[] = ['=', '!=', '>=', '<=', '>', '<', ':'];

function isOperator(value: string): value is Operator {
  return operators.includes(value);
}

/** Reads a filter; an empty one is fulfilled by everything. Throws `FilterError` for what it does not know. */
export function parseFilter(source: string): Filter {
  const tokens = tokensOf(source);
  let next = 0;
  const peek = (): Token => tokens[next] ?? { kind: 'end', value: '' };
  const take = (): Token => {
    const token = peek();
    next += 1;
    return token;
  };
  const isWord = (value: string): boolean => peek().kind === 'word' && peek().value === value;
  const expect = (value: string): void => {
    if (take().value !== value) throw new FilterError(`expected ${value} in: ${source}`);
  };

  function any(): Filter {
    const parts = [all()];
    while (isWord('OR')) {
      take();
      parts.push(all());
    }
    return parts.length === 1 ? (parts[0] as Filter) : { kind: 'any', parts };
  }

  function all(): Filter {
    const parts = [one()];
    while (peek().kind !== 'end' && peek().value !== ')' && !isWord('OR')) {
      if (isWord('AND')) take();
      parts.push(one());
    }
    return parts.length === 1 ? (parts[0] as Filter) : { kind: 'all', parts };
  }

  function one(): Filter {
    if (isWord('NOT') || (peek().kind === 'sign' && peek().value === '-')) {
      take();
      return { kind: 'not', part: one() };
    }
    if (peek().value === '(' && peek().kind === 'sign') {
      take();
      const inner = any();
      expect(')');
      return inner;
    }
    return comparison();
  }

  function comparison(): Filter {
    const field = take();
    if (field.kind !== 'word') throw new FilterError(`a field is missing in: ${source}`);
    if (field.value === 'log_id' && peek().value === '(') {
      take();
      const id = take().value;
      expect(')');
      return compare({ field: 'log_id', operator: '=', value: id, isPrefix: false });
    }
    const operator = take().value;
    if (!isOperator(operator)) throw new FilterError(`no operator after ${field.value}`);
    const value = take();
    if (value.kind === 'end' || value.kind === 'sign') {
      throw new FilterError(`no value after ${field.value} ${operator}`);
    }
    if (value.kind === 'word' && value.value === 'starts_with') {
      expect('(');
      const prefix = take().value;
      expect(')');
      return compare({ field: field.value, operator, value: prefix, isPrefix: true });
    }
    return compare({ field: field.value, operator, value: value.value, isPrefix: false });
  }

  if (peek().kind === 'end') return { kind: 'all', parts: [] };
  const whole = any();
  if (peek().kind !== 'end') throw new FilterError(`cannot read ${peek().value} in: ${source}`);
  return whole;
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
      return String(left).toLowerCase().includes(String(right).toLowerCase());
  }
}
