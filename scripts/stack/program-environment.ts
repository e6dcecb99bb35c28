import { join } from 'node:path';
import { settings, type Setting } from '../../config/settings.ts';
import type { GrantKeyFiles } from '../../integrations/identity/grant-keys.ts';
import { findIncident } from '../find-incident.ts';
import { isBuilt, projectRoot } from '../project-root.ts';
import type { StackState } from './stack-state.ts';

/** What a program needs of its surroundings, whatever it is. */
const surroundings = [
  'PATH',
  'HOME',
  'LANG',
  'LC_ALL',
  'TZ',
  'TMPDIR',
  'SSL_CERT_FILE',
  'NODE_EXTRA_CA_CERTS',
  // Where Google's libraries look for credentials, besides HOME and what is documented.
  'CLOUDSDK_CONFIG',
  'METADATA_SERVER_DETECTION',
];

/**
 * Gives the environment of API and worker: what the person has set of the documented settings, and over it where the parts of this stack are and whose
 * keys and tokens count. Nothing else of `base` is passed on.
 */
export function programEnvironment(
  base: NodeJS.ProcessEnv,
  stack: {
    readonly stateDir: string;
    readonly state: StackState;
    readonly tokenFile: string;
    readonly keys: GrantKeyFiles;
  },
): NodeJS.ProcessEnv {
  const { state, stateDir } = stack;
  const root = projectRoot();
  const own: NodeJS.ProcessEnv = {
    HOLDFAST_HOST: '127.0.0.1',
    HOLDFAST_STATE_DIR: stateDir,
    HOLDFAST_TOKENS_FILE: stack.tokenFile,
    HOLDFAST_GRANT_PRIVATE_KEY_FILE: stack.keys.privateKeyFile,
    HOLDFAST_GRANT_PUBLIC_KEY_FILE: stack.keys.publicKeyFile,
    DATABASE_URL: state.databaseUrl,
    TEMPORAL_ADDRESS: state.temporalAddress,
    ...(state.temporalUiUrl === null ? {} : { TEMPORAL_UI_URL: state.temporalUiUrl }),
    ...(isBuilt() ? { HOLDFAST_WORKFLOW_BUNDLE: join(root, 'dist', 'workflow-bundle.js') } : {}),
  };
  const standard: NodeJS.ProcessEnv = {
    HOLDFAST_CASES: join(root, 'examples', 'incidents'),
    HOLDFAST_SERVICES: servicesFile(stateDir),
    HOLDFAST_SLOS: bundledSlo(root),
  };
  return { ...standard, ...passedOn(base), ...own };
}

/** Gives the service registry of the local stack, which is empty unless something like the demo offers services. */
export function servicesFile(stateDir: string): string {
  return join(stateDir, 'services.json');
}

/** The bundled SLO over the bundled recording in which it burns, so that there is a sweep to look at. */
function bundledSlo(root: string): string {
  const slo = join(root, 'examples', 'slo', 'gateway-availability.yaml');
  const target = `${slo}=${findIncident('slo-burn')}`;
  // The setting has no way to write a path that holds its own separators.
  return /[;=]/.test(root) ? '' : target;
}

function passedOn(base: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const documented = Object.entries<Setting>(settings)
    .filter(([, { readBy }]) => readBy.includes('api') || readBy.includes('worker'))
    .map(([name]) => name);
  const names = [...surroundings, ...documented].filter((name) => (base[name] ?? '') !== '');
  return Object.fromEntries(names.map((name) => [name, base[name]]));
}
