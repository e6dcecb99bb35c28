import type { encodeReceipt, encodeStatus } from '../../integrations/otlp/encode-response.ts';
import type { OtlpStore } from '../../integrations/otlp/otlp-store.ts';

/** What takes OTLP, and how its answers are written. */
export type OtlpIntake = Pick<OtlpStore, 'receive' | 'kept'> & {
  readonly encodeReceipt: typeof encodeReceipt;
  readonly encodeStatus: typeof encodeStatus;
};
