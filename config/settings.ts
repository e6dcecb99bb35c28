import { z } from 'zod';
import { processes, text, url, wholeNumber } from './setting.ts';
import type { Setting } from './setting.ts';
import { temporalSettings } from './temporal-settings.ts';
import { googleSettings } from './google-settings.ts';
import { modelSettings } from './model-settings.ts';
import { tracingSettings } from './tracing-settings.ts';

export type { Setting };

/** Folders separated by `:`, or by `;` where a path may hold a colon. */
const folders = text.transform((given) => {
  const isOneDrivePath = /^[A-Za-z]:[\\/]/.test(given);
  const parts = given.includes(';')
    ? given.split(';')
    : isOneDrivePath
      ? [given]
      : given.split(':');
  return parts.filter((part) => part !== '');
});

/** `FILE=CASE` pairs separated by `;`. */
const sloTargets = text.transform((given, context) =>
  given
    .split(';')
    .filter((pair) => pair.trim() !== '')
    .map((pair) => {
      const [file = '', folder = '', ...rest] = pair.split('=').map((part) => part.trim());
      if (file === '' || folder === '' || rest.length > 0) {
        context.issues.push({
          code: 'custom',
          input: given,
          message: 'must be FILE=CASE pairs separated by ";"',
        });
      }
      return { file, folder };
    }),
);

const origins = text
  .transform((given) => given.split(',').map((one) => one.trim()))
  .pipe(
    z.array(
      z
        .string()
        .refine((one) => URL.canParse(one) && new URL(one).origin === one && /^https?:/.test(one), {
          error: 'origins such as https://console.example, separated by commas',
        }),
    ),
  );
