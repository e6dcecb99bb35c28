const escaped = new Set('\\`*_{}[]#+!|~$@');
/** Said as entities, so that also a renderer that lets HTML through shows them. */
const entities: Readonly<Record<string, string>> = { '<': '&lt;', '>': '&gt;', '&': '&amp;' };

/**
 * Writes text that comes from elsewhere so that Markdown shows it as it is: no markup, no link, no HTML, one line. Characters that no one can see
 * are replaced, so that a log line cannot rearrange what stands around it.
 */
export function escapeMarkdown(text: string): string {
  let safe = '';
  for (const character of text) {
    if (isUnseen(character.codePointAt(0) ?? 0)) safe += ' ';
    else safe += entities[character] ?? (escaped.has(character) ? `\\${character}` : character);
  }
  return (
    safe
      // A bare address would become a link.
      .replaceAll('://', '&#58;//')
      .replaceAll(/www\./gi, 'www&#46;')
      .replaceAll(/ {2,}/g, ' ')
      .trim()
      // What begins like a list or a rule would become one.
      .replace(/^[-=:]/, (mark) => `\\${mark}`)
      .replace(/^(\d+)([.)])/, (_all, digits: string, mark: string) => `${digits}\\${mark}`)
  );
}

/** Control characters, direction overrides, zero-width marks, line and paragraph separators. */
function isUnseen(code: number): boolean {
  if (code < 0x20 || (code >= 0x7f && code < 0xa0)) return true;
  if (code >= 0x200b && code <= 0x200f) return true;
  if (code >= 0x2028 && code <= 0x202e) return true;
  return (code >= 0x2060 && code <= 0x206f) || code === 0xfeff;
}
