import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { setTimeout as pause } from 'node:timers/promises';
import grpc from '@grpc/grpc-js';
import { fromJSON } from '@grpc/proto-loader';
import type { Counts } from './counts.ts';
import type { Fault, Faults, Route } from './faults.ts';
import { textField } from './request-fields.ts';
import { encodeStatus, invalidArgument, statusOf } from './status.ts';
import type { Status } from './status.ts';

/** A page of a list: what it holds, and the token of the next one. */
export interface Page {
  readonly rows: readonly object[];
  readonly nextPageToken: string;
}

/** One list method: how it is named, and how a request is answered. Throws for a request that is not understood. */
export interface ListMethod {
  readonly route: Route;
  /** The field of the answer that has the rows. */
  readonly field: string;
  readonly list: (request: Readonly<Record<string, unknown>>) => Page;
  /** What the answer says beside its rows when part of it is missing. */
  readonly partial: object;
}

export interface GrpcService {
  readonly definition: grpc.ServiceDefinition;
  readonly methods: Readonly<Record<string, ListMethod>>;
}

export interface Surroundings {
  readonly projectId: string;
  readonly counts: Counts;
  readonly faults: Faults;
}

/** Loads a service from the descriptors that a client package ships, `name` in full: `google.logging.v2.LoggingServiceV2`. */
export function loadService(
  [packageName, ...through]: readonly [string, ...string[]],
  descriptors: string,
  name: string,
): grpc.ServiceDefinition {
  let require = createRequire(createRequire(import.meta.url).resolve(packageName));
  for (const next of through) require = createRequire(require.resolve(next));
  const json: unknown = JSON.parse(readFileSync(require.resolve(descriptors), 'utf8'));
  const definition = fromJSON(json as Parameters<typeof fromJSON>[0], {
    longs: String,
    enums: String,
    defaults: true,
  })[name];
  if (definition === undefined) throw new Error(`${packageName} describes no ${name}`);
  return definition as grpc.ServiceDefinition;
}

/** Starts a gRPC server of list methods on a free port of loopback. */
export async function startGrpcServer(
  services: readonly GrpcService[],
  around: Surroundings,
): Promise<{ readonly port: number; readonly close: () => void }> {
  const server = new grpc.Server();
  for (const { definition, methods } of services) {
    const implementation = Object.fromEntries(
      Object.entries(methods).map(([name, method]) => [
        name,
        createHandler(method, definition, name, around),
      ]),
    );
    server.addService(definition, implementation);
  }
  const port = await new Promise<number>((resolve, reject) => {
    const credentials = grpc.ServerCredentials.createInsecure();
    server.bindAsync('127.0.0.1:0', credentials, (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  return { port, close: () => server.forceShutdown() };
}

type Call = grpc.ServerUnaryCall<Readonly<Record<string, unknown>>, object>;

function createHandler(
  method: ListMethod,
  definition: grpc.ServiceDefinition,
  name: string,
  around: Surroundings,
): grpc.handleUnaryCall<Readonly<Record<string, unknown>>, object> {
  const path = Object.values(definition).find(({ originalName, path }) =>
    [originalName, path.split('/').at(-1)].includes(name),
  );
  return (call, callback) => {
    const fault = around.faults.next(method.route);
    const client = String(call.metadata.get('x-goog-api-client')[0] ?? 'unknown');
    const bytesIn = path?.requestSerialize(call.request).length ?? 0;
    const reply = (answer: object): void => {
      const bytesOut = path?.responseSerialize(answer).length ?? 0;
      around.counts.add(method.route, nameClient(client), { in: bytesIn, out: bytesOut });
      callback(null, answer);
    };
    const refuse = (status: Status): void => {
      around.counts.add(method.route, nameClient(client), { in: bytesIn, out: 0 });
      callback(toServiceError(status));
    };
    const failed = fault === null ? null : statusOf(fault, around.projectId);
    if (failed !== null) refuse(failed);
    else void answer(method, call, fault, { reply, refuse });
  };
}

async function answer(
  method: ListMethod,
  call: Call,
  fault: Fault | null,
  { reply, refuse }: { reply: (answer: object) => void; refuse: (status: Status) => void },
): Promise<void> {
  if (fault?.kind === 'hang') return;
  if (fault?.kind === 'slow') await pause(fault.delayMs);
  if (fault?.kind === 'endless-pages') {
    reply({ [method.field]: [], nextPageToken: `endless-${Date.now()}` });
    return;
  }
  if (fault?.kind === 'empty-pages') {
    reply({ [method.field]: [], nextPageToken: textField(call.request, 'pageToken') || '0' });
    return;
  }
  try {
    const { rows, nextPageToken } = method.list(call.request);
    const isPartial = fault?.kind === 'partial';
    const kept = isPartial ? rows.slice(0, Math.ceil(rows.length / 2)) : rows;
    reply({ [method.field]: kept, nextPageToken, ...(isPartial ? method.partial : {}) });
  } catch (error) {
    refuse(invalidArgument(error instanceof Error ? error.message : String(error)));
  }
}

function toServiceError(status: Status): Partial<grpc.StatusObject> {
  const metadata = new grpc.Metadata();
  metadata.set('grpc-status-details-bin', Buffer.from(encodeStatus(status)));
  return { code: status.grpcCode, details: status.message, metadata };
}

/** `gl-node/20.20.2 gapic/11.4.0 ...`: what is of interest is that it is a generated client. */
export function nameClient(header: string): string {
  return header.split(' ').find((part) => /^(gapic|gccl|gdcl)\//.test(part)) ?? header.slice(0, 80);
}

/** Cuts one page out of all rows; tokens are offsets. */
export function pageOf(
  rows: readonly object[],
  { pageSize, pageToken, most }: { pageSize: unknown; pageToken: unknown; most: number },
): Page {
  const from = pageToken === '' || pageToken === undefined ? 0 : Number(pageToken);
  if (!Number.isInteger(from) || from < 0) throw new Error('the page token is not one of ours');
  const wanted = Number(pageSize ?? 0);
  const size = wanted > 0 ? Math.min(wanted, most) : Math.min(50, most);
  const until = from + size;
  return { rows: rows.slice(from, until), nextPageToken: until < rows.length ? String(until) : '' };
}
