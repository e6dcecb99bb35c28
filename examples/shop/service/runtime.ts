import type { Instruments } from './instruments.ts';
import type { InFlight } from './in-flight.ts';
import type { ServiceOptions } from './options.ts';
import type { RequestJournal } from './request-journal.ts';
import type { Releases } from './releases.ts';
import type { SettingsStore } from './settings.ts';
import type { Telemetry } from './telemetry.ts';

/** Everything a request handler of the shop needs, built once a process and handed down. */
export interface Runtime {
  readonly options: ServiceOptions;
  readonly startedAt: Date;
  readonly telemetry: Telemetry;
  readonly instruments: Instruments;
  readonly settings: SettingsStore;
  readonly releases: Releases;
  readonly inFlight: InFlight;
  readonly journal: RequestJournal;
}
