import { availableParallelism } from 'node:os';

const common = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
        module: { type: 'es6' },
      },
    ],
  },
  injectGlobals: false,
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.holdfast/'],
};

/** One PostgreSQL server for all files of a run that need one. */
const server = {
  globalSetup: '<rootDir>/test/support/global-setup.ts',
  globalTeardown: '<rootDir>/test/support/global-teardown.ts',
};

export default {
  projects: [
    {
      ...common,
      displayName: 'unit',
      testMatch: ['<rootDir>/test/{core,agents,tools,config,workflows,web}/**/*.test.ts'],
    },
    {
      ...common,
      ...server,
      displayName: 'parts',
      testMatch: ['<rootDir>/test/{activities,api,cli,store,integrations,examples}/**/*.test.ts'],
    },
    {
      ...common,
      displayName: 'house',
      testMatch: ['<rootDir>/test/{bench,house,docs,scripts,temporal-docker}/**/*.test.ts'],
    },
    {
      ...common,
      ...server,
      displayName: 'durable',
      testMatch: ['<rootDir>/test/{durable,replay}/**/*.test.ts'],
    },
    {
      ...common,
      ...server,
      displayName: 'web',
      testMatch: ['<rootDir>/test/browser/**/*.test.ts'],
    },
  ],
  workerIdleMemoryLimit: '800MB',
  /** Three at least: much of what the tests do is to wait for processes of their own. Each worker has a Temporal server, so not many. */
  maxWorkers: Math.min(4, Math.max(3, availableParallelism() - 1)),
  /** Machines are small and busy: a test that hangs is found out later rather than a slow one too soon. */
  testTimeout: 120_000,
};
