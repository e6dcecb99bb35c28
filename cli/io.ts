import { styleFor, type Style } from './render/style.ts';

/** Where a command prints and what it may know of its surroundings. Results go to `print`, everything else to `say`. */
export interface Io {
  readonly env: NodeJS.ProcessEnv;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  /** Colours of standard output. */
  readonly style: Style;
  /** Whether a person watches: both streams are terminals. */
  readonly isLive: boolean;
  print(text: string): void;
  say(text: string): void;
  /** Aborts when the person asks to stop. */
  readonly stopped: AbortSignal;
}

export function createIo(streams: NodeJS.Process, stopped: AbortSignal): Io {
  const { stdin, stdout, stderr, env } = streams;
  return {
    env,
    stdin,
    stdout,
    stderr,
    style: styleFor(stdout, env),
    isLive: stdout.isTTY && stderr.isTTY && env['TERM'] !== 'dumb',
    print: (text) => void stdout.write(text),
    say: (text) => void stderr.write(text),
    stopped,
  };
}
