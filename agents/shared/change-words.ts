import type { ChangeDigest } from '../../core/schemas/digest.ts';
import type { FaultKind } from '../../core/schemas/fault-kind.ts';
import { clip } from './clip.ts';
import { quote } from './wording.ts';

/** What it is called when a change of this kind is the cause. */
export function faultOfChange(change: Pick<ChangeDigest, 'kind'>): FaultKind {
  switch (change.kind) {
    case 'deploy':
    case 'commit':
      return 'bad-deploy';
    case 'config':
    case 'flag':
      return 'bad-config';
    case 'schema':
      return 'schema-change';
    case 'scale':
      return 'insufficient-capacity';
    case 'infrastructure':
      return 'unknown';
  }
}

/** Names a change for people, in the middle of a sentence: what it is, of whom, and what its author called it. */
export function nameChange(change: ChangeDigest): string {
  const { kind, id, service, title } = change;
  const noun = kind === 'config' ? 'configuration change' : kind;
  const of = service === undefined ? '' : ` of ${service}`;
  const called = title === undefined || title === '' ? '' : ` ${quote(title, 80)}`;
  return clip(`the ${noun} ${id}${of}${called}`, 240);
}
