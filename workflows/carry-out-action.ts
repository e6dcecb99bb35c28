import {
  CancellationScope,
  condition,
  continueAsNew,
  setCurrentDetails,
  setHandler,
  sleep,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import { readDecision } from '../core/safety/read-decision.ts';
import type { ArrivedDecision } from '../core/safety/read-decision.ts';
import { decideActionSignal, searchAttributes } from './messages.ts';
import type { CarryOutInput, CarryOutResult } from './messages.ts';
import { callStep } from './steps.ts';

/** Decisions that one run judges before a new run goes on with an empty history; every decision is heard, however many there are. */
const decisionsPerRun = 20;
/** Decisions judged by one step, and characters of theirs that history carries at once. */
const decisionsPerStep = 100;
const charactersPerStep = 40_000;
/** Pauses before each read-back of a send whose outcome is not known; together longer than a request can be under way. */
const readBackPausesMs = [1_000, 3_000, 10_000, 30_000];

/**
 * Carries one frozen write to its end: waits for a decision that an activity finds granted, prepares the intent, sends, and reads back when the
 * outcome is not known. Decisions without a valid grant, for another hash, unreadable, repeated or late are recorded and refused. Ends as rejected,
 * expired, refused, applied, not-applied or unknown (a person decides); it lingers so that late decisions are taken note of. Cancelled, it waits no
 * longer: what nobody decided has expired, and what was approved is carried to its end all the same.
 */
export async function carryOutAction(input: CarryOutInput): Promise<CarryOutResult> {
  const run = new ActionRun(input, CancellationScope.current());
  return CancellationScope.nonCancellable(async () => {
    const state = input.heard?.ended ?? (await run.untilEnded());
    await run.linger(state);
    return { actionId: input.actionId, state };
  });
}

type Ended = CarryOutResult['state'];
/** What arrived together, at least one. */
type Batch = readonly ArrivedDecision[];

/** The life of one action within one run: what has arrived and how much of it was judged. */
class ActionRun {
  private readonly input: CarryOutInput;
  private readonly arrived: ArrivedDecision[] = [];
  private judged: number;
  private judgedHere = 0;
  private isCancelled = false;

  constructor(input: CarryOutInput, scope: CancellationScope) {
    this.input = input;
    this.judged = input.heard?.decisions ?? 0;
    setHandler(decideActionSignal, (signal) => {
      this.arrived.push(readDecision(signal));
    });
    scope.cancelRequested.catch(() => {
      this.isCancelled = true;
    });
  }

  async untilEnded(): Promise<Ended> {
    const { expiresAt } = this.input;
    setCurrentDetails(`**waits for a decision** until ${new Date(expiresAt).toISOString()}`);
    const decision = await this.decision();
    const state = decision === 'approve' ? await this.carryOut() : decision;
    setCurrentDetails(`**${state}**`);
    upsertSearchAttributes([{ key: searchAttributes.needsApproval, value: false }]);
    return state;
  }

  /** Takes note of what is left and of what still comes until then. */
  async linger(state: Ended): Promise<void> {
    const until = this.input.expiresAt + this.input.lingerMs;
    for (;;) {
      const batch = this.takeBatch() ?? (await this.next(until, state));
      if (batch === null) return;
      await this.judge(batch);
    }
  }

  private async decision(): Promise<'approve' | 'rejected' | 'expired'> {
    for (;;) {
      const batch = await this.next(this.input.expiresAt, null);
      if (batch === null) {
        await this.owed('action.expire', 'action · expire', 'expire');
        return 'expired';
      }
      const accepted = await this.judge(batch);
      if (accepted !== null) return accepted === 'approve' ? 'approve' : 'rejected';
    }
  }

  /** What arrived next, or null when nothing did until then. A new run takes over where this one has judged enough and nothing waits. */
  private async next(until: number, ended: Ended | null): Promise<Batch | null> {
    const isOver = (): boolean => this.isCancelled || Date.now() >= until;
    if (this.judgedHere >= decisionsPerRun && this.arrived.length === 0 && !isOver()) {
      const heard = { decisions: this.judged, ended };
      await continueAsNew<typeof carryOutAction>({ ...this.input, heard });
    }
    if (isOver()) return null;
    await condition(() => this.arrived.length > 0 || this.isCancelled, until - Date.now());
    return isOver() ? null : this.takeBatch();
  }

  private takeBatch(): Batch | null {
    let characters = 0;
    const isMore = this.arrived.findIndex((one, index) => {
      characters += JSON.stringify(one).length;
      return index > 0 && (index >= decisionsPerStep || characters > charactersPerStep);
    });
    const batch = this.arrived.splice(0, isMore === -1 ? this.arrived.length : isMore);
    return batch.length === 0 ? null : batch;
  }

  /** Gives the decision that was accepted, if one was. Those that cannot even be judged count for nothing, and end nothing. */
  private async judge(batch: Batch): Promise<'approve' | 'reject' | null> {
    const number = this.judged + 1;
    this.judged += batch.length;
    this.judgedHere += batch.length;
    const [first] = batch;
    const kind = first?.kind === 'decision' ? first.decision.decision : 'unreadable';
    const what = batch.length === 1 ? kind : `${batch.length} at once`;
    try {
      const { accepted } = await callStep(
        'owed',
        'action.decide',
        `action · decide · ${what}`,
        null,
        {
          ...this.ids(`decide.${number}`),
          expiresAt: this.input.expiresAt,
          arrived: batch,
        },
      );
      return accepted;
    } catch {
      return null; // the activity has said why; the action goes on waiting
    }
  }

  private async carryOut(): Promise<Ended> {
    setCurrentDetails('**approved**: prepares the write');
    const prepared = await this.prepare();
    if (!prepared) return 'refused';
    setCurrentDetails('**approved**: sends the write');
    let state = await this.send();
    for (const [index, pauseMs] of readBackPausesMs.entries()) {
      if (state !== 'unknown') break;
      await sleep(pauseMs, { summary: 'before reading back' });
      const summary = `action · read back · ${index + 1}`;
      state = await this.readBack(index + 1, summary);
    }
    await this.owed('action.close', 'action · verify the effect', 'close');
    return state;
  }

  /** Nothing has been sent yet: a write that cannot be prepared is not made. */
  private async prepare(): Promise<boolean> {
    try {
      const ids = this.ids('prepare');
      return (await callStep('owed', 'action.prepare', 'action · prepare', null, ids)).allowed;
    } catch {
      return false;
    }
  }

  private async readBack(
    number: number,
    summary: string,
  ): Promise<'applied' | 'not-applied' | 'unknown'> {
    try {
      const { state } = await callStep('readBack', 'action.read-back', summary, null, {
        ...this.ids(`read-back.${number}`),
        last: number === readBackPausesMs.length,
      });
      return state;
    } catch {
      return 'unknown';
    }
  }

  /** A send that ran out of attempts has an unknown outcome: never "failed". */
  private async send(): Promise<'applied' | 'not-applied' | 'unknown'> {
    try {
      const sent = await callStep('send', 'action.send', 'action · send', null, this.ids('send'));
      return sent.state;
    } catch {
      return 'unknown';
    }
  }

  /** A step whose failure changes nothing of what has happened. */
  private async owed(
    name: 'action.expire' | 'action.close',
    summary: string,
    step: string,
  ): Promise<void> {
    try {
      await callStep('owed', name, summary, null, this.ids(step));
    } catch {
      // The activity has said why.
    }
  }

  private ids(step: string) {
    const { investigationId, actionId, planHash } = this.input;
    return { investigationId, actionId, planHash, stepKey: `${actionId}.${step}` };
  }
}
