import { AppError } from '../../core/errors.ts';
import type { OpsReply } from '../../core/ports/ops.ts';

/** Longest reply that is read, in bytes. */
const maxReplyBytes = 262_144;
/** Deepest nesting that is taken as JSON; whatever walks a body after us recurses. */
const maxDepth = 32;

/**
 * Reads a reply of at most 256 KB: parsed where it is JSON of at most 32 levels, else as text. Should the service repeat the token, it is blotted out. Rejects with
 * `unavailable.backend` for a redirect, which is not followed, and for a longer reply.
 */
export async function readReply(
  response: Response,
  what: string,
  token: string,
): Promise<OpsReply> {
  if (response.status >= 300 && response.status < 400) {
    await response.body?.cancel();
    throw new AppError(
      'unavailable.backend',
      `${what} was answered with ${response.status}: redirects are not followed`,
    );
  }
  const text = (await readText(response, what)).replaceAll(token, '[redacted]');
  return { status: response.status, body: parse(text) };
}

async function readText(response: Response, what: string): Promise<string> {
  const body: AsyncIterable<Uint8Array> | null = response.body;
  const pieces: Uint8Array[] = [];
  if (body === null) return '';
  let bytes = 0;
  // Leaving the loop cancels the rest of the body.
  for await (const piece of body) {
    bytes += piece.length;
    if (bytes > maxReplyBytes) {
      throw new AppError(
        'unavailable.backend',
        `${what} was answered with ${response.status} and more than ${maxReplyBytes} bytes`,
      );
    }
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}

function parse(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return isWithinDepth(value, maxDepth) ? value : text;
  } catch {
    return text; // the status is what counts; a proxy may answer with words
  }
}

function isWithinDepth(value: unknown, left: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return left > 0 && Object.values(value).every((inner) => isWithinDepth(inner, left - 1));
}
