import { describe, expect, test } from '@jest/globals';
import { csv, jsonLines, jsonl, lines, readMetrics, readSpans, withFile } from './case-folder.ts';

const at = (time: string): number => Date.parse(`2026-11-20T${time}Z`);

describe('mapped names', () => {
  test('are read as ours, and what is left stays an attribute', async () => {
    const content = lines('ts,name,v,host,value', '2026-11-20T09:00:00Z,cpu,1,a,other');
    const mapping =
      'columns: { time: ts, metric: name, value: v, instance: host }, constants: { service: redis }';
    const { rows } = await withFile('metrics', { ...csv(content), mapping }, readMetrics);
    expect(rows).toMatchObject([
      {
        metric: 'cpu',
        values: [1],
        service: 'redis',
        instance: 'a',
        attributes: { value: 'other' },
      },
    ]);
  });

  test('may name the node, which is told as an attribute', async () => {
    const content = lines('time,metric,value,host', '2026-11-20T09:00:00Z,cpu,1,n1');
    const mapping = 'columns: { node: host }';
    const { rows } = await withFile('metrics', { ...csv(content), mapping }, readMetrics);
    expect(rows).toMatchObject([{ attributes: { node: 'n1' } }]);
  });

  test('let a constant fill only what is empty', async () => {
    const content = lines(
      'time,metric,value,service',
      '2026-11-20T09:00:00Z,a,1,shop',
      '2026-11-20T09:00:00Z,b,1,',
    );
    const mapping = 'constants: { service: redis, unit: "%" }';
    const { rows } = await withFile('metrics', { ...csv(content), mapping }, readMetrics);
    expect(rows.map(({ metric, service, unit }) => [metric, service, unit])).toEqual([
      ['a', 'shop', '%'],
      ['b', 'redis', '%'],
    ]);
  });

  test('that the header lacks are refused', async () => {
    const content = lines('time,metric,value', '2026-11-20T09:00:00Z,a,1');
    await expect(
      withFile('metrics', { ...csv(content), mapping: 'columns: { service: app }' }, readMetrics),
    ).rejects.toMatchObject({
      message: 'data.csv:1: app: is not in the header; the manifest maps service to it',
    });
  });
});

describe('mapped times', () => {
  const seconds = at('09:00:05') / 1_000;

  test.each([
    ['seconds', 's', `${seconds}`],
    ['seconds with a fraction', 's', `${seconds}.0`],
    ['seconds in scientific notation', 's', `${(seconds / 1e9).toFixed(9)}E9`],
    ['milliseconds', 'ms', `${seconds}000`],
    ['microseconds', 'us', `${seconds}000000`],
    ['nanoseconds', 'ns', `${seconds}000000000`],
    ['ISO 8601', 'iso', '2026-11-20T09:00:05Z'],
    ['the way Go prints them', 'iso', '2026-11-20 11:00:05.000000000 +0200 CEST m=+0.113'],
  ])('may be %s', async (_what, unit, time) => {
    const content = lines('t,metric,value', `${time},a,1`);
    const mapping = `time: { column: t, unit: ${unit} }`;
    const { rows } = await withFile('metrics', { ...csv(content), mapping }, readMetrics);
    expect(rows).toMatchObject([{ atMs: [at('09:00:05')] }]);
  });

  test.each([
    ['iso', '2026-11-20 17:00:05'],
    ['s', String(at('17:00:05') / 1_000)],
  ])('of unit %s may be local to an offset', async (unit, time) => {
    const content = jsonLines({ time, metric: 'a', value: 1 });
    const mapping = `time: { unit: ${unit}, offset: "+08:00" }`;
    const { rows } = await withFile('metrics', { ...jsonl(content), mapping }, readMetrics);
    expect(rows).toMatchObject([{ atMs: [at('09:00:05')] }]);
  });

  test('hold for start and end of spans', async () => {
    const content = lines('trace_id,span_id,from,end', `t,s,${seconds}000,${seconds}250`);
    const mapping = 'time: { column: from, unit: ms }';
    const { rows } = await withFile('traces', { ...csv(content), mapping }, readSpans);
    expect(rows).toMatchObject([{ startAt: at('09:00:05'), durationMs: 250 }]);
  });

  test.each([
    ['ms', 'soon', '"soon" is not a count of milliseconds since 1970'],
    ['s', '99999999999999', '"99999999999999" is not a count of seconds since 1970'],
  ])('of unit %s refuse %s', async (unit, time, says) => {
    const content = lines('time,metric,value', `${time},a,1`);
    await expect(
      withFile('metrics', { ...csv(content), mapping: `time: { unit: ${unit} }` }, readMetrics),
    ).rejects.toMatchObject({ message: `data.csv:2: time: ${says}` });
  });
});

