import type { Json } from '../../core/ports/model.ts';

/** Changes every text of a value, names of fields too. `field` is the name under which a text stands, empty where there is none. */
export function mapTexts(
  value: Json,
  change: (text: string, field: string) => string,
  field = '',
): Json {
  if (typeof value === 'string') return change(value, field);
  if (Array.isArray(value)) return value.map((one) => mapTexts(one, change, field));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      change(name, ''),
      mapTexts(member, change, name),
    ]),
  );
}
