/** Gives a field of a request that is to be a text; an absent one is empty. */
export function textField(request: Readonly<Record<string, unknown>>, name: string): string {
  const value = request[name];
  return typeof value === 'string' ? value : '';
}
