import type { ControlMessage } from '../service/control.ts';
import type { Child } from './child.ts';
import type { Load } from './load.ts';
import type { Plan, PlannedChange } from './plan.ts';
import type { ShopDatabases } from './shop-databases.ts';
import type { Shop } from './start-shop.ts';

/** The running parts that a fault is caused in. */
export interface Stage {
  readonly shop: Shop;
  readonly databases: ShopDatabases;
  readonly load: Load;
}

/** Tells a service what to do. */
export const tell = (child: Child, message: ControlMessage): Promise<void> => child.ask(message);

/** Makes ready what a fault needs long before it strikes: nobody notices. */
export async function prepareFault({ fault }: Plan, shop: Shop): Promise<void> {
  if (fault?.kind !== 'storm') return;
  await tell(shop.services[fault.service], { kind: 'configure', changes: fault.settings });
}

/** Causes the fault of a plan, and the harmless swell of users; gives the change that did it, if one did. */
export async function causeFault(plan: Plan, stage: Stage): Promise<PlannedChange | null> {
  const { fault } = plan;
  const { services, cardNetwork } = stage.shop;
  if (plan.swell !== 1) stage.load.change(multiplied(plan, plan.swell));
  switch (fault?.kind) {
    case undefined:
      return null;
    case 'deploy': {
      const { change, defect } = fault;
      await tell(services[fault.service], { kind: 'deploy', revision: change.revision, defect });
      return change;
    }
    case 'config':
      await tell(services[fault.service], { kind: 'configure', changes: fault.settings });
      return fault.change;
    case 'work': {
      const { sliceMs, pauseMs } = fault;
      await tell(services[fault.service], { kind: 'work', sliceMs, pauseMs });
      return null;
    }
    case 'leak': {
      const { entriesPerRequest } = fault;
      await tell(services[fault.service], { kind: 'remember', entriesPerRequest });
      return null;
    }
    case 'reconcile': {
      const { batches, holdMs } = fault;
      await tell(services[fault.service], { kind: 'reconcile', batches, holdMs });
      return null;
    }
    case 'surge':
      stage.load.change({ ...multiplied(plan, fault.factor), mix: fault.mix });
      return null;
    case 'storm':
      await sendBurst(services[fault.burst.to].port, fault.burst);
      return null;
    case 'locked-table':
      stage.databases.lockTable(fault.database, fault.holdMs, fault.pauseMs);
      return null;
    case 'busy-card-network':
      await cardNetwork.ask({ extraMs: fault.extraMs, jitterMs: fault.jitterMs });
      return null;
  }
}

function multiplied({ load }: Plan, factor: number): Plan['load'] {
  return { ...load, requestsPerSecond: load.requestsPerSecond * factor };
}

const burstWidth = 25;

/** Sends so many requests, some at a time, as fast as they are answered. */
async function sendBurst(
  port: number,
  burst: { readonly path: string; readonly requests: number },
): Promise<void> {
  let left = burst.requests;
  const send = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await fetch(`http://127.0.0.1:${port}${burst.path}`)
        .then((response) => response.arrayBuffer())
        .catch(() => undefined);
    }
  };
  await Promise.all(Array.from({ length: burstWidth }, send));
}
