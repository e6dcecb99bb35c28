import { findFreePlaces } from './free-places.ts';
import { joinWords } from './join-words.ts';
import { isUnit, softenField, softenFields } from './soften-fields.ts';
import type { Softness } from './soften-fields.ts';

/** Lines, or templates, that are one template: `members` are their places in what was given. */
export interface TemplateGroup {
  readonly fields: readonly string[];
  readonly members: readonly number[];
}

/** So many different lines that agree in all but short words with digits tell that these words vary. */
const leastNumbered = 4;
const maxRounds = 8;

/**
 * Groups masked lines into templates, by what is seen of all of them together, so that their order does not matter. Lines are one template
 *
 * - when they agree in all that does not hold a wildcard (`from node-<*>`, `from rack-<*>`), in the number of values in a row, or in units;
 * - when four and more agree in all but words that end in a digit (`eth0`, `eth1`, ...);
 * - when they agree in all but one field, and that is a masked value in one of them, or six and more different words.
 *
 * Few different words in one place, or words that differ in more places than one, say different things and stay apart. Linear in the number of fields, repeated
 * until nothing changes, eight times at most. The evidence of positions is that of Brain (Yu et al., IEEE TSC 2023) and of SLCT (Vaarandi, IPOM 2003), taken over distinct
 * masked lines.
 */
export function groupTemplates(lines: readonly (readonly string[])[]): readonly TemplateGroup[] {
  let groups: readonly TemplateGroup[] = lines.map((fields, index) => ({
    fields,
    members: [index],
  }));
  for (let round = 0; round < maxRounds; round += 1) {
    const before = groups;
    groups = mergeSoft(groups, 'masked', 2);
    groups = mergeSoft(groups, 'digits', leastNumbered);
    groups = mergeAlike(freePlaces(groups));
    if (groups.length === before.length) break;
  }
  return groups;
}

function mergeSoft(
  groups: readonly TemplateGroup[],
  softness: Softness,
  least: number,
): readonly TemplateGroup[] {
  const known = new Map<string, string>();
  const soften = (field: string): string => {
    const soft = known.get(field) ?? softenField(field, softness);
    known.set(field, soft);
    return soft;
  };
  const softened = groups.map(({ fields }) => softenFields(fields, soften));
  const alike = indexBy(softened.map((fields) => fields.join(' ')));
  return alike.flatMap((places) => {
    const own = places.flatMap((place) => groups[place] ?? []);
    if (own.length < least) return own;
    const isSameShape = own.every(({ fields }) => hasShapeOf(fields, own[0]?.fields ?? []));
    const versions = isSameShape
      ? own.map(({ fields }) => fields)
      : places.flatMap((place) => [softened[place] ?? []]);
    return [{ fields: joinVersions(versions), members: own.flatMap(({ members }) => members) }];
  });
}

/** Whether two lines have as many fields, and the same units where there are units. */
function hasShapeOf(one: readonly string[], other: readonly string[]): boolean {
  return (
    one.length === other.length &&
    one.every(
      (field, place) => field === other[place] || !isUnit(field) || !isUnit(other[place] ?? ''),
    )
  );
}

function freePlaces(groups: readonly TemplateGroup[]): readonly TemplateGroup[] {
  const freed = findFreePlaces(groups.map(({ fields }) => fields));
  return groups.map(({ members }, index) => ({ fields: freed[index] ?? [], members }));
}

function mergeAlike(groups: readonly TemplateGroup[]): readonly TemplateGroup[] {
  return indexBy(groups.map(({ fields }) => fields.join(' '))).map((places) => {
    const own = places.flatMap((place) => groups[place] ?? []);
    return {
      fields: own[0]?.fields ?? [],
      members: own.flatMap(({ members }) => members),
    };
  });
}

function joinVersions(versions: readonly (readonly string[])[]): readonly string[] {
  const [first = []] = versions;
  return first.map((_field, place) => joinWords(versions.map((fields) => fields[place] ?? '')));
}

/** The places of each value, in the order in which the values first come. */
function indexBy(values: readonly string[]): readonly (readonly number[])[] {
  const places = new Map<string, number[]>();
  for (const [index, value] of values.entries()) {
    const known = places.get(value);
    if (known === undefined) places.set(value, [index]);
    else known.push(index);
  }
  return [...places.values()];
}
