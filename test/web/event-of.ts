import type { ProgressEvent } from '../../core/schemas/progress.ts';

/** Makes an event of a specialist's first observation, with changes. */
export function eventOf(sequence: number, changes: Partial<ProgressEvent> = {}): ProgressEvent {
  return {
    investigationId: 'inv-0001',
    sequence,
    at: new Date(1_795_258_722_000 + sequence * 100).toISOString(),
    type: 'ended',
    phase: 'fan-out',
    stage: 'gather-evidence',
    role: 'trace',
    oodaPhase: 'observe',
    round: 1,
    stepKey: 'trace.r1.observe.1',
    attempt: 1,
    percent: 20,
    text: `event ${sequence}`,
    data: {},
    ...changes,
  };
}
