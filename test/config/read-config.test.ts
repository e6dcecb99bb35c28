import { describe, expect, test } from '@jest/globals';
import { readApiConfig, readTemporalConfig, readWorkerConfig } from '../../config/read-config.ts';
import type { Environment } from '../../config/read-config.ts';
import { isAppError } from '../../core/errors.ts';

const api: Environment = {
  DATABASE_URL: 'postgres://holdfast:hunter2@127.0.0.1:5432/holdfast',
  HOLDFAST_GRANT_PRIVATE_KEY_FILE: '/keys/grant-private.pem',
};
const worker: Environment = {
  DATABASE_URL: api['DATABASE_URL'],
  HOLDFAST_GRANT_PUBLIC_KEY_FILE: '/keys/grant-public.pem',
};

function refusal(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    if (isAppError(error) && error.code === 'invalid.config') return error.message;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('readApiConfig', () => {
  test('fills in defaults, with time in milliseconds', () => {
    expect(readApiConfig(api)).toMatchObject({
      host: '127.0.0.1',
      port: 8080,
      temporalAddress: '127.0.0.1:7233',
      temporalNamespace: 'default',
      caseFolders: ['examples/incidents'],
      approvalTtlMs: 1_800_000,
      grantTtlMs: 300_000,
      maxBudget: { rounds: 20, calls: 40, wallMs: 300_000 },
      tokensFile: undefined,
      otlpPort: 4318,
      telemetryLimits: { maxAgeMs: 86_400_000, maxBytes: 2_000_000_000 },
    });
  });

  test('takes an empty variable as absent', () => {
    expect(readApiConfig({ ...api, HOLDFAST_PORT: '', HOLDFAST_HOST: '' })).toMatchObject({
      host: '127.0.0.1',
      port: 8080,
    });
  });

  test.each([
    ['/a:/b/c', ['/a', '/b/c']],
    ['/a;/b:c', ['/a', '/b:c']],
    ['C:\\cases', ['C:\\cases']],
    ['/a:', ['/a']],
  ])('splits the case folders %s', (given, expected) => {
    expect(readApiConfig({ ...api, HOLDFAST_CASES: given }).caseFolders).toEqual(expected);
  });

  test('reads what is swept as pairs, and refuses half of one', () => {
    const given = { ...api, HOLDFAST_SLOS: 'a.yaml=/cases/a; b.yaml = /cases/b;' };
    expect(readApiConfig(given)).toMatchObject({
      sloTargets: [
        { file: 'a.yaml', folder: '/cases/a' },
        { file: 'b.yaml', folder: '/cases/b' },
      ],
      sweepEveryMs: 300_000,
    });
    expect(readApiConfig(api).sloTargets).toEqual([]);
    expect(refusal(() => readApiConfig({ ...api, HOLDFAST_SLOS: 'a.yaml' }))).toContain(
      'it must be FILE=CASE pairs separated by ";"',
    );
  });

  test('names a missing variable, what it is for and what to do', () => {
    expect(refusal(() => readApiConfig({ ...api, DATABASE_URL: undefined }))).toBe(
      'The configuration cannot be used: DATABASE_URL is missing (PostgreSQL, as `postgres://user:password@host:port/database`.): ' +
        'set it to postgres://user:password@host:port/database',
    );
  });

  test.each([
    [
      'HOLDFAST_PORT',
      '80a',
      'must be a whole number from 0 to 65535; correct it, or leave it out for 8080',
    ],
    ['HOLDFAST_PORT', '70000', 'must be a whole number from 0 to 65535'],
    ['HOLDFAST_HOST', 'http://x', 'must be a host name or an address'],
    ['TEMPORAL_ADDRESS', 'localhost', 'must be host:port'],
    ['TEMPORAL_UI_URL', 'localhost:8233', 'must be a URL that begins with http:// or https://'],
    ['HOLDFAST_MAX_ROUNDS', '0', 'must be a whole number from 1 to 20'],
    ['HOLDFAST_GRANT_TTL_SECONDS', '-1', 'must be a whole number from 10 to 3600'],
    ['LOG_LEVEL', 'loud', 'must be one of trace, debug'],
  ])('says of %s=%s that it %s', (name, value, says) => {
    const message = refusal(() => readApiConfig({ ...api, [name]: value }));
    expect(message).toContain(`${name} is "${value}": it ${says}`);
  });

  test('names every variable at fault at once', () => {
    const message = refusal(() => readApiConfig({ HOLDFAST_PORT: 'x', LOG_LEVEL: 'y' }));
    for (const name of [
      'HOLDFAST_PORT',
      'LOG_LEVEL',
      'DATABASE_URL',
      'HOLDFAST_GRANT_PRIVATE_KEY_FILE',
    ]) {
      expect(message).toContain(`- ${name} is`);
    }
  });

  test('never shows the value of a secret', () => {
    const message = refusal(() =>
      readApiConfig({ ...api, DATABASE_URL: 'mysql://root:hunter2@db/x' }),
    );
    expect(message).toContain('DATABASE_URL is set: it must be a URL that begins with postgres://');
    expect(message).not.toContain('hunter2');
  });

  test.each(['0.0.0.0', '::', '192.168.1.5', 'holdfast.example.com'])(
    'refuses to listen on %s without tokens',
    (host) => {
      expect(refusal(() => readApiConfig({ ...api, HOLDFAST_HOST: host }))).toContain(
        'beyond loopback, and HOLDFAST_TOKENS_FILE is missing',
      );
      const given = { ...api, HOLDFAST_HOST: host, HOLDFAST_TOKENS_FILE: '/tokens' };
      expect(readApiConfig(given).host).toBe(host);
    },
  );

  test.each(['127.0.0.1', '127.0.1.1', 'localhost', '::1', '[::1]'])(
    'listens on %s without tokens',
    (host) => {
      expect(readApiConfig({ ...api, HOLDFAST_HOST: host }).host).toBe(host);
    },
  );
});

describe('readWorkerConfig', () => {
  test('needs the public key and not the private one', () => {
    expect(readWorkerConfig(worker)).toMatchObject({
      grantPublicKeyFile: '/keys/grant-public.pem',
      servicesFile: undefined,
      workflowBundle: undefined,
    });
    expect(refusal(() => readWorkerConfig(api))).toContain(
      'HOLDFAST_GRANT_PUBLIC_KEY_FILE is missing',
    );
  });

  test('keeps snapshots of telemetry within the bounds of telemetry itself', () => {
    const given = { HOLDFAST_OTLP_RETENTION_HOURS: '2', HOLDFAST_OTLP_MAX_MEGABYTES: '16' };
    const telemetryLimits = { maxAgeMs: 7_200_000, maxBytes: 16_000_000 };
    expect(readWorkerConfig({ ...worker, ...given })).toMatchObject({ telemetryLimits });
    expect(readApiConfig({ ...api, ...given })).toMatchObject({ telemetryLimits });
  });
});

describe('tracing', () => {
  const traced = (env: Environment) => readWorkerConfig({ ...worker, ...env }).tracing;
  const collector = 'http://collector:4318';
  const agent = { HOLDFAST_TRACE_AGENT: 'true', GOOGLE_CLOUD_PROJECT: 'shop-1' };

  test('RT-104 is off unless an endpoint or the agent is asked for, and off when all is switched off', () => {
    expect(traced({})).toBeNull();
    expect(traced({ GOOGLE_CLOUD_PROJECT: 'shop-1' })).toBeNull();
    expect(traced({ OTEL_SERVICE_NAME: 'holdfast' })).toBeNull();
    const everything = { ...agent, OTEL_EXPORTER_OTLP_ENDPOINT: collector };
    expect(traced({ ...everything, OTEL_SDK_DISABLED: 'TRUE' })).toBeNull();
  });

  test.each([
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: collector }, { isExported: true, agent: null }],
    [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: collector }, { isExported: true, agent: null }],
    [agent, { isExported: false, agent: { projectId: 'shop-1', url: null } }],
  ])('is on with %j', (env, expected) => {
    expect(traced(env)).toEqual({ capturesContent: false, ...expected });
  });

  test('refuses the agent without a project', () => {
    expect(refusal(() => traced({ HOLDFAST_TRACE_AGENT: 'true' }))).toMatch(
      /GOOGLE_CLOUD_PROJECT is missing: set it/,
    );
  });
});

