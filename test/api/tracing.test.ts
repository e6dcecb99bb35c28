import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { eventually, startLine } from '../support/line.ts';
import { startTraceReceiver } from '../support/trace-receiver.ts';
import type { TraceReceiver } from '../support/trace-receiver.ts';

let receiver: TraceReceiver;

beforeEach(async () => {
  receiver = await startTraceReceiver();
});

afterEach(() => receiver.close());

/**
 * Asks an API process for a page, for something that programs ask for, and for what is not there; gives the spans that came until it had ended, of which
 * `least` are waited for.
 */
async function spansWith(env: Readonly<Record<string, string>>, least = 0) {
  const line = await startLine({
    temporalAddress: '127.0.0.1:9',
    hasWorker: false,
    env: { OTEL_BSP_SCHEDULE_DELAY: '100', ...env },
  });
  try {
    for (const path of ['/api/v1/investigations?secret=1', '/health', '/no-such-page']) {
      await (await fetch(line.url + path)).text();
    }
    await eventually('the spans', 30_000, async () => receiver.spans().length >= least);
  } finally {
    await line.stop();
  }
  return receiver.spans();
}

describe('an API process', () => {
  test('RT-104 sends nothing anywhere unless an endpoint is set, and names its spans by their routes', async () => {
    expect(await spansWith({ OTEL_TRACES_EXPORTER: 'otlp' })).toEqual([]);
    const spans = await spansWith({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url }, 2);
    expect(spans.map(({ name }) => name).toSorted()).toEqual(['GET', 'GET /api/v1/investigations']);
    expect(JSON.stringify(spans)).not.toContain('secret');
    expect(receiver.requests().every((asked) => asked === 'POST /v1/traces')).toBe(true);
  });

  test('RT-104 heeds the standard variables: name, resource, protocol, an endpoint for traces alone', async () => {
    const spans = await spansWith(
      {
        OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9',
        OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${receiver.url}/v1/traces`,
        OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
        OTEL_SERVICE_NAME: 'our-holdfast',
        OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=staging',
      },
      2,
    );
    expect(spans[0]).toMatchObject({
      service: 'our-holdfast',
      resource: { 'deployment.environment.name': 'staging' },
    });
  });

  test.each([
    ['switched off', { OTEL_SDK_DISABLED: 'true' }],
    ['sampled away', { OTEL_TRACES_SAMPLER: 'always_off' }],
  ])(
    'RT-104 sends no span when it is %s, whatever else is set',
    async (_what, env) => {
      const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url };
      const agent = {
        HOLDFAST_TRACE_AGENT: 'true',
        HOLDFAST_GOOGLE_ENDPOINT: receiver.url,
        GOOGLE_CLOUD_PROJECT: 'shop-1',
        GCE_METADATA_HOST: '127.0.0.1:9',
      };
      await spansWith({ ...endpoint, ...agent, ...env });
      expect(receiver.requests()).toEqual([]);
    },
    60_000,
  );

  test('RT-104 says in its log that the collector does not answer, and goes on', async () => {
    const line = await startLine({
      temporalAddress: '127.0.0.1:9',
      hasWorker: false,
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9', OTEL_BSP_SCHEDULE_DELAY: '50' },
    });
    try {
      expect((await fetch(`${line.url}/api/v1/investigations`)).status).toBe(200);
      const log = join(line.stateDir, 'api.log');
      await eventually('a line about it', 60_000, async () =>
        /"says":".*ECONNREFUSED.*"message":"tracing"/.test(readFileSync(log, 'utf8')),
      );
    } finally {
      await line.stop();
    }
  });

  test('sends to Cloud Trace what is left when it ends, also without OTLP', async () => {
    await spansWith({
      HOLDFAST_TRACE_AGENT: 'true',
      HOLDFAST_GOOGLE_ENDPOINT: receiver.url,
      GOOGLE_CLOUD_PROJECT: 'shop-1',
      GCE_METADATA_HOST: '127.0.0.1:9',
    });
    expect(receiver.spans()).toEqual([]);
    expect(receiver.patched().map(({ name }) => name)).toContain('GET /api/v1/investigations');
  });
});
