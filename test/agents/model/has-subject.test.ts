import { expect, test } from '@jest/globals';
import { hasSubject } from '../../../agents/model/has-subject.ts';
import { roster } from '../../../agents/roster.ts';
import { catalogue } from '../../../tools/catalogue.ts';

const specialists = [roster.aggregation, roster.trace, roster.log, roster.change];
const tools = specialists.flatMap((one): readonly string[] => one.tools);
const rows = (kind: string, count: number) => ({ kind, rows: count, services: [] });

test('a tool has something to show where its telemetry has rows', () => {
  const brief = { coverage: [rows('logs', 3), rows('traces', 0)], opsServices: ['checkout'] };
  expect(tools.filter((name) => hasSubject(catalogue[name] ?? {}, brief))).toEqual([
    ...['query-cloud-metrics', 'check-coverage', 'check-coverage'],
    ...['cluster-logs', 'read-log-lines', 'query-cloud-logs', 'check-coverage'],
    ...['read-ops', 'check-coverage'],
  ]);
});

test('every tool may have something to show where nobody could find out what there is', () => {
  const brief = { coverage: [rows('coverage', 0)], opsServices: [] };
  expect(tools.filter((name) => !hasSubject(catalogue[name] ?? {}, brief))).toEqual(['read-ops']);
});
