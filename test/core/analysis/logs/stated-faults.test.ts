import { expect, test } from '@jest/globals';
import type { TemplateCount } from '../../../../core/analysis/logs/log-tally.ts';
import { statedFaults } from '../../../../core/analysis/logs/stated-faults.ts';

const split = {
  baseline: [{ startAt: 0, endAt: 600_000 }],
  after: [{ startAt: 600_000, endAt: 900_000 }],
};

const lines = (body: string, more: Partial<TemplateCount> = {}): TemplateCount => ({
  template: body,
  service: 'shop',
  severity: 'error',
  before: 0,
  isBeforeKnown: true,
  after: 3,
  dispersion: 1,
  firstAt: 610_000,
  firstAfterAt: 610_000,
  exemplarsBefore: [],
  exemplarsAfter: [{ at: 610_000, body, traceId: null, row: 0 }],
  ...more,
});

test('what a service says in well-known words of several templates is one fault of it', () => {
  const said = [
    lines('Error: getaddrinfo ENOTFOUND ledger.prod.local', { after: 2 }),
    lines('unable to resolve ledger.prod.local; retrying', { severity: 'warn', after: 1 }),
  ];
  expect(statedFaults(said, split)).toMatchObject([
    { faultKind: 'dns-failure', entity: { name: 'shop' }, count: 3, firstAt: 610_000 },
  ]);
});

test('what a program dies of it says once, whenever that was', () => {
  const said = lines('required env var DSN is not set', { severity: 'fatal', before: 1, after: 0 });
  expect(statedFaults([{ ...said, firstAt: 90_000 }], split)).toMatchObject([
    { faultKind: 'bad-config', count: 1, firstAt: 90_000 },
  ]);
});

test.each([
  ['once or twice', lines('no space left on device', { after: 2 })],
  ['as often before', lines('no space left on device', { before: 3 })],
  ['only for information', lines('no space left on device', { severity: 'info' })],
  ['of somebody else', lines('connection refused')],
  ['of a login', lines('User "bob" does not exist', { severity: 'warn', after: 40 })],
  [
    'only for a warning',
    lines('environment variable "PROXY" is not set', { severity: 'warn', after: 40 }),
  ],
  ['under no name', lines('no space left on device', { service: null })],
])('what is said %s is none', (_what, said) => {
  expect(statedFaults([said], split)).toEqual([]);
});
