import { mkdir } from 'node:fs/promises';
import type { ServiceRegistry } from '../../config/service-registry.ts';
import { servicesFile } from '../stack/program-environment.ts';
import { writeFileAtomically } from '../write-file.ts';

/** Names services in the registry of the local stack, for what a report proposes to have a target; gives what empties it again. */
export async function offerTo(
  stateDir: string,
  services: ServiceRegistry['services'],
): Promise<() => Promise<void>> {
  await mkdir(stateDir, { recursive: true });
  const offer = (offered: ServiceRegistry['services']): Promise<void> =>
    writeFileAtomically(
      servicesFile(stateDir),
      JSON.stringify({ services: offered }, null, 2),
      0o600,
    );
  await offer(services);
  return () => offer([]);
}
