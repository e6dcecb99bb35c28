import { classOf, dot, hyphen, lower, underscore, upper } from './character-classes.ts';
import type { SecretKind } from './marker.ts';

/** A name whose value is a secret. */
export interface SecretKey {
  /** How the name ends, in small letters and without separators. */
  readonly ending: string;
  readonly kind: SecretKind;
  /** Such names have harmless values too: only what looks like a secret is one. */
  readonly isWeak: boolean;
  /** Has to be a word of its own: `pass` is no secret in `bypass`. */
  readonly isWhole: boolean;
}

const keys: readonly SecretKey[] = [
  ...each('password passwd passphrase passcode passwort', 'password'),
  ...each('pwd pw', 'password', { isWhole: true }),
  ...each('pass pin otp cvv cvc', 'password', { isWhole: true, isWeak: true }),
  ...each('secret', 'secret'),
  ...each('credential credentials creds connectionstring', 'secret', { isWeak: true }),
  ...each('apikey accesskey secretkey privatekey signingkey encryptionkey accountkey', 'key'),
  ...each('masterkey authkey sharedkey hmackey subscriptionkey clientkeydata appkey', 'key'),
  ...each('token jwt', 'token', { isWeak: true }),
  ...each('xamzsignature xgoogsignature', 'token'),
  ...each('sig auth bearer', 'token', { isWhole: true, isWeak: true }),
  ...each('authorization', 'authorization', { isWeak: true }),
  ...each('cookie sessionid sessid sessionkey', 'cookie', { isWeak: true }),
  ...each('sid', 'cookie', { isWhole: true, isWeak: true }),
];

function each(
  endings: string,
  kind: SecretKind,
  { isWhole = false, isWeak = false } = {},
): readonly SecretKey[] {
  return endings.split(' ').map((ending) => ({ ending, kind, isWhole, isWeak }));
}

const byLast: (readonly SecretKey[] | undefined)[] = [];
for (const key of keys) {
  const code = key.ending.charCodeAt(key.ending.length - 1);
  byLast[code] = [...(byLast[code] ?? []), key];
}

/** The id by which the semantic conventions of OpenTelemetry join what one visitor does; it opens nothing. */
const harmless = 'session.id';

/** Tells which secret the name in `text` from `start` to `end` announces; null for an ordinary name. */
export function secretKeyIn(text: string, start: number, end: number): SecretKey | null {
  const candidates = byLast[toLower(text.charCodeAt(end - 1))];
  if (candidates === undefined) return null;
  if (end - start === harmless.length && text.startsWith(harmless, start)) return null;
  return candidates.find((key) => endsWith(text, start, end, key)) ?? null;
}

/** Compares backwards, passing over separators and case: `accessToken`, `ACCESS_TOKEN` and `access token` all end in `accesstoken`. */
function endsWith(text: string, start: number, end: number, key: SecretKey): boolean {
  const { ending, isWhole } = key;
  let index = end - 1;
  for (let at = ending.length - 1; at >= 0; at -= 1) {
    while (index >= start && isSeparator(text.charCodeAt(index))) index -= 1;
    if (index < start || toLower(text.charCodeAt(index)) !== ending.charCodeAt(at)) return false;
    index -= 1;
  }
  return !isWhole || index < start || isBorder(text, index);
}

/** Whether a word begins after the character at `index`: after a separator, a digit, or a small letter before a capital. */
function isBorder(text: string, index: number): boolean {
  const before = classOf(text.charCodeAt(index));
  if ((before & (upper | lower)) === 0) return true;
  return before === lower && classOf(text.charCodeAt(index + 1)) === upper;
}

function isSeparator(code: number): boolean {
  return code === 32 || (classOf(code) & (underscore | hyphen | dot)) !== 0;
}

function toLower(code: number): number {
  return code >= 65 && code <= 90 ? code + 32 : code;
}
