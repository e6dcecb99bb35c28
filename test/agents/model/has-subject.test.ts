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
    ...['check-coverage', 'check-coverage'],
    ...['cluster-logs', 'read-log-lines', 'check-coverage'],
    ...['read-ops', 'check-coverage'],
  ]);
});

test('every tool may have something to show where nobody could find out what there is', () => {
  const brief = { coverage: [rows('coverage', 0)], opsServices: [] };
  expect(tools.filter((name) => !hasSubject(catalogue[name] ?? {}, brief))).toEqual(['read-ops']);
});

test('only what is asked in a language of its own is asked in one', () => {
  const cloud = ['query-cloud-metrics', 'query-cloud-logs'];
  const offered = (coverage: readonly ReturnType<typeof rows>[]): readonly string[] =>
    cloud.filter((name) =>
      hasSubject(catalogue[name] ?? {}, { coverage: [...coverage], opsServices: [] }),
    );
  expect(offered([rows('logs', 3), rows('metrics', 3)])).toEqual([]);
  expect(offered([rows('logs', 3), rows('query-languages', 2)])).toEqual(cloud);
});
