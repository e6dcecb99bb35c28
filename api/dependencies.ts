import type { Logger } from 'pino';
import type { ApiConfig } from '../config/read-config.ts';
import type { BackendCheck } from '../core/ports/backend-check.ts';
import type { Tracing } from '../core/ports/tracing.ts';
import type { Alert } from '../core/schemas/alert.ts';
import type { Window } from '../core/schemas/primitives.ts';
import type { SignGrant } from '../integrations/identity/sign-grant.ts';
import type { ExportCase } from '../integrations/otlp/export-case.ts';
import type { Store } from '../store/store.ts';
import type { SweepResult } from '../workflows/messages.ts';
import type { ApiMetrics } from './metrics-port.ts';
import type { OtlpIntake } from './otlp/intake.ts';
import type { Outbox } from './outbox.ts';
import type { TemporalPort } from './temporal-port.ts';

/** A case that was asked for, found and readable. */
export interface ResolvedCase {
  /** Absolute. */
  readonly dir: string;
  readonly name: string;
  readonly alert: Alert;
  readonly title: string;
}

/**
 * Finds a case by its name under the configured folders or, with `allowPath`, also by a path, and reads its manifest. Rejects with `not-found.case`,
 * `invalid.case` or `invalid.case-path`.
 */
export type ResolveCase = (
  reference: string,
  options: { readonly allowPath: boolean },
) => Promise<ResolvedCase>;

/** Everything the API works with, handed in by the process that serves it. */
export interface AppDependencies {
  readonly config: Pick<
    ApiConfig,
    | 'host'
    | 'allowedHosts'
    | 'corsOrigins'
    | 'temporalAddress'
    | 'temporalNamespace'
    | 'temporalUiUrl'
    | 'grantTtlMs'
    | 'gcpWebhookToken'
    | 'model'
    | 'isModelRequired'
  >;
  readonly store: Store;
  readonly temporal: TemporalPort;
  readonly outbox: Outbox;
  readonly resolveCase: ResolveCase;
  /** Tells whether any of the telemetry that was received is kept of a window. */
  readonly hasTelemetry: (window: Window) => Promise<boolean>;
  /** Asks the backends of live telemetry how they stand; none when what was received is looked at. */
  readonly checkBackends: (signal: AbortSignal) => Promise<readonly BackendCheck[]>;
  readonly exportCase: ExportCase;
  readonly otlp: OtlpIntake;
  /** Evaluates every SLO now, as the schedule does, and waits for the end. Rejects with `unavailable.temporal` or `timeout.backend`. */
  readonly sweepSlos: () => Promise<SweepResult>;
  /** Tells whose bearer token an `Authorization` header carries; null when nobody's. */
  readonly identifyBearer: (header: string | undefined) => string | null;
  readonly signGrant: SignGrant;
  readonly sha256Hex: (text: string) => string;
  readonly newInvestigationId: () => string;
  readonly newGrantId: () => string;
  /** 256 random bits as text. */
  readonly newSecret: () => string;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Folder of the built pages. */
  readonly dashboardDir: string;
  readonly logger: Logger;
  readonly metrics: ApiMetrics;
  readonly tracing: Tracing;
  /** Aborts when the process is to stop: streams end. */
  readonly stopping: AbortSignal;
  /** Pause between signs of life on a silent stream; 15 s unless told. */
  readonly heartbeatMs?: number;
}
