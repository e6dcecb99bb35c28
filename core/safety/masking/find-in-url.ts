import { digit, endOfRun, looksRandom } from './character-classes.ts';
import type { Finding } from './marker.ts';
import { endOfMarker, hasMarker } from './marker.ts';

const longestAuthority = 512;

/** Finds the password in the URL whose `://` ends at `start`, or a user name that is a token. */
export function findInUrl(text: string, start: number): Finding | null {
  const limit = Math.min(text.length, start + longestAuthority);
  let colon = -1;
  let at = -1;
  let isAuthority = true;
  for (let index = start; index < limit; index += 1) {
    const marker = endOfMarker(text, index);
    if (marker > 0) index = marker;
    const code = text.charCodeAt(index);
    if (code <= 32 || code === 34 || code === 39 || code === 60 || code === 62 || code === 96)
      break;
    if (isAuthority && (code === 47 || code === 63 || code === 35)) {
      // A password may hold these where nobody encoded it; a port or a path may not be taken for one.
      if (at >= 0 || colon < 0 || isPort(text, colon + 1, index)) break;
      isAuthority = false;
    }
    if (code === 58 && colon < 0) colon = index;
    if (code === 64) at = index;
  }
  if (at < 0) return null;
  if (colon >= 0 && colon < at) return asFinding(text, colon + 1, at);
  const isToken = at - start >= 16 && looksRandom(text, start, at) && !hasMarker(text, start, at);
  return isToken ? asFinding(text, start, at) : null;
}

function isPort(text: string, start: number, end: number): boolean {
  return endOfRun(text, start, digit, end) === end;
}

function asFinding(text: string, start: number, end: number): Finding | null {
  return start === end || endOfMarker(text, start) === end
    ? null
    : { start, end, kind: 'password' };
}
