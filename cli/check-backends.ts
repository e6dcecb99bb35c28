import { z } from '../core/schemas/z.ts';
import { createClient } from './client.ts';
import { readToken } from './session.ts';

const checksSchema = z.object({
  checks: z.array(
    z.object({
      name: z.string(),
      state: z.enum(['ok', 'fail']),
      found: z.string(),
      advice: z.string(),
    }),
  ),
});
export type BackendState = z.output<typeof checksSchema>['checks'][number];

/** Asks the API how the backends stand that it looks at; the API reaches them, with its own credentials. What it cannot say is a finding of its own. */
export async function checkBackends(
  env: NodeJS.ProcessEnv,
  url: string,
): Promise<readonly BackendState[]> {
  const client = createClient({ url, token: readToken(env, url), patienceMs: 0 });
  try {
    return checksSchema.parse(await client.send('GET', '/api/v1/backends')).checks;
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error);
    return [{ name: 'backends', state: 'fail', found, advice: 'Look at the log of the API.' }];
  }
}
