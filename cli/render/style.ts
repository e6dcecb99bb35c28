import { createColors } from 'picocolors';

export type Style = ReturnType<typeof createColors>;

/** Colours for one stream: on a terminal only, unless NO_COLOR refuses them or FORCE_COLOR wants them; of the two NO_COLOR wins. */
export function styleFor(
  stream: { readonly isTTY?: boolean },
  env: NodeJS.ProcessEnv = process.env,
): Style {
  const isRefused = (env['NO_COLOR'] ?? '') !== '';
  const forced = env['FORCE_COLOR'] ?? '';
  if (isRefused || forced === '0') return createColors(false);
  if (forced !== '') return createColors(true);
  return createColors(stream.isTTY === true && env['TERM'] !== 'dumb');
}
