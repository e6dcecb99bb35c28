import {
  afterBlanks,
  base64Sign,
  classOf,
  digit,
  dot,
  endOfRun,
  hyphen,
  looksRandom,
  lower,
  tilde,
  underscore,
  upper,
  word,
} from './character-classes.ts';
import type { Finding, SecretKind } from './marker.ts';

/** A kind of secret that is known by how it begins. */
interface TokenRule {
  readonly prefix: string;
  readonly kind: SecretKind;
  /** Least characters after the prefix. */
  readonly least: number;
  readonly bits: number;
  /** The prefix is a plain word too: what follows has to look as if made by chance. */
  readonly isDoubtful?: true;
}

const url = word | underscore | hyphen;
const capitals = digit | upper;

const rules: readonly TokenRule[] = [
  // Amazon, Google, Microsoft, Alibaba, Tencent, DigitalOcean
  ...each('AKIA ASIA ABIA ACCA', 'key', 16, capitals),
  ...each('amzn.mws.', 'key', 30, url),
  ...each('AIza', 'key', 30, url),
  ...each('ya29.', 'token', 20, url | dot),
  ...each('GOCSPX-', 'secret', 20, url),
  ...each('1//0', 'token', 30, url),
  ...each('LTAI', 'key', 16, word),
  ...each('AKID', 'key', 28, word),
  ...each('dop_v1_ doo_v1_ dor_v1_', 'token', 32, word),
  // Source and packages
  ...each('ghp_ gho_ ghu_ ghs_ ghr_ github_pat_', 'token', 30, word | underscore),
  ...each('glpat- glptt- gldt- glrt- glcbt- glsoat-', 'token', 16, url | dot),
  ...each('ATATT3 ATCTT3', 'token', 20, url | base64Sign),
  ...each('npm_ rubygems_', 'token', 30, word),
  ...each('pypi- pul- dckr_pat_', 'token', 20, url, true),
  // Chat, mail, payment, shops
  ...each(
    'xoxa- xoxb- xoxc- xoxd- xoxe- xoxo- xoxp- xoxr- xoxs- xoxe. xapp-',
    'token',
    10,
    url | dot,
  ),
  ...each('hooks.slack.com/services/', 'webhook', 20, word | base64Sign),
  ...each(
    'discord.com/api/webhooks/ discordapp.com/api/webhooks/',
    'webhook',
    20,
    url | base64Sign,
  ),
  ...each('SG.', 'key', 30, url | dot),
  ...each('xkeysib- xsmtpsib-', 'key', 30, url),
  ...each('key-', 'key', 32, digit | lower, true),
  ...each('sk_live_ sk_test_ rk_live_ rk_test_ whsec_', 'key', 10, word),
  ...each('sq0csp- sq0atp- sq0idp-', 'token', 20, url),
  ...each('shpat_ shpss_ shpca_ shppa_', 'token', 16, word),
  // Models
  ...each('sk-ant- sk-proj- sk-svcacct- sk-or-', 'key', 16, url),
  ...each('sk-', 'key', 20, url, true),
  ...each('hf_ r8_ gsk_ xai- pplx-', 'token', 20, word, true),
  // Operations
  ...each('hvs. hvb. hvr.', 'token', 20, url),
  ...each('dapi', 'token', 32, digit | lower, true),
  ...each('glsa_ glc_', 'token', 20, word | underscore | base64Sign),
  ...each('NRAK- NRJS- NRII-', 'key', 19, url),
  ...each('sntrys_ sntryu_', 'token', 20, word | underscore | base64Sign),
  ...each('lin_api_ figd_ PMAK- CFPAT- tskey- dp.pt. dp.st.', 'token', 16, url, true),
  ...each('AGE-SECRET-KEY-1', 'private-key', 40, capitals),
  ...each('ops_eyJ', 'token', 20, url),
  ...each('SK', 'key', 32, digit | lower, true),
];

function each(
  prefixes: string,
  kind: SecretKind,
  least: number,
  bits: number,
  isDoubtful = false,
): readonly TokenRule[] {
  return prefixes
    .split(' ')
    .map((prefix) => ({ prefix, kind, least, bits, ...(isDoubtful ? { isDoubtful } : {}) }));
}

