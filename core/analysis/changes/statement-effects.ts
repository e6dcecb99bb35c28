import type { DiffEffect, EffectKind } from './diff-effects.ts';
import type { Hunk } from './parse-diff.ts';
import { quoted, splitWords } from './words-of-text.ts';

/** Lines of one kind that a change takes out, or puts in, more often than it does the opposite. */
interface Rule {
  readonly kind: EffectKind;
  readonly side: 'removed' | 'added';
  readonly line: RegExp;
  readonly says: string;
}

/** Every pattern is bounded: lines of diffs are foreign text. After the idioms of Go, Java, JavaScript, Python and SQL. */
const rules: readonly Rule[] = [
  {
    kind: 'check-removed',
    side: 'removed',
    line: /(?<!\berr\w{0,10}\s{0,2})(?:[!=]==?|\bis(?:\s+not)?)\s{0,2}(?:nil|null|None|undefined)\b|\?\.|\b(?:requireNonNull|isPresent|hasattr|isinstance)\b|\b(?:if|assert|guard|require)\b.{0,60}(?:\blen\(|\.length\b|\.size\(\)|isEmpty|=== ?0|== ?0|<= ?0|\bvalid)/,
    says: 'takes away a check',
  },
  {
    kind: 'cleanup-removed',
    side: 'removed',
    line: /\b(?:close|release|unlock|cancel|dispose|free|delete|evict|shutdown|clear|rollback|removeListener|clearInterval|stop)\w{0,12}\(/i,
    says: 'no longer gives back what it takes',
  },
  {
    kind: 'bound-removed',
    side: 'removed',
    line: /\bWHERE\b/,
    says: 'takes away a condition of a query',
  },
  {
    kind: 'lock-added',
    side: 'added',
    line: /\b(?:R?Lock|lock|acquire)\(|\bsynchronized\b|\bFOR UPDATE\b|\bLOCK TABLE\b|\bSERIALIZABLE\b|\bCREATE (?:UNIQUE )?INDEX (?!CONCURRENTLY)|\bALTER TABLE\b/,
    says: 'takes a lock',
  },
  {
    kind: 'schema-changed',
    side: 'added',
    line: /\b(?:DROP (?:COLUMN|TABLE|INDEX|VIEW)|RENAME (?:COLUMN|TO)|ALTER COLUMN|SET NOT NULL|ADD CONSTRAINT)\b/i,
    says: 'changes the schema',
  },
  {
    kind: 'pattern-added',
    side: 'added',
    line: /(?:regexp|RegExp|re\.compile|Pattern\.compile|\.match\(|\.test\().{0,200}[+*]\)[+*{]/,
    says: 'matches with a pattern that can take exponential time',
  },
];

const countOf = (lines: readonly string[], pattern: RegExp): number =>
  lines.filter((line) => pattern.test(line.slice(0, 400))).length;

function byRules(hunks: readonly Hunk[]): readonly DiffEffect[] {
  const removed = hunks.flatMap((hunk) => hunk.removed);
  const added = hunks.flatMap((hunk) => hunk.added);
  return rules.flatMap(({ kind, side, line, says }): DiffEffect[] => {
    const [own, other] = side === 'removed' ? [removed, added] : [added, removed];
    if (countOf(own, line) <= countOf(other, line)) return [];
    const shown = own.find((one) => line.test(one.slice(0, 400))) ?? '';
    const words = splitWords(own.filter((one) => line.test(one.slice(0, 400))).join(' '));
    return [{ kind, says: `${says}: ${quoted(shown, 80)}`, words }];
  });
}

const loop = /^\s{0,60}(?:}?\s?(?:for|foreach|while)\b)|\.(?:map|forEach|each|flatMap)\(/;
/** A call that most likely leaves the process: it asks something for something, and waits or takes a context. */
const call =
  /\b(?:await\s.{0,80}\(|[\w.]{0,80}\b(?:\w{0,20}(?:[Gg]et|[Ff]etch|[Ff]ind|[Qq]uery|[Ll]oad|[Ss]elect|[Ll]ookup|[Ee]xec\w{0,10}|[Rr]equest|[Cc]all)\w{0,30})\((?:ctx|context|session|c\.|r\.Context)|\b(?:db|client|repo|repository|session|conn|cursor|http|requests|axios)\.\w{1,30}\()/;

const indentOf = (line: string): number => line.length - line.trimStart().length;

/** Finds calls that a change puts into a loop: deeper than a line that begins one, not more than a dozen lines behind it. */
function callsInLoops({ removed, added, after }: Hunk): readonly DiffEffect[] {
  const fresh = new Set(added);
  return after.flatMap((line, index): DiffEffect[] => {
    if (!fresh.has(line) || !call.test(line.slice(0, 400))) return [];
    const isLooped = after
      .slice(Math.max(0, index - 12), index)
      .some((one) => loop.test(one.slice(0, 400)) && indentOf(one) < indentOf(line));
    if (!isLooped || countOf(removed, call) >= countOf(added, call)) return [];
    return [
      {
        kind: 'calls-in-loop',
        says: `calls in a loop: ${quoted(line, 80)}`,
        words: splitWords(line),
      },
    ];
  });
}

const assignment =
  /^\s{0,60}[-"'<]{0,2}\s?([A-Za-z_][\w.-]{0,80})["']?\s{0,4}[:=>]{1,2}\s{0,4}["'`]?([^"'`,;<>]{1,120})/;
const address =
  /^(?:[a-z][a-z0-9+.-]{1,20}:\/\/\S{3,}|[\w-]{1,60}(?:\.[\w-]{1,60}){1,8}(?::\d{2,5})?(?:\/\S{0,80})?|[\w-]{1,60}:\d{2,5})$/;
const access = [
  'secret',
  'password',
  'token',
  'credential',
  'credentials',
  'scope',
  'scopes',
  'role',
  'audience',
  'issuer',
  'permission',
  'permissions',
  'apikey',
  'cert',
  'certificate',
  'ca',
];

/** Files in which a value stands for itself, without quotes. */
const settings = /\.(?:ya?ml|json|toml|ini|conf|cfg|env|properties|tfvars?|hcl)$|(?:^|\/)\.env/;
const onOff = /^(?:true|false|on|off|yes|no|enabled|disabled)$/i;

interface Value {
  readonly text: string;
  /** It is written out, and not the name of something else. */
  readonly isLiteral: boolean;
}

function valuesOf({ file }: Hunk, lines: readonly string[]): ReadonlyMap<string, Value> {
  const isSettings = settings.test(file ?? '');
  return new Map(
    lines.flatMap((line) => {
      const [all, key, value] = assignment.exec(line.slice(0, 400)) ?? [];
      if (all === undefined || key === undefined || value === undefined) return [];
      const isQuoted = /["'`]/.test(all.slice(all.indexOf(key) + key.length + 1));
      const text = value.trim();
      return [[key, { text, isLiteral: isSettings || isQuoted || onOff.test(text) }] as const];
    }),
  );
}

/** Finds settings that get another value which is no number: what lets one in, an address, or a switch. */
function changedValues(hunk: Hunk): readonly DiffEffect[] {
  const before = valuesOf(hunk, hunk.removed);
  return [...valuesOf(hunk, hunk.added)].flatMap(([key, { text, isLiteral }]): DiffEffect[] => {
    const old = before.get(key);
    const isOther = old !== undefined && old.text !== text && !/^\d/.test(old.text);
    if (!isOther || !isLiteral || !old.isLiteral) return [];
    const words = splitWords(key);
    const says = `sets ${quoted(key, 60)} from ${quoted(old.text, 40)} to ${quoted(text, 40)}`;
    if (words.some((word) => access.includes(word))) {
      return [{ kind: 'access-changed', says, words }];
    }
    const isAddress = address.test(old.text) && address.test(text);
    const kind = isAddress && !onOff.test(text) ? 'address-changed' : 'switched';
    return [{ kind, says, words: words.filter((word) => word.length > 3 && !vague.has(word)) }];
  });
}

/** Words of settings that say nothing of what is set. */
const vague: ReadonlySet<string> = new Set([
  'enabled',
  'disabled',
  'enable',
  'mode',
  'type',
  'level',
  'name',
  'value',
  'default',
  'config',
  'version',
  'label',
  'title',
  'text',
  'color',
  'service',
]);

/** Finds what the statements of a change do beside setting numbers. What is taken out at one place and put in at another is only moved. */
export function statementEffects(hunks: readonly Hunk[]): readonly DiffEffect[] {
  return [...byRules(hunks), ...hunks.flatMap(callsInLoops), ...hunks.flatMap(changedValues)];
}
