import type { ServiceName } from '../service/options.ts';
import type { ChangeText, DefectiveRelease } from './change-texts.ts';

/** What can be recorded, in the order `--list` prints it. */
export const scenarioNames = [
  'bad-deploy',
  'slow-dependency',
  'cpu-burn',
  'config-change',
  'healthy',
  'red-herring',
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
      readonly settings: Readonly<Record<string, number>>;
      readonly change: PlannedChange;
    }
  | { readonly kind: 'locked-table'; readonly holdMs: number; readonly pauseMs: number }
  | { readonly kind: 'busy-card-network'; readonly extraMs: number; readonly jitterMs: number }
  | {
      readonly kind: 'work';
      readonly service: ServiceName;
      readonly sliceMs: number;
      readonly pauseMs: number;
    };

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
    readonly change: PlannedChange & { revision: string };
  } | null;
  /** A harmless change of settings that really happens early in the window. */
  readonly aside: {
    readonly atMs: number;
    readonly change: PlannedChange;
    readonly settings: Readonly<Record<string, number>>;
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
