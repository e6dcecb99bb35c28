import { isNode } from 'yaml';
import type { Document, LineCounter } from 'yaml';
import type { z } from '../../core/schemas/z.ts';

type Issue = z.core.$ZodIssue;

/** Writes a path into a manifest as people do: `telemetry.metrics[0].files`. */
export function fieldOfPath(path: readonly PropertyKey[]): string {
  return path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`))
    .join('')
    .replace(/^\./, '');
}

/** The line, from 1, of what `path` leads to; of the nearest thing around it where that is missing. */
export function lineOfPath(
  document: Document,
  lines: LineCounter,
  path: readonly PropertyKey[],
): number {
  for (let length = path.length; length > 0; length -= 1) {
    const node: unknown = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}

function isMissing(issue: Issue, document: Document): boolean {
  return document.getIn(issue.path) === undefined;
}

const nouns: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  boolean: 'true or false',
  object: 'a mapping',
  array: 'a list',
  record: 'a mapping',
};

function sayIssue(issue: Issue, document: Document): string {
  switch (issue.code) {
    case 'invalid_type':
      if (isMissing(issue, document)) return 'is required';
      return `must be ${nouns[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      if (isMissing(issue, document)) return 'is required';
      return `must be ${issue.values.length === 1 ? '' : 'one of '}${issue.values.join(', ')}`;
    case 'invalid_format':
      if (issue.format === 'datetime')
        return 'must be an ISO 8601 time such as 2026-11-20T10:07:00Z';
      return issue.message;
    case 'too_big':
      return `is too long or too large; the limit is ${issue.maximum}`;
    case 'too_small':
      return issue.origin === 'array' || issue.origin === 'string'
        ? 'must not be empty'
        : issue.message;
    default:
      return issue.message;
  }
}

/** What is wrong, and where: a field with a path of its own, so that its line can be found. */
export interface ManifestIssue {
  readonly path: readonly PropertyKey[];
  readonly says: string;
}

/** Says the first issue of a manifest in words for the person who wrote it. */
export function describeIssue(issue: Issue, document: Document): ManifestIssue {
  if (issue.code === 'unrecognized_keys') {
    return { path: [...issue.path, issue.keys[0] ?? ''], says: 'is not a key of the case format' };
  }
  return { path: issue.path, says: sayIssue(issue, document) };
}