/** Rules by the first two characters of their prefix: few words share those. */
const byBeginning: (readonly TokenRule[] | null)[] = Array.from({ length: 128 * 128 }, () => null);
for (const rule of rules) {
  const beginning = beginningAt(rule.prefix, 0);
  byBeginning[beginning] = [...(byBeginning[beginning] ?? []), rule];
}

function beginningAt(text: string, start: number): number {
  const second = text.charCodeAt(start + 1);
  return second < 128 ? text.charCodeAt(start) * 128 + second : 0;
}

/** Finds a secret that begins with the word at `start`: a key with a known beginning, a JWT, or what follows `Bearer` or `Basic`. */
export function findToken(text: string, start: number): Finding | null {
  const code = text.charCodeAt(start);
  const candidates = byBeginning[beginningAt(text, start)] ?? null;
  if (candidates !== null) {
    for (const rule of candidates) {
      const found = matchRule(text, start, rule);
      if (found !== null) return found;
    }
  }
  if (code === 101) return findJwt(text, start);
  if (code === 66 || code === 98) return findScheme(text, start);
  return null;
}

function matchRule(text: string, start: number, rule: TokenRule): Finding | null {
  if (!text.startsWith(rule.prefix, start)) return null;
  const from = start + rule.prefix.length;
  const sure = from + rule.least;
  if (endOfRun(text, from, rule.bits, sure) < sure) return null;
  if (rule.isDoubtful === true && !isMixed(text, from, sure)) return null;
  return { start, end: withoutDots(text, endOfRun(text, sure, rule.bits)), kind: rule.kind };
}

function isMixed(text: string, start: number, end: number): boolean {
  let seen = 0;
  for (let index = start; index < end; index += 1) seen |= classOf(text.charCodeAt(index));
  return (seen & digit) !== 0 && (seen & (upper | lower)) !== 0;
}

/** The full stop of a sentence belongs to no token. */
function withoutDots(text: string, end: number): number {
  let last = end;
  while (text.charCodeAt(last - 1) === 46) last -= 1;
  return last;
}

/** No header of a JWT is looked at further: else many beginnings without an end would cost the square of their length. */
const longestHeader = 600;

/** A JSON object in Base64 (`eyJ`), a point, and another part. */
function findJwt(text: string, start: number): Finding | null {
  if (!text.startsWith('eyJ', start)) return null;
  const header = endOfRun(text, start, url, start + longestHeader);
  if (header - start < 10 || text.charCodeAt(header) !== 46) return null;
  const end = withoutDots(text, endOfRun(text, header, url | dot));
  return end - header < 8 ? null : { start, end, kind: 'jwt' };
}

const credential = word | underscore | hyphen | dot | base64Sign | tilde;
const longestCheck = 200;

/** What follows the name of an authentication scheme in a text. */
function findScheme(text: string, start: number): Finding | null {
  const isBearer = hasWord(text, start, 'bearer');
  if (!isBearer && !hasWord(text, start, 'basic')) return null;
  const name = start + (isBearer ? 6 : 5);
  const from = afterBlanks(text, name);
  if (from === name) return null;
  const checked = endOfRun(text, from, credential, from + longestCheck);
  const isSecret = isBearer
    ? looksRandom(text, from, checked)
    : isUserAndPassword(text, from, checked);
  if (!isSecret) return null;
  const end = withoutDots(text, endOfRun(text, checked, credential));
  return { start: from, end, kind: 'authorization' };
}

function hasWord(text: string, start: number, name: string): boolean {
  if ((text.charCodeAt(start + 1) | 32) !== name.charCodeAt(1)) return false;
  return text.slice(start, start + name.length).toLowerCase() === name;
}

/** Base64 of `user:password`: what is decoded has a colon and no control character. */
function isUserAndPassword(text: string, start: number, end: number): boolean {
  if (end - start < 4) return false;
  const whole = start + 4 * Math.floor((end - start) / 4);
  let decoded: string;
  try {
    decoded = atob(text.slice(start, whole));
  } catch {
    return false; // Not Base64: a word of the sentence.
  }
  return decoded.indexOf(':') >= 0 && !/[^\x20-\xff]/.test(decoded);
}
