import { InterceptingCall, Metadata, status } from '@grpc/grpc-js';
import type { Interceptor, InterceptingListener } from '@grpc/grpc-js';
import { defaultGrpcRetryOptions, makeGrpcRetryInterceptor } from '@temporalio/client';

/**
 * Interceptors of a connection to Temporal: the SDK's own, which asks again, and beneath it one for when the connection has been closed meanwhile. A closed
 * channel throws; out of the timer in which the SDK asks again that would end the process.
 */
export function retryCalls(): Interceptor[] {
  return [makeGrpcRetryInterceptor(defaultGrpcRetryOptions()), failInsteadOfThrowing];
}

const failInsteadOfThrowing: Interceptor = (options, nextCall) => {
  try {
    return new InterceptingCall(nextCall(options));
  } catch (error) {
    return cancelledCall(error instanceof Error ? error.message : String(error));
  }
};

const nothing = (): void => undefined;

/** A call that sends nothing and fails at once. */
function cancelledCall(details: string): InterceptingCall {
  return new InterceptingCall({
    start: (_metadata, listener?: Partial<InterceptingListener>) => {
      // A call that fails has a message too, which is null.
      listener?.onReceiveMessage?.(null);
      listener?.onReceiveStatus?.({ code: status.CANCELLED, details, metadata: new Metadata() });
    },
    sendMessageWithContext: nothing,
    sendMessage: nothing,
    startRead: nothing,
    halfClose: nothing,
    cancelWithStatus: nothing,
    getPeer: () => 'closed',
    getAuthContext: () => null,
  });
}
