/** Splits the text of one record of a CSV file into its fields; quotes as in RFC 4180. */
export function splitCsvRecord(text: string): readonly string[] {
  const fields: string[] = [];
  let at = 0;
  while (at <= text.length) {
    const quoted = text[at] === '"' ? /"((?:[^"]|"")*)"?/y : /([^,]*)/y;
    quoted.lastIndex = at;
    const [whole = '', inside = ''] = quoted.exec(text) ?? [];
    fields.push(text[at] === '"' ? inside.replaceAll('""', '"') : inside);
    const comma = text.indexOf(',', at + whole.length);
    at = comma === -1 ? text.length + 1 : comma + 1;
  }
  return fields;
}
