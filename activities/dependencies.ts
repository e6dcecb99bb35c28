import type { OpsClient } from '../core/ports/ops.ts';
import type { Telemetry } from '../core/ports/telemetry.ts';
import type { DecisionKind, GrantClaims } from '../core/schemas/action.ts';
import type { Slo } from '../core/schemas/slo.ts';
import type { Alert } from '../core/schemas/alert.ts';
import type { Window } from '../core/schemas/primitives.ts';
import type { Store } from '../store/store.ts';
import type { Catalogue } from './dispatch.ts';
import type { ModelAccess } from './model/use-model.ts';

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

/** What a live investigation is about, and the window as it is now. */
export interface LookSubject {
  readonly name: string;
  readonly alert: Alert;
  readonly question: string | null;
  readonly window: Window;
}

/** A look that was begun: by which step, and what part of the window there is to see. */
export interface Look {
  readonly stepKey: string;
  readonly window: Window;
}

/** Telemetry that goes on arriving. A look freezes what can be seen of it, so that all who work on an investigation see the same. */
export interface LiveTelemetry {
  /** Begins a look, in the place of an earlier one; gives what can be seen of the window, and in words what there is. */
  begin(
    investigationId: string,
    subject: LookSubject,
  ): Promise<{ readonly window: Window; readonly text: string }>;
  /** Lets `work` read what the latest look sees, until it settles; `latest` tells which that is. */
  use<Result>(
    investigationId: string,
    latest: () => Promise<Look>,
    work: (telemetry: Telemetry) => Promise<Result>,
  ): Promise<Result>;
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
  /** What investigations without a case look at. */
  readonly live: LiveTelemetry;
  readonly ops: OpsClient;
  /** Null where the embedded policies decide alone. */
  readonly model: ModelAccess | null;
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
