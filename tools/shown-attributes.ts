import { maskAttribute } from '../core/safety/masking/mask-secrets.ts';
import { cutText } from './draft-evidence.ts';

const maxAttributes = 16;
const maxNameLength = 80;
const maxValueLength = 160;

/** Attributes as evidence shows them: the first sixteen, without secrets, cut to a length. */
export function shownAttributes(
  attributes: Readonly<Record<string, string>>,
): Record<string, string> {
  const shown = Object.entries(attributes)
    .slice(0, maxAttributes)
    .map(([name, value]) => {
      const { text } = maskAttribute(name, value);
      return [cutText(name, maxNameLength), cutText(text, maxValueLength)] as const;
    });
  return Object.fromEntries(shown);
}
