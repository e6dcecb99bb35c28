import { AppError } from '../../core/errors.ts';
import { z } from '../../core/schemas/z.ts';
import { requestTypes } from './protocol.ts';
import { isFields, otlpSignals } from './signals.ts';
import type { Fields, OtlpEncoding, OtlpSignal } from './signals.ts';

/** Items of one scope of one resource; nothing of them has been looked at. */
export interface RawScope {
  readonly scope: Fields;
  readonly items: readonly Fields[];
}

export interface RawResource {
  readonly resource: Fields;
  readonly scopes: readonly RawScope[];
}

/** Looked into later, one by one: a bad item does not spoil the request. */
const fields = z.custom<Fields>(isFields, 'must be an object');
/** In the JSON encoding of protobuf null stands for a member that is not there. */
const maybeFields = fields.nullish().transform((given) => given ?? {});
const list = <Item extends z.ZodType>(item: Item) =>
  z
    .array(item)
    .nullish()
    .transform((given) => given ?? []);

/** The levels of an export request above its items. */
function envelope({ resources, scopes, items }: (typeof otlpSignals)[OtlpSignal]) {
  const scope = z.object({ scope: maybeFields, [items]: list(fields) });
  const resource = z.object({ resource: maybeFields, [scopes]: list(scope) });
  return z.object({ [resources]: list(resource) });
}

const envelopes: Readonly<Record<OtlpSignal, z.ZodType>> = {
  traces: envelope(otlpSignals.traces),
  metrics: envelope(otlpSignals.metrics),
  logs: envelope(otlpSignals.logs),
};

/** Decodes the body of an export request down to its items. Throws `invalid.otlp` when it is not one; members that OTLP does not have are passed over. */
export function decodeRequest(
  signal: OtlpSignal,
  encoding: OtlpEncoding,
  body: Uint8Array,
): readonly RawResource[] {
  const { resources, scopes, items } = otlpSignals[signal];
  const request = encoding === 'json' ? decodeJson(signal, body) : decodeProtobuf(signal, body);
  return listOf(request, resources).map((resource) => ({
    resource: fieldsOf(resource, 'resource'),
    scopes: listOf(resource, scopes).map((scope) => ({
      scope: fieldsOf(scope, 'scope'),
      items: listOf(scope, items),
    })),
  }));
}

const listOf = (message: Fields, name: string) => (message[name] ?? []) as readonly Fields[];
const fieldsOf = (message: Fields, name: string) => (message[name] ?? {}) as Fields;

function decodeProtobuf(signal: OtlpSignal, body: Uint8Array): Fields {
  try {
    return requestTypes[signal].decode(body);
  } catch (error) {
    throw invalidOtlp(signal, 'it is not protobuf, or cut off', error);
  }
}

function decodeJson(signal: OtlpSignal, body: Uint8Array): Fields {
  let given: unknown;
  try {
    given = JSON.parse(Buffer.from(body).toString('utf8'));
  } catch (error) {
    throw invalidOtlp(signal, 'it is not JSON, or cut off', error);
  }
  const parsed = envelopes[signal].safeParse(given);
  if (parsed.success) return parsed.data as Fields;
  const { path = [], message = '' } = parsed.error.issues[0] ?? {};
  throw invalidOtlp(signal, `${path.join('.') || 'the body'}: ${message}`, parsed.error);
}

function invalidOtlp(signal: OtlpSignal, says: string, cause: unknown): AppError {
  return new AppError('invalid.otlp', `the body is no export request of ${signal}: ${says}`, {
    cause,
  });
}
