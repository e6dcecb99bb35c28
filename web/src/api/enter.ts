import type { Session } from '../../../core/schemas/session.ts';
import { postJson } from './client.ts';

/**
 * Takes the code out of the address, before anything else sees or keeps it, and exchanges it for a session. Gives why that was not possible; null where there
 * was no code, or all went well.
 */
export async function enter(): Promise<string | null> {
  const url = new URL(location.href);
  const code = url.searchParams.get('code');
  if (code === null) return null;
  url.searchParams.delete('code');
  history.replaceState(history.state, '', url);
  try {
    await postJson<Session>('/api/v1/session', { code });
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
