/**
 * Calls `/ops/*` on services of the registry (name, URL, bearer token). Rejects with `not-found.service` for a name that is not in it,
 * `unavailable.backend` or `timeout.backend` where the target did not answer, in which case a POST may or may not have happened.
 */
export interface OpsClient {
  /** Names in the registry. */
  readonly services: readonly string[];
  get(call: OpsCall): Promise<OpsReply>;
  post(
    call: OpsCall & { readonly body: unknown; readonly idempotencyKey: string },
  ): Promise<OpsReply>;
  /** The full URL that `path` has on `service`; for plans and evidence. */
  urlOf(service: string, path: string): string;
}

export interface OpsCall {
  readonly service: string;
  /** Begins with `/ops/`. */
  readonly path: string;
  readonly signal: AbortSignal;
}

export interface OpsReply {
  readonly status: number;
  readonly body: unknown;
}
