import { createGunzip } from 'node:zlib';
import type { Request } from 'express';
import { AppError } from '../../core/errors.ts';
import type { OtlpEncoding } from '../../integrations/otlp/signals.ts';
import type { ByteBudget } from './byte-budget.ts';

/** Of one body, unpacked: SDKs send some 100 KB, collectors up to 4 MB. */
export const maxExportBytes = 8 * 1_024 * 1_024;

const chunkSize = 65_536;

/** Tells how a request is encoded. Throws `invalid.content-type` for what OTLP over HTTP does not have. */
export function encodingOf(request: Request): OtlpEncoding {
  const type = (request.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase();
  if (type === 'application/x-protobuf' || type === 'application/protobuf') return 'protobuf';
  if (type === 'application/json') return 'json';
  throw new AppError(
    'invalid.content-type',
    type === '' ? 'the request has no content type' : `the content type is none of OTLP: ${type}`,
  );
}

/**
 * Reads the body of a request, unpacked, within the bytes that `budget` has left; whoever is done with it gives them back. Rejects with `invalid.body-too-large`,
 * `unavailable.ingest` when too much is on its way in, `invalid.content-type`, or `invalid.otlp` when it is no gzip or cut off.
 */
export function readExport(request: Request, budget: ByteBudget): Promise<Buffer> {
  const packing = (request.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  if (packing !== 'identity' && packing !== 'gzip') {
    return Promise.reject(
      new AppError('invalid.content-type', `the body is packed as ${packing}; gzip is taken`),
    );
  }
  const source = packing === 'gzip' ? request.pipe(createGunzip({ chunkSize })) : request;
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    let isSettled = false;
    const fail = (error: AppError): void => {
      if (isSettled) return;
      isSettled = true;
      budget.give(bytes);
      source.off('data', take);
      request.unpipe();
      if (source !== request) source.destroy();
      request.resume(); // What is left is read and thrown away, so that the client hears the answer.
      reject(error);
    };
    const take = (chunk: Buffer): void => {
      if (bytes + chunk.length > maxExportBytes) return fail(tooLarge());
      if (!budget.take(chunk.length)) return fail(tooMuch());
      bytes += chunk.length;
      chunks.push(chunk);
    };
    source.on('data', take);
    source.once('end', () => {
      isSettled = true;
      resolve(Buffer.concat(chunks));
    });
    source.on('error', (cause) => fail(notWhole(cause)));
    request.once('close', () => {
      if (!request.complete) fail(notWhole());
    });
  });
}

function tooLarge(): AppError {
  const most = `${maxExportBytes / 1_048_576} MB`;
  return new AppError('invalid.body-too-large', `the body is larger than ${most}, unpacked`);
}

function tooMuch(): AppError {
  return new AppError('unavailable.ingest', 'more telemetry is on its way in than can be held');
}

function notWhole(cause?: unknown): AppError {
  return new AppError('invalid.otlp', 'the body is not whole: no gzip, or cut off', { cause });
}
