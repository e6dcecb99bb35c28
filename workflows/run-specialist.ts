import { createLoopHands } from './loop-hands.ts';
import type { SpecialistInput, SpecialistResult } from './messages.ts';
import { runSpecialistLoop } from './specialist-loop.ts';

/** Runs one specialist's OODA loop as a workflow of its own. Never fails: see `runSpecialistLoop`. */
export function runSpecialist(input: SpecialistInput): Promise<SpecialistResult> {
  return runSpecialistLoop(input, createLoopHands());
}
