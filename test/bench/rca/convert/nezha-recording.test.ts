import { describe, expect, test } from '@jest/globals';
import {
  faultsOf,
  relationsOf,
  serviceOfPod,
  windowOfMinute,
} from '../../../../bench/rca/convert/nezha-recording.ts';

describe('faultsOf', () => {
  test('takes the injection time as UTC, whatever the epoch beside it says, in order of time', () => {
    const fault = (time: string, pod: string) => ({
      inject_time: time,
      inject_timestamp: '1674953526',
      inject_pod: pod,
      inject_type: 'return',
    });
    const text = JSON.stringify({
      '09': [fault('2023-01-29 09:03:53', 'b-1-x')],
      '08': [fault('2023-01-29 08:52:06', 'a-1-x')],
    });
    expect(faultsOf(text)).toEqual([
      { at: Date.parse('2023-01-29T08:52:06Z'), pod: 'a-1-x', type: 'return' },
      { at: Date.parse('2023-01-29T09:03:53Z'), pod: 'b-1-x', type: 'return' },
    ]);
  });
});

test('a minute ends in the minute that names its file', () => {
  expect(windowOfMinute('2022-08-23', '17_00_trace.csv.gz', 28)).toEqual({
    startAt: Date.parse('2022-08-23T16:59:28Z'),
    endAt: Date.parse('2022-08-23T17:00:28Z'),
  });
});

test('a pod belongs to the service before its replica set', () => {
  expect(serviceOfPod('some-long-service-5dc8d4f9fd-46997')).toBe('some-long-service');
});

test('an address as callee is the node that a service runs on', () => {
  expect(relationsOf('Source,Target,Weight\nshop,cart,1\ncart,10.0.0.7,1\n')).toEqual([
    { from: 'shop', to: 'cart' },
    { from: 'cart', to: '10.0.0.7', kind: 'runs-on', to_kind: 'node' },
  ]);
});
