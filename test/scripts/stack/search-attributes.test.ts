import { expect, test } from '@jest/globals';
import { searchAttributes as registered } from '../../../scripts/stack/search-attributes.ts';
import { searchAttributes as used } from '../../../workflows/messages.ts';

/** What SQL visibility holds of each type in one namespace. */
const limits: Readonly<Record<string, number>> = { Keyword: 10, KeywordList: 3, Text: 3 };
const otherLimit = 3;

test('the local server registers exactly the search attributes that workflows set, within the limits of SQL', () => {
  const named = Object.values(used).map(({ name, type }) => ({
    name,
    type: type
      .toLowerCase()
      .replace(/(^|_)(.)/g, (_all, _gap, letter: string) => letter.toUpperCase()),
  }));
  expect(new Set(registered)).toEqual(new Set(named));
  for (const type of new Set(named.map((one) => one.type))) {
    const count = named.filter((one) => one.type === type).length;
    expect(count).toBeLessThanOrEqual(limits[type] ?? otherLimit);
  }
});
