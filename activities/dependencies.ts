import type { OpsClient } from '../core/ports/ops.ts';
import type { Telemetry } from '../core/ports/telemetry.ts';
import type { DecisionKind, GrantClaims } from '../core/schemas/action.ts';
import type { Slo } from '../core/schemas/slo.ts';
import type { Snapshots } from '../integrations/otlp/snapshots.ts';
import type { Store } from '../store/store.ts';
import type { Catalogue } from './dispatch.ts';

/** Says who decided what, or why a grant is worth nothing. */
export type GrantCheck =
  | { readonly ok: true; readonly claims: GrantClaims }
  | { readonly ok: false; readonly because: string };

/** What a grant must be for. */
export interface GrantPurpose {
  readonly actionId: string;
  readonly planHash: string;
  readonly decision: DecisionKind;
}

/** Everything the steps touch the world with, handed in by `compose.ts`. */
export interface ActivityDependencies {
  readonly store: Store;
  readonly catalogue: Catalogue;
  /** Lets `work` read a case folder; the telemetry may be read until `work` settles. */
  readonly useCase: <Result>(
    caseDir: string,
    work: (telemetry: Telemetry) => Promise<Result>,
  ) => Promise<Result>;
  /** Of the telemetry that was received, for investigations without a case. */
  readonly snapshots: Pick<Snapshots, 'dirOf' | 'take'>;
  readonly ops: OpsClient;
  readonly verifyGrant: (
    grant: string | undefined,
    at: number,
    purpose: GrantPurpose,
  ) => Promise<GrantCheck>;
  readonly readSlos: (file: string) => Promise<readonly Slo[]>;
  readonly now: () => number;
  /** The largest resident memory of this process so far. */
  readonly peakMemoryBytes: () => number;
  readonly sha256Hex: (text: string) => string;
  readonly newInvestigationId: () => string;
}
