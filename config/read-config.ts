import { z } from 'zod';
import { modelConfig, modelLimits, modelSettings } from './model-config.ts';
import type { ModelConfig, ModelRunConfig } from './model-config.ts';
import { invalidConfig } from './invalid-config.ts';
import { isLoopbackHost } from './loopback.ts';
import { settings } from './settings.ts';
import type { Setting, SettingName } from './settings.ts';

/** What a process of ours is told by its environment; a member is absent when nothing is set and there is no default. */
export type Environment = Readonly<Record<string, string | undefined>>;

interface ProcessConfig {
  readonly databaseUrl: string;
  readonly databasePoolSize: number;
  readonly temporalAddress: string;
  readonly temporalNamespace: string;
  readonly temporalAccess: TemporalAccess;
  readonly logLevel: string;
  readonly stateDir: string | undefined;
  /** Of received telemetry; snapshots of it are kept as long, and may hold as much beyond it. */
  readonly telemetryLimits: { readonly maxAgeMs: number; readonly maxBytes: number };
  /** What investigations without a case look at, when it is Google Cloud; null when it is what was received. */
  readonly google: GoogleConfig | null;
  readonly tracing: TracingConfig;
}

export interface GoogleConfig {
  readonly projectId: string;
  /** URL of a server that plays Google Cloud. */
  readonly endpoint: string | null;
  readonly metricPrefixes: readonly string[];
  readonly warehouse: {
    readonly table: string;
    readonly location: string;
    readonly maxBytes: number;
  } | null;
}

/** What Temporal asks of whoever connects. */
export interface TemporalAccess {
  readonly apiKey: string | undefined;
  /** Files as given; null for a connection that is not encrypted. */
  readonly tls: {
    readonly clientCertFile: string | undefined;
    readonly clientKeyFile: string | undefined;
    readonly serverCaFile: string | undefined;
    readonly serverName: string | undefined;
  } | null;
}

/** Where Temporal is, and how to get in. */
export interface TemporalConfig {
  readonly address: string;
  readonly namespace: string;
  readonly access: TemporalAccess;
}

/** How a process traces itself; null when it does not. */
export type TracingConfig = {
  /** Spans are sent by OTLP. */
  readonly isExported: boolean;
  readonly capturesContent: boolean;
  /** Spans go to Cloud Trace, too. */
  readonly agent: { readonly projectId: string; readonly url: string | null } | null;
} | null;

export interface ApiConfig extends ProcessConfig {
  readonly host: string;
  readonly port: number;
  /** Names besides loopback ones, in lower case, by which requests may call the API. */
  readonly allowedHosts: readonly string[];
  readonly corsOrigins: readonly string[];
  readonly temporalUiUrl: string;
  /** As given: relative ones count from the working directory. */
  readonly caseFolders: readonly string[];
  readonly tokensFile: string | undefined;
  readonly grantPrivateKeyFile: string;
  readonly approvalTtlMs: number;
  readonly grantTtlMs: number;
  /** Caps that no request can raise. */
  readonly maxBudget: { readonly rounds: number; readonly calls: number; readonly wallMs: number };
  /** What is swept: an OpenSLO file, and the case folder to evaluate it over; as given. */
  readonly sloTargets: readonly { readonly file: string; readonly folder: string }[];
  readonly sweepEveryMs: number;
  /** A second port that takes telemetry; 0 for none. */
  readonly otlpPort: number;
  /** What notifications of Google Cloud have to carry; without it none are taken. */
  readonly gcpWebhookToken: string | undefined;
  /** What runs are to have of a model; null for none. */
  readonly model: ModelRunConfig | null;
  readonly isModelRequired: boolean;
  readonly promptFile: string | undefined;
}

export interface WorkerConfig extends ProcessConfig {
  readonly servicesFile: string | undefined;
  readonly grantPublicKeyFile: string;
  readonly workflowBundle: string | undefined;
  /** How the model is reached; null for none. */
  readonly model: ModelConfig | null;
}

const environmentSchema = z
  .object(
    Object.fromEntries(Object.entries(settings).map(([name, { schema }]) => [name, schema])) as {
      readonly [Name in SettingName]: (typeof settings)[Name]['schema'];
    },
  )
  .partial();

