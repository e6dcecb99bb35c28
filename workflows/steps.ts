import { createEventGroup, proxyActivities } from '@temporalio/workflow';
import type { EventGroupMarker } from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';
import {
  owedOptions,
  proposeOptions,
  readBackOptions,
  readOptions,
  sendOptions,
  stepOptions,
} from './activity-options.ts';

/** Every proxy there is: activities by the options they run under. Nothing else calls `proxyActivities`. */
const proxies = {
  read: proxyActivities<Activities>(readOptions),
  propose: proxyActivities<Activities>(proposeOptions),
  step: proxyActivities<Activities>(stepOptions),
  owed: proxyActivities<Activities>(owedOptions),
  send: proxyActivities<Activities>(sendOptions),
  readBack: proxyActivities<Activities>(readBackOptions),
};

/**
 * Calls an activity with a summary that people read in the Temporal UI, e.g. "log · orient · round 2", and puts it into its round's event group.
 */
export function callStep<Name extends keyof Activities>(
  kind: keyof typeof proxies,
  name: Name,
  summary: string,
  group: EventGroupMarker | null,
  input: Parameters<Activities[Name]>[0],
): Promise<Awaited<ReturnType<Activities[Name]>>> {
  const activity = proxies[kind][name] as unknown as {
    executeWithOptions(
      options: { summary: string; eventGroups?: EventGroupMarker[] },
      args: readonly unknown[],
    ): Promise<Awaited<ReturnType<Activities[Name]>>>;
  };
  return activity.executeWithOptions(
    { summary: summary.slice(0, 200), ...(group === null ? {} : { eventGroups: [group] }) },
    [input],
  );
}

/** One group a round, so that the UI folds its steps together. */
export function roundGroup(role: string, round: number): EventGroupMarker {
  return createEventGroup(`${role} · round ${round}`);
}
