import { describe, expect, test } from '@jest/globals';
import type { GoogleClients } from '../../../integrations/google/clients.ts';
import { readMetricTypes } from '../../../integrations/google/read-metrics.ts';

/** Reads the types of a project that has so many of them under each prefix. */
async function typesOf(
  counts: Readonly<Record<string, number>>,
): ReturnType<typeof readMetricTypes> {
  const all = Object.entries(counts).flatMap(([prefix, count]) =>
    Array.from({ length: count }, (_, index) => ({ type: `${prefix}${index}`, labels: [] })),
  );
  const listMetricDescriptors = ({ filter }: { readonly filter: string }) => {
    const [, prefix = ''] = /starts_with\("(.*)"\)/.exec(filter) ?? [];
    return Promise.resolve([all.filter(({ type }) => type.startsWith(prefix)), null, {}]);
  };
  const metrics = () => Promise.resolve({ listMetricDescriptors });
  const clients = { deadlineMs: 5_000, metrics } as unknown as GoogleClients;
  const { signal } = new AbortController();
  return readMetricTypes(
    { clients, projectId: 'kit', metricPrefixes: Object.keys(counts) },
    signal,
  );
}

async function shares(counts: Readonly<Record<string, number>>): Promise<readonly number[]> {
  const { rows } = await typesOf(counts);
  return Object.keys(counts).map(
    (prefix) => rows.filter(({ type }) => type.startsWith(prefix)).length,
  );
}

describe('the types that are looked at', () => {
  test('are all of them where they are 300 at most', async () => {
    const { rows, left } = await typesOf({ 'a/': 200, 'b/': 100 });
    expect(rows).toHaveLength(300);
    expect(left).toBeNull();
  });

  test('are shared among the prefixes, and what is left out is said', async () => {
    expect(await shares({ 'a/': 299, 'b/': 20, 'c/': 300 })).toEqual([140, 20, 140]);
    const { rows, left } = await typesOf({ 'a/': 299, 'b/': 20, 'c/': 300 });
    expect(rows).toHaveLength(300);
    expect(left).toBe('319 of 619 metric types not read: 159 of a/, 160 of c/');
  });

  test('are told to be cut also where one prefix has more than 300', async () => {
    const { left } = await typesOf({ 'a/': 900 });
    expect(left).toBe('600 of 900 metric types not read: 600 of a/');
  });

  test('count once where prefixes overlap', async () => {
    const { rows, left } = await typesOf({ 'custom/': 0, 'custom/own/': 5 });
    expect(rows).toHaveLength(5);
    expect(left).toBeNull();
  });
});
