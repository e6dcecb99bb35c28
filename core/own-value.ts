/** The value that a table itself holds under a key. Keys come from outside: `constructor` is in no table, though every object has one. */
export function ownValue<Value>(
  table: Readonly<Record<string, Value>>,
  key: string,
): Value | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
