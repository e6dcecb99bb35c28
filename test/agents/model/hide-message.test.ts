import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { asJson, draft } from '../../../agents/model/draft.ts';
import { hideMessage, restoreCalls } from '../../../agents/model/hide-message.ts';
import { mapTexts } from '../../../agents/model/map-texts.ts';
import type { Json } from '../../../core/ports/model.ts';
import { placeholderForm } from '../../../core/safety/masking/aliases.ts';
import { createIdentifierMask } from '../../../core/safety/masking/mask-identifiers.ts';
import type { MaskOptions } from '../../../core/safety/masking/mask-identifiers.ts';

const maskWith = (options: Partial<MaskOptions>) =>
  createIdentifierMask({ known: [], terms: [], find: () => [], aliases: {}, ...options });
const customers: MaskOptions['find'] = (text) =>
  [...text.matchAll(/customer="[^"]+"/g)].map(({ index, 0: { length } }) => ({
    start: index,
    end: index + length,
  }));
const told = (text: ReturnType<typeof draft>, mask: ReturnType<typeof maskWith>): string => {
  const message = hideMessage({ role: 'user', text }, mask);
  return message.role === 'user' ? message.text : '';
};
const hidden = (value: Json, mask: ReturnType<typeof maskWith>): string =>
  told(asJson(value), mask);
/** Names as attackers and accidents make them: with quotation marks, backslashes, line ends, capitals. */
const name = fc.string({
  unit: fc.constantFrom('a', 'B', 'c', '"', '\\', '\n', '\t', ' ', '-', '.', '{', '“', 'é', '5'),
  minLength: 2,
  maxLength: 8,
});

describe('a value in a message', () => {
  test('OS-81 is hidden by a user’s pattern as it was before it was written as JSON', () => {
    const note = 'refused: customer="Ada Byron" of 3';
    expect(hidden({ note }, maskWith({ find: customers }))).toBe(
      '{"note":"refused: <TERM_1> of 3"}',
    );
  });

  test('OS-81 is hidden by a term with a backslash in it', () => {
    expect(hidden(['ACME\\ada failed'], maskWith({ terms: ['ACME\\ada'] }))).toBe(
      '["<TERM_1> failed"]',
    );
  });

  test('keeps what its field tells of it, and no secret', () => {
    const value = { pod: 'web-0', services: ['red'], password: 'hunter22' };
    const text = hidden(value, maskWith({}));
    expect(text).toContain('{"pod":"<POD_1>","services":["<SERVICE_1>"]');
    expect(text).not.toContain('hunter22');
  });

  test('stands among words that are hidden as one text, wherever the draft was cut', () => {
    const mask = maskWith({ terms: ['Project Otter'] });
    const text = draft`about Project ${'Otter'}: ${asJson('Otter')} of ${draft`Project ${'Otter'}`}`;
    expect(told(text, mask)).toBe('about <TERM_1>: "Otter" of <TERM_1>');
  });

  test('OS-46 OS-81 OS-82 comes back as it was, and no known name is in what goes out', () => {
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 6 }), fc.nat(), (names, picked) => {
        const mask = maskWith({ known: names.map((one) => ({ kind: 'service', name: one })) });
        const field = names[picked % names.length] ?? '';
        const value = { note: names.join(' | '), [`of ${field}`]: [...names, 7, null] };
        const text = hidden(value, mask);
        const parsed = JSON.parse(text) as Json;
        expect(mapTexts(parsed, mask.restore)).toEqual(value);
        const outgoing: string[] = [];
        mapTexts(parsed, (one) => {
          outgoing.push(one.replaceAll(placeholderForm, '\0'));
          return one;
        });
        for (const one of names) expect(outgoing.filter((said) => hasName(said, one))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});

/** A name of one word may be a part of a longer word, with neither border. */
function hasName(text: string, one: string): boolean {
  if (!/^[A-Za-z0-9._@-]*$/.test(one) || !/[A-Za-z0-9]/.test(one)) return text.includes(one);
  const isPart = (character: string): boolean => /[A-Za-z0-9]/.test(character);
  for (let at = text.indexOf(one); at >= 0; at = text.indexOf(one, at + 1)) {
    const [before, after] = [text.charAt(at - 1), text.charAt(at + one.length)];
    const isWhole =
      !(isPart(before) && isPart(one.charAt(0))) && !(isPart(after) && isPart(one.slice(-1)));
    if (isWhole) return true;
  }
  return false;
}

test('what a model calls with has its names back, in names of fields too', () => {
  const mask = maskWith({ aliases: { SERVICE_1: 'a "b"\n', SERVICE_2: 'c' } });
  const call = { id: null, name: 'look', input: { services: ['<SERVICE_1>'], '<SERVICE_2>': 1 } };
  expect(restoreCalls([call], mask.restore)).toEqual([
    { ...call, input: { services: ['a "b"\n'], c: 1 } },
  ]);
});
