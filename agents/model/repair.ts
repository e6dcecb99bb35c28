import type { Json } from '../../core/ports/model.ts';

/**
 * Reads JSON out of what a model wrote: without the fence or the prose around it, without commas too many, and with the brackets closed that were left open
 * when it was cut off. Undefined where nothing can be read; `isRepaired` says that it was not JSON as it stood. Linear.
 */
export function readJson(
  text: string,
): { readonly value: Json; readonly isRepaired: boolean } | undefined {
  const asIs = parse(text);
  if (asIs !== undefined) return { value: asIs, isRepaired: false };
  const start = text.search(/[[{]/);
  if (start < 0) return undefined;
  const value = parse(mend(text.slice(start)));
  return value === undefined ? undefined : { value, isRepaired: true };
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** Copies up to the bracket that closes the first one; closes what is still open at the end of the text. */
function mend(text: string): string {
  const closers: string[] = [];
  let mended = '';
  let isInText = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charAt(index);
    if (isInText) {
      mended += character;
      if (character === '\\') {
        index += 1;
        mended += text.charAt(index);
      } else if (character === '"') isInText = false;
      continue;
    }
    if (character === '"') isInText = true;
    else if (character === '{' || character === '[') closers.push(character === '{' ? '}' : ']');
    else if (character === '}' || character === ']') {
      mended = withoutComma(mended);
      closers.pop();
      if (closers.length === 0) return mended + character;
    }
    mended += character;
  }
  const closed = isInText ? `${mended}"` : withoutComma(mended);
  return closed + closers.reverse().join('');
}

function withoutComma(text: string): string {
  const end = text.trimEnd();
  return end.endsWith(',') ? end.slice(0, -1) : end;
}

/** Cuts texts and lists to what a schema lets through, as far as that can be told without it; what a model meant is then not lost over a length. */
export function clipDeep(
  value: Json,
  limits: { readonly text: number; readonly list: number },
): Json {
  if (typeof value === 'string') return value.slice(0, limits.text);
  if (Array.isArray(value)) return value.slice(0, limits.list).map((one) => clipDeep(one, limits));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, clipDeep(member, limits)]),
  );
}