const processSettings = {
  DATABASE_URL: true,
  DATABASE_POOL_SIZE: true,
  TEMPORAL_ADDRESS: true,
  TEMPORAL_NAMESPACE: true,
  LOG_LEVEL: true,
  HOLDFAST_OTLP_RETENTION_HOURS: true,
  HOLDFAST_OTLP_MAX_MEGABYTES: true,
  HOLDFAST_TELEMETRY: true,
  HOLDFAST_GOOGLE_METRICS: true,
  HOLDFAST_BIGQUERY_LOCATION: true,
  HOLDFAST_BIGQUERY_MAX_MEGABYTES: true,
  OTEL_SDK_DISABLED: true,
  OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: true,
  HOLDFAST_TRACE_AGENT: true,
} as const;

const temporalSchema = environmentSchema
  .pick({
    TEMPORAL_ADDRESS: true,
    TEMPORAL_NAMESPACE: true,
    TEMPORAL_API_KEY: true,
    TEMPORAL_TLS: true,
    TEMPORAL_TLS_CLIENT_CERT_PATH: true,
    TEMPORAL_TLS_CLIENT_KEY_PATH: true,
    TEMPORAL_TLS_SERVER_CA_CERT_PATH: true,
    TEMPORAL_TLS_SERVER_NAME: true,
  })
  .required({ TEMPORAL_ADDRESS: true, TEMPORAL_NAMESPACE: true });

type TemporalSettings = z.output<typeof temporalSchema>;

type ProcessSettings = Pick<
  z.output<typeof apiSchema>,
  | keyof typeof processSettings
  | keyof TemporalSettings
  | 'HOLDFAST_STATE_DIR'
  | 'OTEL_EXPORTER_OTLP_ENDPOINT'
  | 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'
  | 'HOLDFAST_GOOGLE_ENDPOINT'
  | 'GOOGLE_CLOUD_PROJECT'
  | 'HOLDFAST_BIGQUERY_TABLE'
>;

const apiSchema = environmentSchema.required({
  ...processSettings,
  HOLDFAST_HOST: true,
  HOLDFAST_PORT: true,
  TEMPORAL_UI_URL: true,
  HOLDFAST_CASES: true,
  HOLDFAST_GRANT_PRIVATE_KEY_FILE: true,
  HOLDFAST_APPROVAL_TTL_SECONDS: true,
  HOLDFAST_GRANT_TTL_SECONDS: true,
  HOLDFAST_MAX_ROUNDS: true,
  HOLDFAST_MAX_CALLS: true,
  HOLDFAST_MAX_SECONDS: true,
  HOLDFAST_SWEEP_SECONDS: true,
  HOLDFAST_OTLP_PORT: true,
  ...modelSettings.api,
});

const workerSchema = environmentSchema.required({
  ...processSettings,
  ...modelSettings.worker,
  HOLDFAST_GRANT_PUBLIC_KEY_FILE: true,
});

const modelSchema = environmentSchema
  .pick({
    ...modelSettings.worker,
    GEMINI_API_KEY: true,
    GEMINI_THINKING: true,
    GOOGLE_CLOUD_PROJECT: true,
    GOOGLE_GEMINI_BASE_URL: true,
    GOOGLE_VERTEX_BASE_URL: true,
    HOLDFAST_MODEL_PRICE: true,
    HOLDFAST_MASK_TERMS: true,
  })
  .required(modelSettings.worker);

/** What to do about a setting that is missing and has no default. */
const remedies: Readonly<Partial<Record<SettingName, string>>> = {
  DATABASE_URL: 'set it to postgres://user:password@host:port/database',
  HOLDFAST_GRANT_PRIVATE_KEY_FILE:
    'set it to a file made with `openssl genpkey -algorithm ed25519 -out FILE`',
  HOLDFAST_GRANT_PUBLIC_KEY_FILE:
    'set it to a file made with `openssl pkey -in PRIVATE_FILE -pubout -out FILE`',
};

/**
 * Reads the settings of the API. Throws an error with code `invalid.config` that names every variable at fault, what is wrong with it and what to
 * do; also when it is to listen beyond loopback without tokens.
 */
