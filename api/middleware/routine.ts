/** Asked for again and again by programs. Among them is what sends telemetry: tracing that would never end, were it our own. */
export const routinePaths: ReadonlySet<string> = new Set([
  '/health',
  '/healthz',
  '/ok',
  '/ready',
  '/metrics',
  '/v1/traces',
  '/v1/metrics',
  '/v1/logs',
]);
