import type { Brief } from '../../core/schemas/brief.ts';
import { presenceOf } from '../shared/coverage.ts';

/** The kind of telemetry without which a tool has nothing to show; one that is not named needs none in particular. */
const kindOfTool: Readonly<Record<string, string>> = {
  'scan-fleet': 'warehouse',
  'scan-metrics': 'metrics',
  'inspect-metrics': 'metrics',
  'compare-traces': 'traces',
  'inspect-spans': 'traces',
  'cluster-logs': 'logs',
  'read-log-lines': 'logs',
  'list-changes': 'changes',
  'inspect-change': 'changes',
  'match-changes': 'changes',
  'list-alerts': 'alerts',
  'read-topology': 'topology',
  'list-events': 'events',
  'inspect-state': 'state',
  'list-commands': 'commands',
  'find-runbooks': 'runbooks',
};

/** Tells whether there is anything in an investigation that a tool could show; true where nobody could find out what there is. */
export function hasSubject(tool: string, brief: Pick<Brief, 'coverage' | 'opsServices'>): boolean {
  if (tool === 'read-ops') return brief.opsServices.length > 0;
  const kind = kindOfTool[tool];
  if (kind === undefined) return true;
  const presence = presenceOf(brief, kind);
  return presence === 'present' || presence === 'unknown';
}
