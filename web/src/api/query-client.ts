import { QueryClient } from '@tanstack/react-query';
import { ApiProblem } from './client.ts';

const mostRetries = 30;
const longestPauseMs = 5_000;

/** Asks again while the server is away; what it has refused it would refuse again. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        // A server on this machine is there also when the network is not.
        networkMode: 'always',
        staleTime: 2_000,
        retry: (failures, error) => failures < mostRetries && !isRefusal(error),
        retryDelay: (failures) => Math.min(250 * 2 ** failures, longestPauseMs),
      },
    },
  });
}

function isRefusal(error: unknown): boolean {
  return error instanceof ApiProblem && error.status < 500 && error.status !== 429;
}
