import fc from 'fast-check';
import type { ObservedCall } from '../../../core/ports/policy.ts';
import { briefSchema } from '../../../core/schemas/brief.ts';
import type { Brief } from '../../../core/schemas/brief.ts';
import { aspectSchema, digestSchema } from '../../../core/schemas/digest.ts';
import { errorRegistry } from '../../../core/errors.ts';
import { entityKindSchema } from '../../../core/schemas/primitives.ts';
import { roleSchema } from '../../../core/schemas/roles.ts';

/** Anything that the schemas let through: sensible, absurd and hostile digests and briefs. */

const name = fc.oneof(
  fc.constantFrom('a', 'b', 'c', 'd'),
  fc.constantFrom('__proto__', 'constructor', '“a”', '<script>', '| a |', '\u202Ea', '🜨'),
  fc.string({ minLength: 1, maxLength: 200 }),
);
const entity = fc.record({ kind: fc.constantFrom(...entityKindSchema.options), name });
const number = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(0, -0, 1, 0.5, -1, 1e308, -1e308, 5e-324),
);
const instant = fc.oneof(fc.integer({ min: 0, max: 600_000 }), number);
const onset = fc.record({ earliestAt: instant, latestAt: instant });
const observation = fc.record(
  {
    entity,
    peer: entity,
    aspect: fc.constantFrom(...aspectSchema.options),
    name: fc.oneof(fc.string({ maxLength: 120 }), fc.constant('all operations')),
    direction: fc.constantFrom('up', 'down'),
    before: number,
    after: number,
    unit: fc.oneof(
      fc.constantFrom('ms', 's', '1', 'By', '{request}/s', ''),
      fc.string({ maxLength: 24 }),
    ),
    score: fc.oneof(fc.double({ min: 0, max: 50, noNaN: true }), fc.constantFrom(0, 3, 1e308)),
    support: fc.nat(1_000),
    onset,
  },
  {
    requiredKeys: [
      'entity',
      'aspect',
      'name',
      'direction',
      'before',
      'after',
      'unit',
      'score',
      'support',
    ],
  },
);
const change = fc.record(
  {
    id: fc.oneof(fc.constantFrom('x-1', 'x-2'), fc.string({ maxLength: 120 })),
    kind: fc.constantFrom(
      'deploy',
      'config',
      'flag',
      'scale',
      'commit',
      'schema',
      'infrastructure',
    ),
    at: instant,
    service: fc.oneof(fc.constantFrom('a', 'b'), fc.string({ maxLength: 120 })),
    title: fc.string({ maxLength: 160 }),
    touches: fc.array(fc.string({ maxLength: 60 }), { maxLength: 6 }),
    match: fc.record({
      score: fc.double({ min: 0, max: 1, noNaN: true }),
      services: fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 2 }),
      at: instant,
      because: fc.string({ maxLength: 300 }),
    }),
  },
  { requiredKeys: ['id', 'kind', 'at'] },
);
const tool = fc.constantFrom(
  ...['scan-metrics', 'inspect-metrics', 'compare-traces', 'inspect-spans', 'cluster-logs'],
  ...['read-log-lines', 'list-changes', 'inspect-change', 'match-changes', 'toString'],
);
const coverage = fc.record({
  kind: fc.constantFrom('metrics', 'traces', 'logs', 'changes', 'coverage', 'other'),
  rows: fc.nat(3),
  services: fc.array(fc.string({ maxLength: 120 }), { maxLength: 3 }),
});
const evidenceId = fc.nat(40).map((index) => `ev-${index.toString(16).padStart(16, '0')}`);

const answered = fc
  .record({
    tool,
    evidenceIds: fc.array(evidenceId, { maxLength: 8 }),
    observations: fc.array(observation, { maxLength: 12 }),
    dependencies: fc.array(fc.record({ from: entity, to: entity, calls: fc.nat(500) }), {
      maxLength: 12,
    }),
    changes: fc.array(change, { maxLength: 4 }),
  })
  .map(({ tool: name, evidenceIds, ...rest }) => ({
    ok: true as const,
    tool: name,
    evidenceIds,
    digest: digestSchema.parse({ tool: name, ...rest }),
  }));
const failed = fc.record({
  ok: fc.constant(false as const),
  tool,
  code: fc.oneof(fc.constantFrom(...Object.keys(errorRegistry)), fc.string({ maxLength: 40 })),
  message: fc.string({ maxLength: 500 }),
});

/** An answered or failed call by any role. */
export const observedCall: fc.Arbitrary<ObservedCall> = fc
  .record({
    observed: fc.oneof({ weight: 4, arbitrary: answered }, { weight: 1, arbitrary: failed }),
    input: fc.oneof(
      fc.constant({}),
      fc.record({ service: fc.constantFrom('a', 'b', '__proto__') }),
      fc.record({ id: fc.constantFrom('x-1', 'x-2') }),
      fc.constantFrom(null, 3, 'text', [1, 2]),
    ),
    role: fc.constantFrom(...roleSchema.options),
    round: fc.integer({ min: 1, max: 4 }),
  })
  .map(({ observed, input, role, round }) => ({
    observed,
    call: { tool: observed.tool, input, because: 'because' },
    role,
    round,
  }));

/** Any brief. */
export const brief: fc.Arbitrary<Brief> = fc
  .record({
    suspected: onset,
    window: fc.record({ startAt: instant, endAt: instant }),
    symptomatic: fc.boolean(),
    entity: fc.option(entity),
    services: fc.array(fc.string({ maxLength: 120 }), { maxLength: 4 }),
    coverage: fc.array(coverage, { maxLength: 6 }),
    startedAt: fc.option(fc.constantFrom('2030-01-07T09:00:00Z', '2030-01-07T09:00:00+08:00')),
  })
  .map(({ startedAt, ...rest }) =>
    briefSchema.parse({
      investigationId: 'inv-any-0001',
      question: null,
      alert: { title: 'Something hurts', ...(startedAt === null ? {} : { startedAt }) },
      opsServices: [],
      ...rest,
    }),
  );
