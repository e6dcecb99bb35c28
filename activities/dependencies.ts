import type { OpsClient } from '../core/ports/ops.ts';
import type { Telemetry } from '../core/ports/telemetry.ts';
import type { GrantClaims } from '../core/schemas/action.ts';
import type { Slo } from '../core/schemas/slo.ts';
import type { Store } from '../store/store.ts';

/** A case's telemetry for as long as a step needs it. */
export interface TelemetryLease {
  readonly telemetry: Telemetry;
  release(): void;
}

/** Says who decided what, or why a grant is worth nothing. */
export type GrantCheck =
  | { readonly ok: true; readonly claims: GrantClaims }
  | { readonly ok: false; readonly because: string };

/** Everything the steps touch the world with, handed in by `compose.ts`. */
export interface ActivityDependencies {
  readonly store: Store;
  readonly openCase: (caseDir: string, signal: AbortSignal) => Promise<TelemetryLease>;
  readonly ops: OpsClient;
  readonly verifyGrant: (grant: string | undefined, at: number) => Promise<GrantCheck>;
  readonly readSlos: (file: string) => Promise<readonly Slo[]>;
  readonly now: () => number;
  readonly sha256Hex: (text: string) => string;
  readonly newId: () => string;
}