describe('readTemporalConfig', () => {
  const files = {
    TEMPORAL_TLS_CLIENT_CERT_PATH: '/c.pem',
    TEMPORAL_TLS_CLIENT_KEY_PATH: '/c.key',
  };

  test('needs neither key nor TLS on this machine', () => {
    expect(readTemporalConfig({})).toEqual({
      address: '127.0.0.1:7233',
      namespace: 'default',
      access: { apiKey: undefined, tls: null },
    });
  });

  test.each([
    [{ TEMPORAL_API_KEY: 'k' }],
    [files],
    [{ TEMPORAL_TLS: 'true' }],
    [{ TEMPORAL_TLS_SERVER_NAME: 'temporal.example' }],
  ])('speaks TLS with %j', (env) => {
    expect(readTemporalConfig(env).access.tls).not.toBeNull();
  });

  test('never sends a key for everyone to read, nor half of a certificate', () => {
    const open = { TEMPORAL_API_KEY: 'sec-ret', TEMPORAL_TLS: 'false' };
    const refused = refusal(() => readTemporalConfig(open));
    expect(refused).toMatch(/TEMPORAL_TLS is "false"/);
    expect(refused).not.toContain('sec-ret');
    const half = { ...files, TEMPORAL_TLS_CLIENT_KEY_PATH: '' };
    expect(refusal(() => readTemporalConfig(half))).toMatch(/belong together/);
  });
});

