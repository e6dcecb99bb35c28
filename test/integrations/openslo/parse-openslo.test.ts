import { describe, expect, test } from '@jest/globals';
import { parseOpenSlo } from '../../../integrations/openslo/parse-openslo.ts';

const availability = `apiVersion: openslo/v1
kind: SLO
metadata:
  name: gateway-availability
  displayName: Orders answered
spec:
  description: The share of orders that customers get an answer to.
  service: gateway
  indicator:
    metadata:
      name: gateway-good-requests
    spec:
      ratioMetric:
        counter: true
        good:
          metricSource:
            type: holdfast
            spec: { metric: shop.requests, service: gateway, attributes: { outcome: good } }
        total:
          metricSource:
            type: holdfast
            spec: { metric: shop.requests, service: gateway }
  timeWindow:
    - duration: 30d
      isRolling: true
  budgetingMethod: Occurrences
  objectives:
    - displayName: Answered
      target: 0.999
`;

const replaced = (from: string | RegExp, to: string): string => {
  const text = availability.replace(from, to);
  expect(text).not.toBe(availability);
  return text;
};

describe('parseOpenSlo', () => {
  test('reads a ratio of good to all events into one objective with one budget', () => {
    expect(parseOpenSlo(availability, 'slo.yaml')).toEqual([
      {
        name: 'gateway-availability',
        service: 'gateway',
        objective: 0.999,
        windowDays: 30,
        sli: {
          kind: 'ratio',
          counts: 'good',
          counted: { metric: 'shop.requests', service: 'gateway', attributes: { outcome: 'good' } },
          total: { metric: 'shop.requests', service: 'gateway', attributes: {} },
        },
      },
    ]);
  });

  test('reads bad events, percent, weeks and several documents', () => {
    const other = replaced('good:', 'bad:')
      .replace('target: 0.999', 'targetPercent: 99.5')
      .replace('30d', '4w')
      .replace('name: gateway-availability', 'name: gateway-failures');
    const slos = parseOpenSlo(`${availability}---\n${other}`, 'slo.yaml');
    expect(slos).toHaveLength(2);
    expect(slos[1]).toMatchObject({
      name: 'gateway-failures',
      objective: 0.995,
      windowDays: 28,
      sli: { counts: 'bad' },
    });
  });

  test('AS-22 reads a threshold with its comparison and value', () => {
    const [slo] = parseOpenSlo(
      replaced(
        /ratioMetric:[^]*timeWindow/,
        `thresholdMetric:
        metricSource:
          type: holdfast
          spec: { metric: http.server.request.duration, statistic: p95 }
  timeWindow`,
      ).replace('target: 0.999', 'target: 0.99\n      op: lte\n      value: 0.5'),
      'slo.yaml',
    );
    expect(slo?.sli).toEqual({
      kind: 'threshold',
      measured: { metric: 'http.server.request.duration', statistic: 'p95', attributes: {} },
      comparison: 'lte',
      threshold: 0.5,
    });
  });

  test.each<[string, () => string, string]>([
    [
      'another kind',
      () => replaced('kind: SLO', 'kind: Service'),
      'slo.yaml:2: kind: must be "SLO"',
    ],
    ['another version', () => replaced('/v1', '/v2alpha'), 'slo.yaml:1: apiVersion: must be'],
    [
      'a source that cannot be read',
      () => replaced('holdfast', 'Prometheus'),
      'slo.yaml:17: spec.indicator.spec.ratioMetric.good.metricSource.type: must be "holdfast"',
    ],
    [
      'a reference to an indicator',
      () => replaced('  service: gateway\n', '  service: gateway\n  indicatorRef: other\n'),
      'slo.yaml:9: spec.indicatorRef: is not supported',
    ],
    [
      'time slices',
      () => replaced('Occurrences', 'Timeslices'),
      'slo.yaml:26: spec.budgetingMethod: must be "Occurrences"',
    ],
    [
      'a calendar window',
      () => replaced('isRolling: true', 'isRolling: false'),
      'slo.yaml:25: spec.timeWindow[0].isRolling: must be true',
    ],
    [
      'a window in months',
      () => replaced('30d', '1M'),
      'slo.yaml:24: spec.timeWindow[0].duration: must be whole days or weeks',
    ],
    [
      'a window too short for burn rates',
      () => replaced('30d', '1d'),
      'slo.yaml:24: spec.timeWindow[0].duration',
    ],
    ['an objective of everything', () => replaced('0.999', '1'), 'slo.yaml:28: spec.objectives[0]'],
    [
      'no objective',
      () =>
        replaced('target: 0.999', 'displayName: none').replace(
          '- displayName: Answered\n      ',
          '- ',
        ),
      'slo.yaml:28: spec.objectives[0]: needs exactly one of "target"',
    ],
    [
      'two objectives',
      () => `${availability}    - target: 0.9\n`,
      'slo.yaml:28: spec.objectives: must hold exactly one',
    ],
    [
      'good and bad together',
      () =>
        replaced(
          '        good:',
          '        bad: { metricSource: { type: holdfast, spec: { metric: x } } }\n        good:',
        ),
      'slo.yaml:14: spec.indicator.spec.ratioMetric: needs exactly one',
    ],
    [
      'an unknown field',
      () => replaced('service: gateway\n  ind', 'service: gateway\n  owner: me\n  ind'),
      'slo.yaml:7: spec: Unrecognized key: "owner"',
    ],
    [
      'alert policies',
      () => `${availability}  alertPolicies: [page]\n`,
      'slo.yaml:30: spec.alertPolicies[0]: is not supported',
    ],
    [
      'a comparison without a threshold',
      () => `${availability}      op: lt\n`,
      'slo.yaml:30: spec.objectives[0].op: belongs to a thresholdMetric',
    ],
    [
      'a name that is no label',
      () => replaced('gateway-availability', 'Gateway Availability'),
      'slo.yaml:4: metadata.name',
    ],
    ['broken YAML', () => replaced('  name:', ' :name: ['), 'slo.yaml:'],
    [
      'one key twice',
      () => replaced('kind: SLO', 'kind: SLO\nkind: SLO'),
      'slo.yaml:3: Map keys must be unique',
    ],
    [
      'one name twice',
      () => `${availability}---\n${availability}`,
      'slo.yaml: metadata.name: "gateway-availability" stands twice',
    ],
    ['an empty file', () => '', 'slo.yaml: holds no document'],
    ['a list', () => '- 1', 'slo.yaml:1: '],
  ])('refuses %s and names file, line and field', (_what, text, message) => {
    expect(() => parseOpenSlo(text(), 'slo.yaml')).toThrow(
      expect.objectContaining({
        code: 'invalid.slo',
        message: expect.stringMatching(new RegExp(`^${escape(message)}`)),
      }),
    );
  });

  test('refuses a file that unfolds without end', () => {
    const bomb = ['a: &a [x, x, x, x, x, x, x, x, x, x]']
      .concat(
        Array.from({ length: 8 }, (_unused, index) => {
          const [name, of] = ['bcdefghi'[index], 'abcdefgh'[index]];
          return `${name}: &${name} [${Array.from({ length: 10 }, () => `*${of}`).join(', ')}]`;
        }),
      )
      .join('\n');
    expect(() => parseOpenSlo(bomb, 'slo.yaml')).toThrow(
      expect.objectContaining({ code: 'invalid.slo' }),
    );
  });
});

function escape(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
