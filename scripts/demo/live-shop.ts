import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from '../../core/schemas/z.ts';
import { isBuilt, projectRoot } from '../project-root.ts';

const answerSchema = z.object({
  entityKind: z.string(),
  entityNames: z.array(z.string()),
  faultKind: z.string(),
  changeId: z.string(),
});
/** What is right to say of a run. */
export type LiveAnswer = z.infer<typeof answerSchema>;

const eventSchema = z.discriminatedUnion('event', [
  z.object({ event: z.literal('open'), gatewayUrl: z.string(), onsetSeconds: z.number() }),
  z.object({ event: z.literal('fault'), at: z.string(), answer: answerSchema.nullable() }),
  z.object({ event: z.literal('reading'), share: z.number(), threshold: z.number() }),
  z.object({
    event: z.literal('alert'),
    title: z.string(),
    description: z.string(),
    startedAt: z.string(),
  }),
]);
export type LiveEvent = z.infer<typeof eventSchema>;
type EventOf<Name extends LiveEvent['event']> = Extract<LiveEvent, { readonly event: Name }>;

/** The demo shop as a process of its own, with users, that breaks after a while. */
export interface LiveShop {
  /** Resolves with the first event of a kind, from the beginning on, that fits; null when it takes longer than `withinMs`. Rejects when the shop ends. */
  readonly event: <Name extends LiveEvent['event']>(
    name: Name,
    withinMs: number,
    fits?: (event: EventOf<Name>) => boolean,
  ) => Promise<EventOf<Name> | null>;
  /** Events that come from now on do not count for what came before. */
  readonly forget: () => void;
  readonly stop: () => Promise<void>;
}

interface LiveShopOptions {
  readonly fault: string;
  readonly seed: number;
  readonly otlpUrl: string;
  readonly ports: Readonly<Record<string, number>>;
  readonly opsToken: string;
}

function launch(options: LiveShopOptions): ChildProcessWithoutNullStreams {
  const root = projectRoot();
  const program = isBuilt()
    ? [join(root, 'dist', 'examples', 'shop', 'live.js')]
    : ['--import', 'tsx', join(root, 'examples', 'shop', 'live.ts')];
  const ports = Object.entries(options.ports).map(([name, port]) => `${name}=${port}`);
  return spawn(
    process.execPath,
    [
      ...program,
      ...['--fault', options.fault, '--seed', String(options.seed)],
      ...['--otlp', options.otlpUrl, '--ports', ports.join(',')],
    ],
    {
      cwd: root,
      env: { PATH: process.env['PATH'], SHOP_OPS_TOKEN: options.opsToken },
      stdio: ['pipe', 'pipe', 'pipe'],
      // A Ctrl-C of the terminal is for this process, which then ends the shop.
      detached: true,
    },
  );
}

/** Starts the shop; it ends with this process. */
export function startLiveShop(options: LiveShopOptions): LiveShop {
  const child = launch(options);
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => {
    complaint = `${complaint}${chunk.toString()}`.slice(-2_000);
  });
  const exited = once(child, 'exit');
  const ended = exited.then((): never => {
    throw new Error(`the shop ended: ${complaint.trim() || 'no message'}`);
  });
  ended.catch(() => undefined);
  let events: LiveEvent[] = [];
  const listeners = new Set<() => void>();
  createInterface(child.stdout).on('line', (line) => {
    events.push(eventSchema.parse(JSON.parse(line)));
    for (const listener of listeners) listener();
  });
  const find = <Name extends LiveEvent['event']>(
    name: Name,
    fits: (event: EventOf<Name>) => boolean,
  ): EventOf<Name> | undefined => {
    const isNamed = (one: LiveEvent): one is EventOf<Name> => one.event === name;
    return events.filter(isNamed).find(fits);
  };
  return {
    forget: () => {
      events = [];
    },
    event: (name, withinMs, fits = () => true) => {
      const found = new Promise<EventOf<typeof name> | null>((resolve) => {
        const settle = (event: EventOf<typeof name> | null): void => {
          clearTimeout(timer);
          listeners.delete(look);
          resolve(event);
        };
        const look = (): void => {
          const event = find(name, fits);
          if (event !== undefined) settle(event);
        };
        const timer = setTimeout(() => settle(null), withinMs);
        listeners.add(look);
        look();
      });
      return Promise.race([found, ended]);
    },
    stop: async () => {
      child.stdin.end();
      await exited;
    },
  };
}