describe('the model', () => {
  const gemini = { ...worker, MODEL: 'gemini', GEMINI_API_KEY: 'a-key' };

  test('is none unless told, whatever project or key there is', () => {
    const keys = { GEMINI_API_KEY: 'a-key', GOOGLE_CLOUD_PROJECT: 'acme' };
    expect(readWorkerConfig({ ...worker, ...keys }).model).toBeNull();
    expect(readApiConfig({ ...api, ...keys }).model).toBeNull();
  });

  test('is Gemini by key or by Vertex AI, with what it may take', () => {
    expect(readWorkerConfig({ ...gemini, HOLDFAST_MODEL_PRICE: '0.3,2.5' }).model).toMatchObject({
      name: 'gemini-2.5-flash',
      access: { kind: 'key', apiKey: 'a-key' },
      timeoutMs: 30_000,
      price: { inputUsdMicros: 300_000, outputUsdMicros: 2_500_000 },
      hasSlimTools: true,
      isMasking: true,
      thinking: null,
    });
    const vertex = { GOOGLE_GENAI_USE_VERTEXAI: 'true', GOOGLE_CLOUD_PROJECT: 'acme' };
    expect(
      readWorkerConfig({
        ...gemini,
        ...vertex,
        GEMINI_THINKING: '-1',
        HOLDFAST_MASK: 'false',
        HOLDFAST_MODEL_SLIM_TOOLS: 'false',
      }).model,
    ).toMatchObject({
      access: { kind: 'vertex', project: 'acme', location: 'global' },
      thinking: { budgetTokens: -1 },
      hasSlimTools: false,
      isMasking: false,
    });
    const HOLDFAST_MASK_PATTERNS = ' ACME-\\d{6},?\n cust_[a-z]+ ';
    expect(readWorkerConfig({ ...gemini, HOLDFAST_MASK_PATTERNS }).model).toMatchObject({
      maskPatterns: ['ACME-\\d{6},?', 'cust_[a-z]+'],
    });
    expect(readApiConfig({ ...api, MODEL: 'gemini' }).model).toEqual({
      provider: 'gemini',
      name: 'gemini-2.5-flash',
      limits: { tokens: 400_000, usdMicros: 1_000_000, usdMicrosPerHour: 10_000_000 },
    });
  });

  test.each([
    [{ MODEL: 'gemini' }, 'GEMINI_API_KEY is missing'],
    [{ MODEL: 'gemini', GOOGLE_GENAI_USE_VERTEXAI: 'true' }, 'GOOGLE_CLOUD_PROJECT is missing'],
    [{ MODEL: 'gpt' }, 'MODEL is "gpt": it must be none or gemini'],
    [{ ...gemini, HOLDFAST_MODEL_PRICE: 'cheap' }, 'HOLDFAST_MODEL_PRICE is "cheap"'],
  ])('says what is missing or wrong: %j', (given, says) => {
    expect(refusal(() => readWorkerConfig({ ...worker, ...given }))).toContain(says);
  });
});
