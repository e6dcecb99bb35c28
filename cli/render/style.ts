import { createColors } from 'picocolors';

export type Style = ReturnType<typeof createColors>;

/** Colours for one stream: on a terminal only, and never with NO_COLOR. */
export function styleFor(
  stream: { readonly isTTY?: boolean },
  env: NodeJS.ProcessEnv = process.env,
): Style {
  const isRefused = (env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb';
  return createColors(stream.isTTY === true && !isRefused);
}
