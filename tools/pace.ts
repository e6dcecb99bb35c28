const sliceMs = 20;

/** Lets others have their turn: resolves at once while the current turn is short, and after a macrotask once it has taken 20 ms. */
export type Pause = () => Promise<void>;

/**
 * Makes the pause that long loops await between their steps, so that a worker's heartbeats and other calls go on meanwhile. Rejects with the abort
 * reason once `signal` has fired.
 */
export function createPause(signal: AbortSignal): Pause {
  let since = performance.now();
  return async () => {
    signal.throwIfAborted();
    if (performance.now() - since < sliceMs) return;
    await new Promise<void>((resolve) => setImmediate(resolve));
    signal.throwIfAborted();
    since = performance.now();
  };
}