export function readApiConfig(env: Environment): ApiConfig {
  const read = parse(apiSchema, env);
  if (!isLoopbackHost(read.HOLDFAST_HOST) && read.HOLDFAST_TOKENS_FILE === undefined) {
    throw invalidConfig([
      `HOLDFAST_HOST is "${read.HOLDFAST_HOST}", beyond loopback, and HOLDFAST_TOKENS_FILE is missing: ` +
        'set it to a file with the tokens of people, or listen on 127.0.0.1',
    ]);
  }
  return {
    ...processConfig(read),
    host: read.HOLDFAST_HOST,
    port: read.HOLDFAST_PORT,
    allowedHosts: read.HOLDFAST_ALLOWED_HOSTS ?? [],
    corsOrigins: read.HOLDFAST_CORS_ORIGINS ?? [],
    temporalUiUrl: read.TEMPORAL_UI_URL,
    caseFolders: read.HOLDFAST_CASES,
    tokensFile: read.HOLDFAST_TOKENS_FILE,
    grantPrivateKeyFile: read.HOLDFAST_GRANT_PRIVATE_KEY_FILE,
    approvalTtlMs: read.HOLDFAST_APPROVAL_TTL_SECONDS * 1_000,
    grantTtlMs: read.HOLDFAST_GRANT_TTL_SECONDS * 1_000,
    maxBudget: {
      rounds: read.HOLDFAST_MAX_ROUNDS,
      calls: read.HOLDFAST_MAX_CALLS,
      wallMs: read.HOLDFAST_MAX_SECONDS * 1_000,
    },
    sloTargets: read.HOLDFAST_SLOS ?? [],
    sweepEveryMs: read.HOLDFAST_SWEEP_SECONDS * 1_000,
    otlpPort: read.HOLDFAST_OTLP_PORT,
    gcpWebhookToken: read.HOLDFAST_GCP_WEBHOOK_TOKEN,
    model: read.MODEL === 'none' ? null : modelLimits(read),
    isModelRequired: read.REQUIRE_MODEL,
    promptFile: read.SRE_PROMPT_PATH,
  };
}

/** Reads the settings of the worker. Throws like `readApiConfig`. */
export function readWorkerConfig(env: Environment): WorkerConfig {
  const read = parse(workerSchema, env);
  return {
    ...processConfig(read),
    servicesFile: read.HOLDFAST_SERVICES,
    grantPublicKeyFile: read.HOLDFAST_GRANT_PUBLIC_KEY_FILE,
    workflowBundle: read.HOLDFAST_WORKFLOW_BUNDLE,
    model: read.MODEL === 'none' ? null : modelConfig(read),
  };
}

/** Reads how Temporal is reached. Throws like `readApiConfig`. */
export function readTemporalConfig(env: Environment): TemporalConfig {
  const read = parse(temporalSchema, env);
  return {
    address: read.TEMPORAL_ADDRESS,
    namespace: read.TEMPORAL_NAMESPACE,
    access: temporalAccess(read),
  };
}

/** Reads which model reasons, null for none, and whether there has to be one. Throws like `readApiConfig`. */
export function readModelConfig(env: Environment): {
  readonly model: ModelConfig | null;
  readonly isRequired: boolean;
} {
  const read = parse(modelSchema, env);
  const model = read.MODEL === 'none' ? null : modelConfig(read);
  return { model, isRequired: read.REQUIRE_MODEL };
}

/** TLS is on with what needs it, or when asked for. Off with an API key would send the key for everyone to read. */
function temporalAccess(read: TemporalSettings): TemporalAccess {
  const tls = {
    clientCertFile: read.TEMPORAL_TLS_CLIENT_CERT_PATH,
    clientKeyFile: read.TEMPORAL_TLS_CLIENT_KEY_PATH,
    serverCaFile: read.TEMPORAL_TLS_SERVER_CA_CERT_PATH,
    serverName: read.TEMPORAL_TLS_SERVER_NAME,
  };
  if ((tls.clientCertFile === undefined) !== (tls.clientKeyFile === undefined)) {
    throw invalidConfig([
      'TEMPORAL_TLS_CLIENT_CERT_PATH and TEMPORAL_TLS_CLIENT_KEY_PATH belong together: set both, or neither',
    ]);
  }
  const apiKey = read.TEMPORAL_API_KEY;
  const needing = [apiKey, ...Object.values(tls)].some((one) => one !== undefined);
  if (read.TEMPORAL_TLS === false && needing) {
    throw invalidConfig([
      'TEMPORAL_TLS is "false" while TEMPORAL_API_KEY or another TEMPORAL_TLS_... is set: leave one of them out',
    ]);
  }
  return { apiKey, tls: (read.TEMPORAL_TLS ?? needing) ? tls : null };
}

