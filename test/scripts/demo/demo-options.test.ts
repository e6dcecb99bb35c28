import { expect, test } from '@jest/globals';
import { parseDemoOptions } from '../../../scripts/demo/demo-options.ts';

test.each(['case', 'google', 'google-cloud'] as const)('the demo reads from %s', (telemetry) => {
  expect(parseDemoOptions(['--telemetry', telemetry])).toMatchObject({ telemetry });
});

test('the demo reads the recording unless told', () => {
  expect(parseDemoOptions([])).toMatchObject({ telemetry: 'case', incident: 'bad-deploy' });
});

test('the demo says where it can read, when told another place', () => {
  expect(() => parseDemoOptions(['--telemetry', 'azure'])).toThrow('case, google, google-cloud');
});
