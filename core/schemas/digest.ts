import { z } from './z.ts';
import { faultKindSchema } from './fault-kind.ts';
import { entitySchema, onsetSchema } from './primitives.ts';

/**
 * What is measured about an entity. `own-error` counts errors that arise in the entity itself, not those handed up from what it calls;
 * `self-time` is time spent in the entity and not in what it calls; an `omission` is the share of requests in which a step (own work or a call) that they had before is missing; `edge-*` describe the calls from `entity` to `peer` as the caller sees
 * them, `edge-fan-out` how many there are for each request to `entity`, `edge-gap` what of their duration the peer does not account for; `log-*` are about one template; a `condition` is what a platform says is wrong, an `alert` that monitors of the entity went off.
 */
export const aspectSchema = z.enum([
  'error-ratio',
  'own-error',
  'duration',
  'self-time',
  'omission',
  'traffic',
  'edge-duration',
  'edge-error',
  'edge-traffic',
  'edge-fan-out',
  'edge-gap',
  'cpu',
  'memory',
  'disk',
  'connections',
  'event-loop',
  'restarts',
  'other-metric',
  'log-new',
  'log-vanished',
  'log-rate',
  'condition',
  'alert',
]);
export type Aspect = z.infer<typeof aspectSchema>;

/**
 * One measured difference between baseline and the suspected window. `before` and `after` are in `unit` (OpenTelemetry unit codes: `1` for a
 * ratio, `ms`, `{request}/s`, `By`); `score` is a robust tail score (0 = as before, 3 = clearly out, unbounded) and `support` the number of
 * raw samples behind `after`. `name` is the metric, operation or template.
 */
export const observationSchema = z.object({
  entity: entitySchema,
  peer: entitySchema.optional(),
  aspect: aspectSchema,
  name: z.string().max(120),
  direction: z.enum(['up', 'down']),
  before: z.number(),
  after: z.number(),
  unit: z.string().max(24),
  score: z.number().min(0),
  support: z.int().min(0),
  onset: onsetSchema.optional(),
  /** The fault that a `condition` names. */
  faultKind: faultKindSchema.optional(),
});
export type Observation = z.infer<typeof observationSchema>;

/** A dependency caller → callee seen in the telemetry; `calls` is the number of calls seen. */
export const dependencySchema = z.object({
  from: entitySchema,
  to: entitySchema,
  calls: z.int().min(0),
});
export type Dependency = z.infer<typeof dependencySchema>;

/**
 * How well a change accounts for what is out of the ordinary: `score` in [0, 1], the services that suffer and that it reaches, when it took effect, and why so, in a
 * sentence.
 */
export const changeMatchSchema = z.object({
  score: z.number().min(0).max(1),
  services: z.array(z.string().max(120)).max(6),
  at: z.number(),
  because: z.string().max(300),
});

/** A change as a digest names it; `touches` are the configuration keys or file stems that its diff names (at most 6). */
export const changeDigestSchema = z.object({
  id: z.string().max(120),
  kind: z.enum(['deploy', 'config', 'flag', 'scale', 'commit', 'schema', 'infrastructure']),
  at: z.number(),
  service: z.string().max(120).optional(),
  revision: z.string().max(120).optional(),
  title: z.string().max(160).optional(),
  touches: z.array(z.string().max(60)).max(6).default([]),
  match: changeMatchSchema.optional(),
});
export type ChangeDigest = z.infer<typeof changeDigestSchema>;

/** What a telemetry kind holds in the window. `rows` 0 means looked and found nothing; a kind not listed was not there at all. */
export const coverageSchema = z.object({
  kind: z.string().max(20),
  rows: z.int().min(0),
  firstAt: z.number().optional(),
  lastAt: z.number().optional(),
  services: z.array(z.string().max(120)).max(100).default([]),
  problem: z.string().max(200).optional(),
});
export type Coverage = z.infer<typeof coverageSchema>;

/**
 * The typed summary of one tool call: what policies reason from, at most 64 KB as JSON, and what goes through history and to models, the first 2 KB of it. The
 * strongest observations come first.
 */
export const digestSchema = z.object({
  tool: z.string(),
  observations: z.array(observationSchema).max(120).default([]),
  dependencies: z.array(dependencySchema).max(400).default([]),
  changes: z.array(changeDigestSchema).max(100).default([]),
  coverage: z.array(coverageSchema).max(10).default([]),
  /** Short facts for people and models: exemplar log lines, revision strings. Never parsed by code. */
  notes: z.array(z.string().max(240)).max(6).default([]),
  /** What was left out because of a limit, in words; absent when nothing was. */
  truncated: z.string().max(200).optional(),
});
export type Digest = z.infer<typeof digestSchema>;

/** The largest digest that may enter history, in bytes of JSON. */
export const maxDigestBytes = 2_048;
/** The largest digest that is kept for the steps that follow, in bytes of JSON. */
export const maxKeptDigestBytes = 65_536;
