import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startLocalGemini } from '../../examples/local-gemini/start-local-gemini.ts';
import type { LocalGemini } from '../../examples/local-gemini/start-local-gemini.ts';
import { caseOf } from '../support/incidents.ts';
import { eventually, investigate, reportOf, startLine } from '../support/line.ts';
import type { Line } from '../support/line.ts';
import { sharedTemporal } from '../support/temporal.ts';
import { drawTree, startTraceReceiver } from '../support/trace-receiver.ts';
import type { ReceivedSpan, TraceReceiver } from '../support/trace-receiver.ts';

/** One investigation with a model, through API and worker as processes of their own, both traced. */
let receiver: TraceReceiver;
let gemini: LocalGemini;
let line: Line;
let id = '';

const caller = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) };
const started = 'POST /api/v1/investigations';

/** Those of the trace that the caller began. */
const joined = (spans: readonly ReceivedSpan[]) =>
  spans.filter(({ traceId }) => traceId === caller.traceId);

function nameUnder(spans: readonly ReceivedSpan[], parent: string): readonly string[] {
  const { spanId } = spans.find(({ name }) => name === parent) ?? {};
  return spans.filter(({ parentSpanId }) => parentSpanId === spanId).map(({ name }) => name);
}

beforeAll(async () => {
  receiver = await startTraceReceiver();
  gemini = await startLocalGemini();
  line = await startLine({
    temporalAddress: sharedTemporal().address,
    env: {
      LOG_LEVEL: 'debug',
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
      OTEL_BSP_SCHEDULE_DELAY: '200',
      HOLDFAST_TRACE_AGENT: 'true',
      HOLDFAST_GOOGLE_ENDPOINT: receiver.url,
      GOOGLE_CLOUD_PROJECT: 'shop-1',
      GCE_METADATA_HOST: '127.0.0.1:9',
      MODEL: 'gemini',
      GEMINI_API_KEY: 'local',
      GEMINI_MODEL: 'competent',
      GOOGLE_GEMINI_BASE_URL: gemini.url,
    },
  });
  id = await investigate(
    line,
    { case: caseOf('bad-deploy') },
    { traceparent: `00-${caller.traceId}-${caller.spanId}-01` },
  );
  await reportOf(line, id);
  // API and worker each send when it pleases them.
  const lastOfEach = [started, 'invoke_workflow investigateIncident'];
  await eventually('the end of the workflow, traced twice', 60_000, () =>
    Promise.resolve(
      [receiver.spans(), receiver.patched()].every((spans) =>
        lastOfEach.every((last) => joined(spans).some(({ name }) => name === last)),
      ),
    ),
  );
}, 240_000);

afterAll(async () => {
  await line?.stop();
  await gemini?.stop();
  await receiver?.close();
}, 240_000);

describe('a traced investigation', () => {
  test('AU-96 RT-104 is one tree of request, workflows, activities and calls of the model, across processes', () => {
    const spans = joined(receiver.spans());
    const [request, start, workflow, ...others] = drawTree(spans);
    expect([request, start, workflow]).toEqual([
      started,
      '  start investigateIncident',
      '    invoke_workflow investigateIncident',
    ]);
    expect(others.filter((text) => /^ {0,5}\S/.test(text))).toEqual([]);
    expect(nameUnder(spans, 'invoke_agent log')).toEqual(
      expect.arrayContaining(['execute_tool cluster-logs', 'log.orient', 'log.decide']),
    );
    expect(nameUnder(spans, 'log.decide')).toEqual(['generate_content competent']);
    expect(nameUnder(spans, 'invoke_workflow investigateIncident')).toEqual(
      expect.arrayContaining(['invoke_agent trace', 'orchestrator.report', 'verifier.verify']),
    );
  });

  test('AU-96 says of each span whose it is, by the conventions for agents', () => {
    const spans = joined(receiver.spans());
    const one = (name: string) => spans.find((span) => span.name === name);
    expect(one(started)).toMatchObject({
      parentSpanId: caller.spanId,
      service: 'holdfast-api',
      attributes: {
        'http.request.method': 'POST',
        'http.route': '/api/v1/investigations',
        'http.response.status_code': 202,
      },
    });
    expect(one('invoke_agent log')).toMatchObject({
      service: 'holdfast-worker',
      attributes: {
        'gen_ai.operation.name': 'invoke_agent',
        'gen_ai.agent.name': 'log',
        'holdfast.investigation.id': id,
        'holdfast.workflow.id': `${id}/log`,
      },
    });
    expect(one('execute_tool cluster-logs')?.attributes).toMatchObject({
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': 'cluster-logs',
      'holdfast.activity': 'log.observe',
      'holdfast.investigation.id': id,
      'holdfast.attempt': 1,
    });
    expect(one('generate_content competent')).toMatchObject({
      service: 'holdfast-worker',
      attributes: {
        'gen_ai.operation.name': 'generate_content',
        'gen_ai.provider.name': 'gcp.gemini',
        'gen_ai.request.model': 'competent',
        'gen_ai.request.max_tokens': 4_096,
        'gen_ai.response.finish_reasons': ['STOP'],
        'gen_ai.usage.input_tokens': expect.any(Number),
        'gen_ai.usage.output_tokens': expect.any(Number),
      },
    });
  });

  test('AU-96 is the same tree in Cloud Trace', () => {
    expect(drawTree(joined(receiver.patched()))).toEqual(drawTree(joined(receiver.spans())));
    expect(receiver.requests()).toContain('PATCH /v1/projects/shop-1/traces');
  });

  test('RT-93 RT-107 is told in the logs of both, by investigation and by the ids of trace and span', () => {
    const written = {
      level: expect.any(String),
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      trace_id: caller.traceId,
      investigationId: id,
    };
    const accepted = logOf('api').find(({ message }) => message === 'accepted');
    expect(accepted).toMatchObject({ ...written, logger: 'holdfast-api' });
    const done = logOf('worker').find(({ activity }) => activity === 'orchestrator.report');
    const { spanId } = receiver.spans().find(({ name }) => name === 'orchestrator.report') ?? {};
    const message = 'activity done';
    expect(done).toMatchObject({ ...written, message, logger: 'holdfast-worker', span_id: spanId });
  });
});

function logOf(program: 'api' | 'worker'): readonly Readonly<Record<string, unknown>>[] {
  const text = readFileSync(join(line.stateDir, `${program}.log`), 'utf8');
  const lines = text.split('\n').filter((one) => one.startsWith('{'));
  return lines.map((one) => JSON.parse(one) as Readonly<Record<string, unknown>>);
}
