import type { TableKind } from '../read-case.ts';
import { changes } from './changes.ts';
import { logs } from './logs.ts';
import { metrics } from './metrics.ts';
import type { Signal } from './signal.ts';
import { traces } from './traces.ts';

/** How each kind of telemetry is loaded. */
export const signals: Readonly<Record<TableKind, Signal>> = { metrics, logs, traces, changes };
