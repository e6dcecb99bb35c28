import { createEventGroup, proxyActivities } from '@temporalio/workflow';
import type { EventGroupMarker } from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';
import {
  modelOptions,
  owedOptions,
  proposeOptions,
  readBackOptions,
  readOptions,
  sendOptions,
  stepOptions,
} from './activity-options.ts';
import type { CallStep, StepKind } from './hands.ts';

/** Every proxy there is: activities by the options they run under. Nothing else calls `proxyActivities`. */
const proxies: Readonly<Record<StepKind, ReturnType<typeof proxyActivities<Activities>>>> = {
  read: proxyActivities<Activities>(readOptions),
  propose: proxyActivities<Activities>(proposeOptions),
  step: proxyActivities<Activities>(stepOptions),
  model: proxyActivities<Activities>(modelOptions),
  owed: proxyActivities<Activities>(owedOptions),
  send: proxyActivities<Activities>(sendOptions),
  readBack: proxyActivities<Activities>(readBackOptions),
};

export const callStep: CallStep = (kind, name, summary, group, input) => {
  const activity = proxies[kind][name] as unknown as {
    executeWithOptions(
      options: { summary: string; eventGroups?: EventGroupMarker[] },
      args: readonly unknown[],
    ): ReturnType<CallStep>;
  };
  return activity.executeWithOptions(
    {
      summary: summary.slice(0, 200),
      ...(group === null ? {} : { eventGroups: [createEventGroup(group)] }),
    },
    [input],
  ) as never;
};
