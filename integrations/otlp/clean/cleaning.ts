import { maskAttribute, maskSecrets } from '../../../core/safety/masking/mask-secrets.ts';
import type { MaskedText } from '../../../core/safety/masking/mask-secrets.ts';

/** Why an item is not kept. */
export type RejectReason =
  | 'ill-formed'
  | 'nul-byte'
  | 'ill-formed-text'
  | 'too-deep'
  | 'too-large'
  | 'no-id'
  | 'no-name'
  | 'no-value'
  | 'no-time'
  | 'too-old'
  | 'in-future'
  | 'negative-duration'
  | 'too-many-series'
  | 'too-many-services';

/** What was changed in items that are kept. */
export type RepairReason = 'no-service' | 'no-time' | 'cut' | 'secret';

/** The instants that items may be of, in epoch milliseconds. */
export interface Times {
  readonly now: number;
  readonly earliest: number;
  readonly latest: number;
}

/** Longest text of each sort, in UTF-16 units. */
export const longest = { name: 1_024, value: 4_096, body: 32_000 } as const;

/**
 * Passes the parts of one item after another through the same checks, and remembers the first thing that is wrong with the item. So the functions that
 * rebuild items read like what they build, and ask at the end.
 */
export interface Cleaning {
  readonly times: Times;
  /** Says what is wrong with the item; only the first counts. */
  fail(reason: RejectReason): void;
  /** Gives what is wrong with the item, null when nothing is, and begins the next one. */
  takeFault(): RejectReason | null;
  repair(reason: RepairReason, count?: number): void;
  /** How often each repair was made. */
  readonly repairs: ReadonlyMap<RepairReason, number>;
  /** A text without secrets, of at most `most` characters; empty for one that is not there. */
  text(value: unknown, most: number): string;
  /** The value of a named attribute, likewise. */
  attributeText(name: string, value: string, most: number): string;
}

export function createCleaning(times: Times): Cleaning {
  let fault: RejectReason | null = null;
  const repairs = new Map<RepairReason, number>();
  const fail = (reason: RejectReason): void => void (fault ??= reason);
  const repair = (reason: RepairReason, count = 1): void =>
    void repairs.set(reason, (repairs.get(reason) ?? 0) + count);
  const keep = ({ text, masked }: MaskedText, most: number): string => {
    if (masked > 0) repair('secret', masked);
    if (text.length <= most) return text;
    repair('cut');
    return cutAt(text, most);
  };
  const isSound = (text: string): boolean => {
    if (text.includes('\0')) fail('nul-byte');
    else if (!text.isWellFormed()) fail('ill-formed-text');
    else return true;
    return false;
  };
  return {
    times,
    fail,
    takeFault: () => {
      const taken = fault;
      fault = null;
      return taken;
    },
    repair,
    repairs,
    text: (value, most) => {
      if (value === undefined || value === null || value === '') return '';
      if (typeof value !== 'string') fail('ill-formed');
      else if (isSound(value)) return keep(maskSecrets(value), most);
      return '';
    },
    attributeText: (name, value, most) =>
      isSound(value) ? keep(maskAttribute(name, value), most) : '',
  };
}

/** Cuts after masking: half a secret would not be recognised. */
function cutAt(text: string, most: number): string {
  const code = text.charCodeAt(most - 2);
  const isSplit = code >= 0xd800 && code <= 0xdbff;
  return `${text.slice(0, isSplit ? most - 2 : most - 1)}…`;
}
