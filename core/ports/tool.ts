import type { Alert } from '../schemas/alert.ts';
import type { EffectClass } from '../schemas/action.ts';
import type { Digest } from '../schemas/digest.ts';
import type { EvidenceDraft } from '../schemas/evidence.ts';
import type { Onset, Window } from '../schemas/primitives.ts';
import type { z } from '../schemas/z.ts';
import type { ErrorCode } from '../errors.ts';
import type { OpsClient } from './ops.ts';
import type { Telemetry } from './telemetry.ts';

/**
 * What a tool is handed besides its input. `alert` is what the investigation was called for; null where it does not matter. `suspected` splits the window:
 * before it is baseline, from `earliestAt` on things may be bad.
 */
export interface ToolContext {
  readonly telemetry: Telemetry;
  readonly ops: OpsClient;
  readonly alert: Alert | null;
  readonly window: Window;
  readonly suspected: Onset;
  readonly signal: AbortSignal;
  /** Names this call within all investigations, also when it is made again; absent where no call is ever made again. */
  readonly callKey?: string;
}

/** A tool's answer. A failure is data, so that the caller can correct the query; "no data" is a success that says where it looked. */
export type ToolResult =
  | { readonly ok: true; readonly evidence: readonly EvidenceDraft[]; readonly digest: Digest }
  | {
      readonly ok: false;
      readonly code: ErrorCode;
      readonly message: string;
      readonly query?: string;
      readonly hint?: string;
    };

/** A kind of telemetry, a source that is asked in languages of its own, or services that can be asked of themselves. */
type Need =
  | 'metrics'
  | 'logs'
  | 'traces'
  | 'changes'
  | 'topology'
  | 'alerts'
  | 'events'
  | 'state'
  | 'commands'
  | 'runbooks'
  | 'warehouse'
  | 'query-languages'
  | 'ops';

/**
 * What an agent may call: one file a tool. `description` is written for whoever chooses tools; `input` is checked before `run`; `effect`
 * decides what the guard says; `timeoutMs` bounds one call; `needs` is that without which it has nothing to show, absent where it is nothing in particular.
 */
export interface Tool<Input = unknown> {
  readonly name: string;
  readonly description: string;
  readonly input: z.ZodType<Input>;
  readonly effect: EffectClass;
  readonly needs?: Need;
  readonly timeoutMs: number;
  run(input: Input, context: ToolContext): Promise<ToolResult>;
}
