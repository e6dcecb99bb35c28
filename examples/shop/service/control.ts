import { createHash } from 'node:crypto';
import type { Database } from './database.ts';
import { reconcile } from './reconcile.ts';
import type { Runtime } from './runtime.ts';
import type { Settings } from './settings.ts';

/** What the parent process may ask of a service over the private channel between them. */
export type ControlMessage =
  | { readonly kind: 'deploy'; readonly revision: string; readonly defect?: string }
  | { readonly kind: 'configure'; readonly changes: Settings }
  | { readonly kind: 'work'; readonly sliceMs: number; readonly pauseMs: number }
  | { readonly kind: 'remember'; readonly entriesPerRequest: number }
  | { readonly kind: 'reconcile'; readonly batches: number; readonly holdMs: number }
  | { readonly kind: 'flush' };

export type ControlRequest = ControlMessage & { readonly id: number };
export interface ControlReply {
  readonly id: number;
  readonly error?: string;
}
/** Sent once, when the service listens. */
export interface ReadyMessage {
  readonly ready: true;
  readonly port: number;
}

/** Hashes on the event loop for `sliceMs` at a time with pauses between, for as long as the process lives. */
function startWork(sliceMs: number, pauseMs: number): void {
  const block = Buffer.alloc(64 * 1_024, 1);
  const slice = (): void => {
    const untilMs = performance.now() + sliceMs;
    while (performance.now() < untilMs) createHash('sha256').update(block).digest();
    setTimeout(slice, pauseMs);
  };
  setImmediate(slice);
}

async function carryOut(
  runtime: Runtime,
  database: Database | undefined,
  message: ControlMessage,
): Promise<void> {
  switch (message.kind) {
    case 'deploy':
      runtime.releases.deploy(message.revision, message.defect);
      return;
    case 'configure':
      runtime.settings.change(message.changes);
      runtime.telemetry.log('INFO', 'configuration reloaded');
      return;
    case 'work':
      startWork(message.sliceMs, message.pauseMs);
      return;
    case 'remember':
      runtime.journal.keepPerRequest(message.entriesPerRequest);
      return;
    case 'reconcile':
      if (database === undefined) throw new Error(`${runtime.options.name} has no database`);
      reconcile(runtime, database, message.batches, message.holdMs);
      return;
    case 'flush':
      await runtime.telemetry.flush();
  }
}

/**
 * Obeys the parent process, when there is one with a channel: carries out its requests in order of arrival, answers
 * each by id, and exits when the parent is gone.
 */
export function obeyParent(runtime: Runtime, database: Database | undefined): void {
  const send = process.send?.bind(process);
  if (send === undefined) return;
  process.on('disconnect', () => process.exit(0));
  process.on('message', (message) => {
    const request = message as ControlRequest;
    carryOut(runtime, database, request).then(
      () => send({ id: request.id } satisfies ControlReply),
      (error: unknown) => send({ id: request.id, error: String(error) } satisfies ControlReply),
    );
  });
}
