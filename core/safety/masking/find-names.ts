/** A name to look for. A loose one may stand anywhere, any other only between the borders of a word or of a part of one. */
export interface Sought<Tag> {
  readonly text: string;
  readonly tag: Tag;
  readonly isLoose: boolean;
}

/** Where a name stands: `start` is the place of its first character, `end` that after its last. */
export interface FoundName<Tag> {
  readonly start: number;
  readonly end: number;
  readonly tag: Tag;
}

interface Branch<Tag> {
  readonly next: Map<number, Branch<Tag>>;
  ends: Sought<Tag> | null;
}

/**
 * Makes what finds names in a text, in upper and lower case alike; where several begin at one place, the longest. Parts of a word end at whatever is neither letter nor
 * digit, and at a capital after a small letter: `checkout` stands in `prod-checkout`, `checkout_requests_total` and `CheckoutService`, not in `checkouts`. Takes time that grows with the
 * text and the longest name, however many names there are.
 */
export function createNameFinder<Tag>(
  names: readonly Sought<Tag>[],
): (text: string) => readonly FoundName<Tag>[] {
  const root: Branch<Tag> = { next: new Map(), ends: null };
  for (const name of names) if (name.text !== '') plant(root, name);
  if (root.next.size === 0) return () => [];
  return (text) => {
    const found: FoundName<Tag>[] = [];
    let start = 0;
    while (start < text.length) {
      const longest = longestAt(root, text, start);
      if (longest !== null) found.push(longest);
      start = longest?.end ?? start + 1;
    }
    return found;
  };
}

function plant<Tag>(root: Branch<Tag>, name: Sought<Tag>): void {
  let branch = root;
  for (let index = 0; index < name.text.length; index += 1) {
    const code = inLowerCase(name.text.charCodeAt(index));
    const next = branch.next.get(code) ?? { next: new Map(), ends: null };
    branch.next.set(code, next);
    branch = next;
  }
  // Of two that differ in case alone the first counts, unless the other may stand in more places.
  if (branch.ends?.isLoose !== true && (branch.ends === null || name.isLoose)) branch.ends = name;
}

function longestAt<Tag>(root: Branch<Tag>, text: string, start: number): FoundName<Tag> | null {
  const isAtBorder = isBorder(text, start);
  let longest: FoundName<Tag> | null = null;
  let branch = root.next.get(inLowerCase(text.charCodeAt(start)));
  for (let end = start + 1; branch !== undefined; end += 1) {
    const { ends } = branch;
    if (ends !== null && (ends.isLoose || (isAtBorder && isBorder(text, end)))) {
      longest = { start, end, tag: ends.tag };
    }
    branch = end < text.length ? branch.next.get(inLowerCase(text.charCodeAt(end))) : undefined;
  }
  return longest;
}

/** Whether a part of a word can begin or end before this place. */
function isBorder(text: string, place: number): boolean {
  const [before, after] = [text.charCodeAt(place - 1), text.charCodeAt(place)];
  if (!isLetterOrDigit(before) || !isLetterOrDigit(after)) return true;
  return isBetween(before, 'a', 'z') && isBetween(after, 'A', 'Z');
}

function isLetterOrDigit(code: number): boolean {
  return isBetween(code, 'a', 'z') || isBetween(code, 'A', 'Z') || isBetween(code, '0', '9');
}

function isBetween(code: number, first: string, last: string): boolean {
  return code >= first.charCodeAt(0) && code <= last.charCodeAt(0);
}

/** One for one, so that places stay what they are. */
function inLowerCase(code: number): number {
  if (code < 128) return code >= 65 && code <= 90 ? code + 32 : code;
  const small = String.fromCharCode(code).toLowerCase();
  return small.length === 1 ? small.charCodeAt(0) : code;
}
