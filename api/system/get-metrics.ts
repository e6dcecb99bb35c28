import { route } from '../route.ts';

/** Gives the metrics of this process. */
export const getMetrics = route({
  method: 'get',
  path: '/metrics',
  operationId: 'getMetrics',
  tag: 'system',
  summary: 'Metrics in the text format of Prometheus',
  success: {
    status: 200,
    description: 'All metrics.',
    alternatives: { 'text/plain': 'Text format, version 0.0.4.' },
  },
  problems: [],
  handle: async ({ metrics }) => ({
    kind: 'text',
    contentType: 'text/plain; version=0.0.4; charset=utf-8',
    text: await metrics.render(),
  }),
});
