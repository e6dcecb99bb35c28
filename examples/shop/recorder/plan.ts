import type { ServiceName } from '../service/options.ts';
import type { Settings } from '../service/settings.ts';
import type { ChangeText, DefectiveRelease } from './change-texts.ts';

/** What can be recorded, in the order `--list` prints it. */
export const scenarioNames = [
  'bad-deploy',
  'slow-dependency',
  'cpu-burn',
  'config-change',
  'memory-leak',
  'connection-pool',
  'traffic-surge',
  'retry-storm',
  'healthy',
  'healthy-2',
  'healthy-3',
  'red-herring',
  'red-herring-2',
  'red-herring-3',
] as const;
export type ScenarioName = (typeof scenarioNames)[number];

/** A change as it stands in the case, but for its time. */
export interface PlannedChange extends ChangeText {
  readonly kind: 'deploy' | 'config';
  readonly id: string;
  readonly service: ServiceName;
  readonly revision?: string;
}

export type Fault =
  | {
      readonly kind: 'deploy';
      readonly service: ServiceName;
      readonly defect: string;
      readonly change: PlannedChange & { readonly revision: string };
    }
  | {
      readonly kind: 'config';
      readonly service: ServiceName;
      readonly settings: Settings;
      readonly change: PlannedChange;
    }
  | {
      readonly kind: 'locked-table';
      readonly database: DatabaseName;
      readonly holdMs: number;
      readonly pauseMs: number;
    }
  | { readonly kind: 'busy-card-network'; readonly extraMs: number; readonly jitterMs: number }
  | {
      readonly kind: 'work';
      readonly service: ServiceName;
      readonly sliceMs: number;
      readonly pauseMs: number;
    }
  | { readonly kind: 'leak'; readonly service: ServiceName; readonly entriesPerRequest: number }
  | {
      readonly kind: 'reconcile';
      readonly service: ServiceName;
      readonly batches: number;
      readonly holdMs: number;
    }
  | { readonly kind: 'surge'; readonly factor: number; readonly mix: LoadPlan['mix'] }
  | {
      /** A client that sends failed calls again at once, from the beginning; a short burst by somebody else sets it off. */
      readonly kind: 'storm';
      readonly service: ServiceName;
      readonly settings: Settings;
      readonly burst: {
        readonly to: ServiceName;
        readonly path: string;
        readonly requests: number;
      };
    };

/** The databases of the shop, all on one server. */
export const databaseNames = ['ledger', 'stock', 'cache'] as const;
export type DatabaseName = (typeof databaseNames)[number];

/** Shares in [0, 1] of the requests that have a trait; they stay the same for the whole recording. */
export type Traits = Readonly<Record<DefectiveRelease['trait'], number>>;

export interface LoadPlan {
  readonly requestsPerSecond: number;
  readonly traits: Traits;
  /** Relative weights of what users do. */
  readonly mix: Readonly<Record<'checkout' | 'order' | 'quote' | 'products' | 'refund', number>>;
}

/** Everything about a recording that its seed decides. Offsets count from the start of the window. */
export interface Plan {
  readonly load: LoadPlan;
  readonly onsetMs: number;
  readonly endMs: number;
  readonly fault: Fault | null;
  readonly decoy: {
    readonly atMs: number;
    readonly change: PlannedChange;
    /** What a change of settings sets; absent for a deploy. */
    readonly settings?: Settings;
  } | null;
  /** By how much more users come from the onset on without harm; 1 when they do not. */
  readonly swell: number;
  /** A harmless change of settings that really happens early in the window. */
  readonly aside: {
    readonly atMs: number;
    readonly change: PlannedChange;
    readonly settings: Settings;
  };
  /** Harmless releases from before the window, with how long before. */
  readonly past: readonly { readonly beforeMs: number; readonly change: PlannedChange }[];
  readonly instances: Readonly<Record<ServiceName, string>>;
  /** The release each service begins with, and the one before it. */
  readonly releases: Readonly<
    Record<ServiceName, { readonly current: string; readonly previous: string }>
  >;
}

export interface PlanRequest {
  readonly scenario: ScenarioName;
  readonly seed: number;
  readonly baselineSeconds: number;
  readonly faultSeconds: number;
  /** In [0, 1]: how hard the fault hits within its range; drawn from the seed when absent. */
  readonly strength?: number;
}
