import { performance } from 'node:perf_hooks';
import type { Runtime } from './runtime.ts';
import { ShopError } from './shop-error.ts';
import { failSpan, traceHeaders, withClientSpan } from './spans.ts';

/** One HTTP call to another process of the shop. */
export interface ServiceCall {
  /** Name of the other end, as it stands in telemetry. */
  readonly peer: string;
  /** Base URL; absent when the service runs without that neighbour. */
  readonly baseUrl: string | undefined;
  readonly method: 'GET' | 'POST' | 'PUT';
  /** Path with placeholders, for names and metrics. */
  readonly template: string;
  readonly path: string;
  readonly body?: unknown;
  readonly timeoutMs: number;
  /** How many times a failed call is sent again, at once; absent for never. */
  readonly retries?: number;
}

export interface ServiceReply {
  readonly status: number;
  readonly body: unknown;
}

const maxReplyBytes = 256 * 1_024;

async function send(call: ServiceCall, baseUrl: string): Promise<ServiceReply> {
  const response = await fetch(`${baseUrl}${call.path}`, {
    method: call.method,
    headers: {
      ...traceHeaders(),
      ...(call.body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(call.body !== undefined && { body: JSON.stringify(call.body) }),
    signal: AbortSignal.timeout(call.timeoutMs),
  });
  const text = await response.text();
  if (text.length > maxReplyBytes) {
    throw new ShopError(
      502,
      'upstream-error',
      `${call.peer} answered more than ${maxReplyBytes} bytes`,
    );
  }
  return { status: response.status, body: text === '' ? null : JSON.parse(text) };
}

function toShopError(error: unknown, call: ServiceCall): ShopError {
  if (error instanceof ShopError) return error;
  if (error instanceof Error && error.name === 'TimeoutError') {
    return new ShopError(
      504,
      'upstream-timeout',
      `${call.peer} did not answer ${call.method} ${call.template} within ${call.timeoutMs} ms`,
    );
  }
  return new ShopError(
    502,
    'upstream-unreachable',
    `${call.peer} could not be reached for ${call.method} ${call.template}`,
  );
}

/**
 * Calls another service, each attempt in a client span of its own, with the trace context in its headers. Answers below
 * 500 are returned; a 5xx, a timeout (504) and a broken connection (502) of the last attempt are thrown as `ShopError`.
 */
export async function callService(runtime: Runtime, call: ServiceCall): Promise<ServiceReply> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await callOnce(runtime, call);
    } catch (error) {
      if (attempt >= (call.retries ?? 0)) throw error;
    }
  }
}

async function callOnce(runtime: Runtime, call: ServiceCall): Promise<ServiceReply> {
  const { baseUrl } = call;
  if (baseUrl === undefined) {
    throw new ShopError(
      503,
      'not-connected',
      `${runtime.options.name} is not connected to ${call.peer}`,
    );
  }
  const attributes = { 'http.request.method': call.method, 'server.address': call.peer };
  return withClientSpan(
    runtime.telemetry.tracer,
    `${call.method} ${call.template}`,
    { ...attributes, 'peer.service': call.peer },
    async (span) => {
      const startedAtMs = performance.now();
      let outcome: Record<string, string | number> = {};
      try {
        const reply = await send(call, baseUrl);
        outcome = { 'http.response.status_code': reply.status };
        span.setAttributes(outcome);
        if (reply.status >= 500) {
          throw new ShopError(
            502,
            'upstream-error',
            `${call.peer} answered ${call.method} ${call.template} with ${reply.status}`,
          );
        }
        return reply;
      } catch (error) {
        const failure = toShopError(error, call);
        outcome = { ...outcome, 'error.type': failure.code };
        failSpan(span, failure.code, failure.message);
        throw failure;
      } finally {
        runtime.instruments.clientDuration.record((performance.now() - startedAtMs) / 1_000, {
          ...attributes,
          ...outcome,
        });
      }
    },
  );
}
