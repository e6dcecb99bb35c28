import type { Tool } from '../../core/ports/tool.ts';
import type { Brief } from '../../core/schemas/brief.ts';
import { presenceOf } from '../shared/coverage.ts';

/** Tells whether there is anything in an investigation that a tool could show; true where nobody could find out what there is. */
export function hasSubject(
  { needs }: Pick<Tool, 'needs'>,
  brief: Pick<Brief, 'coverage' | 'opsServices'>,
): boolean {
  if (needs === undefined) return true;
  if (needs === 'ops') return brief.opsServices.length > 0;
  const presence = presenceOf(brief, needs);
  return presence === 'present' || presence === 'unknown';
}
