import { expect, test } from '@jest/globals';
import { programEnvironment } from '../../../scripts/stack/program-environment.ts';

const stack: Parameters<typeof programEnvironment>[1] = {
  stateDir: '/state',
  state: {
    ...{ version: 1, status: 'starting', keeper: '', parts: {}, apiUrl: '', error: null },
    ...{ databaseUrl: 'postgres://here', temporalAddress: '127.0.0.1:7233', temporalUiUrl: null },
  },
  tokenFile: '/state/tokens.json',
  keys: { privateKeyFile: '/state/private.pem', publicKeyFile: '/state/public.pem' },
};

test.each([
  'GOOGLE_APPLICATION_CREDENTIALS',
  'GOOGLE_CLOUD_PROJECT',
  'GOOGLE_CLOUD_QUOTA_PROJECT',
  'HOME',
  'CLOUDSDK_CONFIG',
  'METADATA_SERVER_DETECTION',
])('API and worker find credentials for Google Cloud by %s', (name) => {
  expect(programEnvironment({ [name]: 'given' }, stack)[name]).toBe('given');
});

test('nothing else of what a person has set comes that far', () => {
  const passed = programEnvironment({ SOME_SECRET: 'x', AWS_SECRET_ACCESS_KEY: 'x' }, stack);
  expect(Object.values(passed)).not.toContain('x');
});

test('where the parts of the stack are counts over what a person has set', () => {
  expect(programEnvironment({ DATABASE_URL: 'postgres://there' }, stack)['DATABASE_URL']).toBe(
    'postgres://here',
  );
});
