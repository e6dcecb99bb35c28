import { responseType, statusType } from './protocol.ts';
import type { OtlpEncoding, OtlpSignal } from './signals.ts';

/** What became of a request whose good items are kept. */
export interface Receipt {
  /** Items that were not kept. */
  readonly rejected: number;
  /** Why, for the person who sent them; empty when all were kept. */
  readonly message: string;
}

/** The name of the count of rejected items in JSON; in protobuf it has the same number in each. */
const rejectedNames: Readonly<Record<OtlpSignal, string>> = {
  traces: 'rejectedSpans',
  metrics: 'rejectedDataPoints',
  logs: 'rejectedLogRecords',
};

/** Writes the response to a request that was taken, whole or in part. */
export function encodeReceipt(
  signal: OtlpSignal,
  encoding: OtlpEncoding,
  receipt: Receipt,
): Buffer {
  const { rejected, message } = receipt;
  const isWhole = rejected === 0 && message === '';
  if (encoding === 'json') {
    const partialSuccess = { [rejectedNames[signal]]: String(rejected), errorMessage: message };
    return Buffer.from(JSON.stringify(isWhole ? {} : { partialSuccess }));
  }
  const given = isWhole ? {} : { partialSuccess: { rejected, errorMessage: message } };
  return Buffer.from(responseType.encode(responseType.fromObject(given)).finish());
}

/** Writes the body of an answer that is an error: a `google.rpc.Status`. */
export function encodeStatus(
  encoding: OtlpEncoding,
  status: { readonly code: number; readonly message: string },
): Buffer {
  if (encoding === 'json') return Buffer.from(JSON.stringify(status));
  return Buffer.from(statusType.encode(statusType.fromObject(status)).finish());
}
