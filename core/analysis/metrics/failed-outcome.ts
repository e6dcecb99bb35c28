type Attributes = Readonly<Record<string, string>>;

const statusKeys = [
  'http.response.status_code',
  'http.status_code',
  'status_code',
  'status',
  'code',
  'response_code',
];
const grpcKeys = ['rpc.grpc.status_code', 'grpc_status', 'grpc_code'];
const wordKeys = ['outcome', 'result', 'status', 'success', 'state'];
const badWords = new Set([
  'bad',
  'error',
  'failure',
  'failed',
  'fail',
  'false',
  'exception',
  'fatal',
]);
/** Unknown, deadline exceeded, unimplemented, internal, unavailable, data loss: what gRPC lays at the server's door. */
const grpcFailures = new Set(['2', '4', '12', '13', '14', '15']);

/**
 * Tells whether the requests behind a series failed, from its attributes: a server status of 500 or more, a gRPC status of the server's making, an
 * `error.type` that is no status below 500, or a word for failure. Null when no attribute speaks of the outcome.
 */
export function failedOutcome(attributes: Attributes): boolean | null {
  const status = statusKeys.map((key) => attributes[key]).find((value) => isHttpStatus(value));
  if (status !== undefined) return Number(status) >= 500;
  const grpc = grpcKeys.map((key) => attributes[key]).find((value) => value !== undefined);
  if (grpc !== undefined) return grpcFailures.has(grpc);
  const errorType = attributes['error.type'];
  if (errorType !== undefined && errorType !== '') return true;
  const word = wordKeys.map((key) => attributes[key]).find((value) => value !== undefined);
  return word === undefined ? null : badWords.has(word.toLowerCase());
}

const isHttpStatus = (value: string | undefined): boolean =>
  value !== undefined && value.length === 3 && Number(value) >= 100 && Number(value) < 600;
