import { setTimeout as wait } from 'node:timers/promises';
import type { Child } from './child.ts';

const pauseMs = 1_000;
const mostRestarts = 40;

/**
 * Keeps a child running as a platform would: one that dies is started again on its port a second later and told what it
 * had been told before. `start` is given the port to listen on,
 * at first `firstPort`, 0 for any. It counts as dead only when a restart fails.
 */
export async function keepChild(
  start: (port: number) => Promise<Child>,
  firstPort = 0,
): Promise<Child> {
  const told: object[] = [];
  let isStopping = false;
  let current = await start(firstPort);
  const { name, port } = current;
  let available = Promise.resolve(current);

  const startAgain = async (): Promise<Child> => {
    await wait(pauseMs);
    const next = await start(port);
    if (isStopping) await next.stop();
    for (const message of told) await next.ask(message);
    return next;
  };
  const keep = async (): Promise<never> => {
    for (let restarts = 0; restarts < mostRestarts; restarts += 1) {
      await current.died.catch(() => undefined);
      if (isStopping) return new Promise<never>(() => undefined);
      available = startAgain();
      current = await available;
    }
    throw new Error(`${name} was started again ${mostRestarts} times`);
  };
  const died = keep();
  died.catch(() => undefined);
  return {
    name,
    port,
    ask: async (message) => {
      const child = await available;
      if (!('kind' in message && message.kind === 'flush')) told.push(message);
      await child.ask(message);
    },
    died,
    stop: async () => {
      isStopping = true;
      const child = await available.catch(() => current);
      await child.stop();
    },
  };
}