describe('one column a metric', () => {
  test('gives a series for each column that holds numbers; the others are attributes', async () => {
    const content = lines(
      'Time,PodName,cpu(m),"it\'s mem",note,empty',
      '2026-11-20T09:00:00Z,shop-1,1.5,200,x,',
      '2026-11-20T09:00:01Z,shop-1,,201,x,',
    );
    const mapping = 'columns: { time: Time, instance: PodName }, layout: wide';
    const { rows } = await withFile('metrics', { ...csv(content), mapping }, readMetrics);
    expect(
      rows.map(({ metric, instance, values, attributes }) => [
        metric,
        instance,
        values,
        attributes,
      ]),
    ).toEqual([
      ['cpu(m)', 'shop-1', [1.5], { note: 'x' }],
      ["it's mem", 'shop-1', [200, 201], { note: 'x' }],
    ]);
  });

  test('refuses a word among numbers by file and line', async () => {
    const content = lines('time,cpu', '2026-11-20T09:00:00Z,1', '2026-11-20T09:00:01Z,lots');
    await expect(
      withFile('metrics', { ...csv(content), mapping: 'layout: wide' }, readMetrics),
    ).rejects.toMatchObject({ message: 'data.csv:3: value: "lots" is not a number' });
  });

  test('works for JSON lines', async () => {
    const content = jsonLines({
      time: '2026-11-20T09:00:00Z',
      service: 'a',
      cpu: 1,
      'x/y': '2',
      note: 'n',
    });
    const { rows } = await withFile(
      'metrics',
      { ...jsonl(content), mapping: 'layout: wide' },
      readMetrics,
    );
    expect(rows.map(({ metric, service, values }) => [metric, service, values])).toEqual([
      ['cpu', 'a', [1]],
      ['x/y', 'a', [2]],
    ]);
  });

  test('may have several header rows, and the row that pandas adds under them', async () => {
    const content = lines(
      'microservice,shop,shop,cart',
      'metric,latency,latency,latency',
      'statistic,Average,p90,p90',
      'unix_timestamp,,,',
      `${at('09:00:00') / 1_000}.0,0.1,0.2,`,
      `${at('09:00:01') / 1_000}.0,0.3,0.4,0.5`,
    );
    const mapping =
      'headers: [service, metric, statistic], time: { column: unix_timestamp, unit: s }';
    const { rows } = await withFile('metrics', { ...csv(content), mapping }, readMetrics);
    expect(
      rows.map(({ service, metric, statistic, values }) => [service, metric, statistic, values]),
    ).toEqual([
      ['cart', 'latency', 'p90', [0.5]],
      ['shop', 'latency', 'avg', [0.1, 0.3]],
      ['shop', 'latency', 'p90', [0.2, 0.4]],
    ]);
    const wrong = content.replace('0.3,0.4', '0.3,oops');
    await expect(
      withFile('metrics', { ...csv(wrong), mapping }, readMetrics),
    ).rejects.toMatchObject({ message: 'data.csv:6: value: "oops" is not a number' });
  });
});
