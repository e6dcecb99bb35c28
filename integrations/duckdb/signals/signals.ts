import type { TableKind } from '../read-case.ts';
import { alerts } from './alerts.ts';
import { changes } from './changes.ts';
import { commands } from './commands.ts';
import { events } from './events.ts';
import { logs } from './logs.ts';
import { metrics } from './metrics.ts';
import type { Signal } from './signal.ts';
import { state } from './state.ts';
import { topology } from './topology.ts';
import { traces } from './traces.ts';

/** How each kind of telemetry is loaded. */
export const signals: Readonly<Record<TableKind, Signal>> = {
  metrics,
  logs,
  traces,
  changes,
  topology,
  alerts,
  events,
  state,
  commands,
};
