const ownFrame =
  /^\s+at (?:async )?(?:([\w.<>[\] ]+) \()?.*\/((?:gateway|checkout|payments)\/[\w-]+)\.[tj]s:(\d+):\d+\)?$/;
const maxFrames = 4;

/**
 * Describes an exception for a log record: type, message, and the innermost stack frames inside the service's own
 * folder, with paths as they are in the source repository.
 */
export function exceptionAttributes(error: unknown): Record<string, string> {
  if (!(error instanceof Error)) return { 'exception.message': String(error) };
  const frames = (error.stack ?? '')
    .split('\n')
    .flatMap((line) => {
      const match = ownFrame.exec(line);
      return match === null ? [] : [`at ${match[1] ?? 'anonymous'} (${match[2]}.ts:${match[3]})`];
    })
    .slice(0, maxFrames);
  return {
    'exception.type': error.name,
    'exception.message': error.message,
    ...(frames.length > 0 && { 'exception.stacktrace': frames.join('\n') }),
  };
}