const hostNames = text.transform((given) =>
  given
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== ''),
);

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/** Every setting there is, by the name of its environment variable. An empty variable counts as absent. */
export const settings = {
  HOLDFAST_HOST: {
    schema: text.regex(/^[^\s/]+$/, 'must be a host name or an address'),
    description: 'Where the API listens. Beyond loopback it needs tokens.',
    default: '127.0.0.1',
    readBy: ['api'],
  },
  HOLDFAST_PORT: {
    schema: wholeNumber(0, 65_535),
    description:
      'Port of the API. If it is taken, the next free one of the 20 that follow; 0 takes any.',
    default: '8080',
    readBy: ['api'],
  },
  HOLDFAST_ALLOWED_HOSTS: {
    schema: hostNames,
    description:
      'Names, separated by commas, that a request may call the API by, besides loopback names.',
    readBy: ['api'],
  },
  HOLDFAST_CORS_ORIGINS: {
    schema: origins,
    description:
      'Origins, separated by commas, whose pages may call the API with a bearer token; none unless told.',
    readBy: ['api'],
  },
  HOLDFAST_URL: {
    schema: url(['http:', 'https:']),
    description: 'The API that the CLI talks to.',
    default: 'http://127.0.0.1:8080',
    readBy: ['cli'],
  },
  HOLDFAST_TOKEN: {
    schema: text,
    description: 'Bearer token that the CLI sends, instead of the one in the state folder.',
    isSecret: true,
    readBy: ['cli'],
  },
  DATABASE_URL: {
    schema: url(['postgres:', 'postgresql:']),
    description: 'PostgreSQL, as `postgres://user:password@host:port/database`.',
    isSecret: true,
    readBy: ['api', 'worker', 'stack'],
  },
  DATABASE_POOL_SIZE: {
    schema: wholeNumber(1, 200),
    description: 'Most connections of one process to PostgreSQL, besides one that listens.',
    default: '10',
    readBy: processes,
  },
  ...temporalSettings,
  HOLDFAST_CASES: {
    schema: folders,
    description: 'Folders whose cases can be investigated by name, separated by `:` (or `;`).',
    default: 'examples/incidents',
    readBy: ['api', 'cli'],
  },
  HOLDFAST_SLOS: {
    schema: sloTargets,
    description:
      'SLOs that are swept, as `FILE=CASE` separated by `;`: an OpenSLO file, and the folder of the case to evaluate it over.',
    readBy: ['api'],
  },
  HOLDFAST_SWEEP_SECONDS: {
    schema: wholeNumber(10, 86_400),
    description: 'Time from one sweep of the SLOs to the next, in seconds.',
    default: '300',
    readBy: ['api'],
  },
  HOLDFAST_SERVICES: {
    schema: text,
    description:
      'File (YAML or JSON) with the services that can be operated: name, url, and token or tokenFile of each.',
    readBy: ['worker'],
  },
  HOLDFAST_TOKENS_FILE: {
    schema: text,
    description:
      'File with the tokens of people: lines of a name and the SHA-256 of a token. Without it nobody can decide.',
    readBy: ['api'],
  },
  HOLDFAST_GRANT_PRIVATE_KEY_FILE: {
    schema: text,
    description: 'File with the Ed25519 key (PEM, PKCS #8) that signs grants.',
    readBy: ['api'],
  },
  HOLDFAST_GRANT_PUBLIC_KEY_FILE: {
    schema: text,
    description: 'File with the public half (PEM) that verifies grants.',
    readBy: ['worker'],
  },
  HOLDFAST_APPROVAL_TTL_SECONDS: {
    schema: wholeNumber(10, 86_400),
    description: 'How long a proposed action can be decided, in seconds.',
    default: '1800',
    readBy: ['api'],
  },
  HOLDFAST_GRANT_TTL_SECONDS: {
    schema: wholeNumber(10, 3_600),
    description: 'How long the grant of one decision is good, in seconds.',
    default: '300',
    readBy: ['api'],
  },
  HOLDFAST_MAX_ROUNDS: {
    schema: wholeNumber(1, 20),
    description: 'Most rounds of one agent; a request may ask for fewer.',
    default: '20',
    readBy: ['api'],
  },
  HOLDFAST_MAX_CALLS: {
    schema: wholeNumber(2, 200),
    description: 'Most tool calls of one investigation; a request may ask for fewer.',
    default: '40',
    readBy: ['api'],
  },
  HOLDFAST_MAX_SECONDS: {
    schema: wholeNumber(1, 2_400),
    description: 'Longest time of one investigation, in seconds; a request may ask for less.',
    default: '300',
    readBy: ['api'],
  },
  HOLDFAST_OTLP_PORT: {
    schema: wholeNumber(0, 65_535),
    description:
      'Second port that takes OTLP, besides that of the API: the one that SDKs send to unless told. Left alone if it is taken; 0 takes none.',
    default: '4318',
    readBy: ['api'],
  },
  HOLDFAST_OTLP_RETENTION_HOURS: {
    schema: wholeNumber(1, 720),
    description: 'How long telemetry that was received, and snapshots of it, are kept, in hours.',
    default: '24',
    readBy: processes,
  },
  HOLDFAST_OTLP_MAX_MEGABYTES: {
    schema: wholeNumber(16, 1_000_000),
    description:
      'Most telemetry that is kept, in MB, and most that only snapshots still hold; beyond it the oldest goes first.',
    default: '2000',
    readBy: processes,
  },
  ...googleSettings,
  ...tracingSettings,
  HOLDFAST_STATE_DIR: {
    schema: text,
    description:
      'Folder of what is kept on this machine: token, keys, local databases, `api.json`.',
    readBy: ['api', 'worker', 'cli', 'stack'],
  },
  HOLDFAST_WORKFLOW_BUNDLE: {
    schema: text,
    description:
      'File with the bundled workflows; without it the worker bundles them when it starts.',
    readBy: ['worker'],
  },
  ...modelSettings,
  LOG_LEVEL: {
    schema: z.enum(logLevels, `must be one of ${logLevels.join(', ')}`),
    description: 'Least level of what is logged.',
    default: 'info',
    readBy: processes,
  },
} as const satisfies Readonly<Record<string, Setting>>;

export type SettingName = keyof typeof settings;