function processConfig(read: ProcessSettings): ProcessConfig {
  return {
    databaseUrl: read.DATABASE_URL,
    databasePoolSize: read.DATABASE_POOL_SIZE,
    temporalAddress: read.TEMPORAL_ADDRESS,
    temporalNamespace: read.TEMPORAL_NAMESPACE,
    temporalAccess: temporalAccess(read),
    logLevel: read.LOG_LEVEL,
    stateDir: read.HOLDFAST_STATE_DIR,
    telemetryLimits: {
      maxAgeMs: read.HOLDFAST_OTLP_RETENTION_HOURS * 3_600_000,
      maxBytes: read.HOLDFAST_OTLP_MAX_MEGABYTES * 1_000_000,
    },
    google: read.HOLDFAST_TELEMETRY === 'google-cloud' ? googleConfig(read) : null,
    tracing: tracingConfig(read),
  };
}

function googleConfig(read: ProcessSettings): GoogleConfig {
  if (read.GOOGLE_CLOUD_PROJECT === undefined) {
    throw invalidConfig([
      'GOOGLE_CLOUD_PROJECT is missing, and HOLDFAST_TELEMETRY is "google-cloud": set it to the id of the project to look at',
    ]);
  }
  const table = read.HOLDFAST_BIGQUERY_TABLE;
  return {
    projectId: read.GOOGLE_CLOUD_PROJECT,
    endpoint: read.HOLDFAST_GOOGLE_ENDPOINT ?? null,
    metricPrefixes: read.HOLDFAST_GOOGLE_METRICS,
    warehouse:
      table === undefined
        ? null
        : {
            table,
            location: read.HOLDFAST_BIGQUERY_LOCATION,
            maxBytes: read.HOLDFAST_BIGQUERY_MAX_MEGABYTES * 1_000_000,
          },
  };
}

function tracingConfig(read: ProcessSettings): TracingConfig {
  const isExported =
    (read.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ?? read.OTEL_EXPORTER_OTLP_ENDPOINT) !== undefined;
  if (read.OTEL_SDK_DISABLED || !(isExported || read.HOLDFAST_TRACE_AGENT)) return null;
  return {
    isExported,
    capturesContent: read.OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT,
    agent: read.HOLDFAST_TRACE_AGENT ? agentConfig(read) : null,
  };
}

function agentConfig({ GOOGLE_CLOUD_PROJECT, HOLDFAST_GOOGLE_ENDPOINT }: ProcessSettings) {
  if (GOOGLE_CLOUD_PROJECT !== undefined) {
    return { projectId: GOOGLE_CLOUD_PROJECT, url: HOLDFAST_GOOGLE_ENDPOINT ?? null };
  }
  throw invalidConfig([
    'HOLDFAST_TRACE_AGENT is "true" and GOOGLE_CLOUD_PROJECT is missing: ' +
      'set it to the project whose Cloud Trace takes the spans, or leave HOLDFAST_TRACE_AGENT out',
  ]);
}

function parse<Schema extends z.ZodType>(schema: Schema, env: Environment): z.output<Schema> {
  const given: Record<string, string> = {};
  for (const [name, setting] of Object.entries<Setting>(settings)) {
    const value = env[name] || setting.default;
    if (value !== undefined) given[name] = value;
  }
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw invalidConfig(parsed.error.issues.map((issue) => describe(issue, given)));
}

function describe(issue: z.core.$ZodIssue, given: Readonly<Record<string, string>>): string {
  const name = String(issue.path[0]);
  const value = given[name];
  const setting: Setting | undefined = isSettingName(name) ? settings[name] : undefined;
  if (setting === undefined || !isSettingName(name)) return `${name} ${issue.message}`;
  if (value === undefined) {
    return `${name} is missing (${setting.description}): ${remedies[name] ?? 'set it'}`;
  }
  const shown = setting.isSecret === true ? 'set' : `"${value.slice(0, 200)}"`;
  const remedy =
    setting.default === undefined
      ? 'correct it'
      : `correct it, or leave it out for ${setting.default}`;
  return `${name} is ${shown}: it ${issue.message}; ${remedy}`;
}

function isSettingName(name: string): name is SettingName {
  return Object.hasOwn(settings, name);
}
