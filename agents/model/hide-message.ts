import type { Json, ModelCall, ModelMessage } from '../../core/ports/model.ts';
import type { IdentifierMask } from '../../core/safety/masking/mask-identifiers.ts';
import { maskSecrets } from '../../core/safety/masking/mask-secrets.ts';
import type { Draft, DraftMessage } from './draft.ts';
import { mapTexts } from './map-texts.ts';

type Mask = Pick<IdentifierMask, 'mask'>;

/** Puts identifiers back into one text of a model. Never into JSON that has still to be read: it is read first, and each text of it is restored then. */
export type Restore = IdentifierMask['restore'];

/** Writes a message down as it goes out: secrets are gone for good, identifiers until the answer is back. */
export function hideMessage(message: DraftMessage, mask: Mask): ModelMessage {
  if (message.role === 'user') return { ...message, text: hideDraft(message.text, mask) };
  const answers = message.answers.map((one) => ({ ...one, answer: hideDraft(one.answer, mask) }));
  return { ...message, answers };
}

/** Puts identifiers back into what a model wants to call something with. */
export function restoreCalls(calls: readonly ModelCall[], restore: Restore): ModelCall[] {
  return calls.map((call) => ({ ...call, input: mapTexts(call.input, restore) }));
}

function hideDraft(draft: Draft, { mask }: Mask): string {
  const hide = (text: string, field = ''): string => mask(maskSecrets(text).text, field);
  return merged(draft)
    .map((part) => (typeof part === 'string' ? hide(part) : written(part.value, hide)))
    .join('');
}

/** Some secrets are known only by the field under which they stand. */
function written(value: Json, hide: (text: string, field: string) => string): string {
  return maskSecrets(JSON.stringify(mapTexts(value, hide))).text;
}

/** Words that follow each other are one text: what is hidden may begin in one and end in the other. */
function merged(draft: Draft): Draft {
  const parts: (string | { readonly value: Json })[] = [];
  for (const part of draft) {
    const last = parts.at(-1);
    if (typeof part === 'string' && typeof last === 'string') parts[parts.length - 1] = last + part;
    else parts.push(part);
  }
  return parts;
}
