import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** A process of the shop, told what to do over its private channel. */
export interface Child {
  readonly name: string;
  readonly port: number;
  /** Sends one request and waits for its answer; rejects when the child refuses it, dies, or takes 10 s. */
  readonly ask: (message: object) => Promise<void>;
  /** Rejects when the child dies before it was stopped. */
  readonly died: Promise<never>;
  readonly stop: () => Promise<void>;
}

const startLimitMs = 60_000;
const askLimitMs = 10_000;
const stopLimitMs = 3_000;

function withLimit<Value>(promise: Promise<Value>, limitMs: number, what: string): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} took longer than ${limitMs} ms`)), limitMs);
  });
  return Promise.race([promise, limit]).finally(() => clearTimeout(timer));
}

function readField(message: unknown, field: string): unknown {
  if (typeof message !== 'object' || message === null) return undefined;
  return Object.entries(message).find(([name]) => name === field)?.[1];
}

function awaitReady(child: ChildProcess): Promise<number> {
  return new Promise((resolve) => {
    const onMessage = (message: unknown): void => {
      const port = readField(message, 'port');
      if (readField(message, 'ready') !== true || typeof port !== 'number') return;
      child.off('message', onMessage);
      resolve(port);
    };
    child.on('message', onMessage);
  });
}

function createAsk(child: ChildProcess, name: string): Child['ask'] {
  let lastId = 0;
  return (message) => {
    const id = (lastId += 1);
    const answer = new Promise<void>((resolve, reject) => {
      const onMessage = (reply: unknown): void => {
        if (readField(reply, 'id') !== id) return;
        child.off('message', onMessage);
        const error = readField(reply, 'error');
        if (error === undefined) resolve();
        else reject(new Error(`${name} refused a request: ${JSON.stringify(error)}`));
      };
      child.on('message', onMessage);
      child.send({ ...message, id });
    });
    return withLimit(answer, askLimitMs, `a request to ${name}`);
  };
}

/** Starts a module next to this one as a child process with a channel; resolves when it listens. */
export async function startChild(
  name: string,
  module: URL,
  args: readonly string[],
  heapMegabytes?: number,
): Promise<Child> {
  const file = fileURLToPath(module);
  const child = fork(file, [...args], {
    execArgv: [
      ...(file.endsWith('.ts') ? ['--import', import.meta.resolve('tsx')] : []),
      ...(heapMegabytes === undefined ? [] : [`--max-old-space-size=${heapMegabytes}`]),
    ],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let isStopping = false;
  let complaint = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    complaint = (complaint + chunk.toString('utf8')).slice(-2_000);
  });
  const exited = new Promise<number | null>((resolve) => {
    child.once('exit', (code) => resolve(code));
    child.once('error', () => resolve(null));
  });
  const died = exited.then((code) => {
    if (isStopping) return new Promise<never>(() => undefined);
    throw new Error(`${name} ended with code ${code}: ${complaint.trim() || 'no message'}`);
  });
  died.catch(() => undefined);
  const stop = async (): Promise<void> => {
    isStopping = true;
    if (child.exitCode !== null || child.signalCode !== null) return;
    if (child.connected) child.disconnect();
    await withLimit(exited, stopLimitMs, `stopping ${name}`).catch(() => child.kill('SIGKILL'));
    await exited;
  };
  try {
    const port = await withLimit(
      Promise.race([awaitReady(child), died]),
      startLimitMs,
      `starting ${name}`,
    );
    return { name, port, ask: createAsk(child, name), died, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
