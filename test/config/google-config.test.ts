import { expect, test } from '@jest/globals';
import { readWorkerConfig } from '../../config/read-config.ts';

const worker = {
  DATABASE_URL: 'postgres://holdfast:hunter2@127.0.0.1:5432/holdfast',
  HOLDFAST_GRANT_PUBLIC_KEY_FILE: '/keys/grant-public.pem',
};
const project = { GOOGLE_CLOUD_PROJECT: 'shop-prod' };

test('a project id alone turns nothing on', () => {
  expect(readWorkerConfig({ ...worker, ...project }).google).toBeNull();
});

test('Google Cloud is looked at when told so, without a warehouse unless there is a table', () => {
  const config = readWorkerConfig({ ...worker, ...project, HOLDFAST_TELEMETRY: 'google-cloud' });
  expect(config.google).toMatchObject({ projectId: 'shop-prod', endpoint: null, warehouse: null });
  expect(config.google?.metricPrefixes).toContain('workload.googleapis.com/');
});

test('the warehouse is a table and the most that a query may read', () => {
  const config = readWorkerConfig({
    ...{ ...worker, ...project, HOLDFAST_TELEMETRY: 'google-cloud' },
    ...{ HOLDFAST_BIGQUERY_TABLE: 'telemetry.samples', HOLDFAST_BIGQUERY_MAX_MEGABYTES: '5' },
  });
  expect(config.google?.warehouse).toEqual({
    table: 'telemetry.samples',
    location: 'US',
    maxBytes: 5_000_000,
  });
});

test.each([
  [{ HOLDFAST_TELEMETRY: 'google-cloud' }, 'GOOGLE_CLOUD_PROJECT is missing'],
  [{ HOLDFAST_TELEMETRY: 'aws' }, 'must be one of received, google-cloud'],
  [{ HOLDFAST_BIGQUERY_TABLE: 'samples; DROP' }, 'must be dataset.table'],
])('refuses %j', (given, says) => {
  expect(() => readWorkerConfig({ ...worker, ...given })).toThrow(says);
});
