import { AppError } from '../core/errors.ts';
import type { ObservedCall } from '../core/ports/policy.ts';
import { briefSchema } from '../core/schemas/brief.ts';
import type { Brief } from '../core/schemas/brief.ts';
import { findingSchema } from '../core/schemas/finding.ts';
import type { Finding } from '../core/schemas/finding.ts';
import type { Role } from '../core/schemas/roles.ts';
import type { Observed, ToolCall } from '../core/schemas/tool-call.ts';
import type { Store } from '../store/store.ts';
import type { StepKey } from '../workflows/messages.ts';

/** What an observe step keeps: the answer together with the call it answers. */
export interface KeptObservation {
  readonly call: ToolCall;
  readonly role: Role;
  readonly round: number;
  readonly observed: Observed;
}

/** Gives what those of the named steps kept that were closed, in the order asked. */
export async function recallSome(
  store: Store,
  keys: readonly StepKey[],
): Promise<readonly { readonly stepKey: string; readonly kept: unknown }[]> {
  const rows = await store.steps.results(keys);
  return rows.map(({ stepKey, result }) => ({
    stepKey,
    kept: (result as { readonly kept: unknown }).kept,
  }));
}

/** Gives what the named steps kept, in the order asked. Rejects with `bug.invariant` when one is not there. */
export async function recallKept(
  store: Store,
  keys: readonly StepKey[],
): Promise<readonly unknown[]> {
  if (keys.length === 0) return [];
  const rows = await store.steps.results(keys);
  const byKey = new Map(rows.map((row) => [`${row.workflowId}\n${row.stepKey}`, row.result]));
  return keys.map((key) => {
    const memo = byKey.get(`${key.workflowId}\n${key.stepKey}`);
    if (memo === undefined) {
      throw new AppError('bug.invariant', `step ${key.stepKey} of ${key.workflowId} is not kept`);
    }
    return (memo as { readonly kept: unknown }).kept;
  });
}

export async function recallBrief(store: Store, key: StepKey): Promise<Brief> {
  const [kept] = await recallKept(store, [key]);
  return briefSchema.parse(kept);
}

export async function recallObserved(
  store: Store,
  keys: readonly StepKey[],
): Promise<readonly ObservedCall[]> {
  return (await recallKept(store, keys)).map((kept) => kept as KeptObservation);
}

export async function recallFindings(
  store: Store,
  keys: readonly StepKey[],
): Promise<readonly Finding[]> {
  const kept = await recallKept(store, keys);
  return kept.map((one) => findingSchema.parse((one as { readonly finding: unknown }).finding));
}
