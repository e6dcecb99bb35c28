import { z } from '../../core/schemas/z.ts';

/** The keys of the Compose format that are used, each of the form that Compose takes; any other key is refused. */
const text = z.string().min(1);
const duration = z.string().regex(/^\d+(ms|s|m|h)$/);
const condition = z.enum(['service_started', 'service_healthy', 'service_completed_successfully']);

const serviceSchema = z.strictObject({
  image: z.string().regex(/^[a-z0-9/-]+:\d[\w.-]*$/, 'must be pinned'),
  restart: z.string().regex(/^(unless-stopped|always|on-failure:\d+)$/),
  depends_on: z.record(text, z.strictObject({ condition })).optional(),
  environment: z.record(text, z.string()),
  ports: z.array(z.string().regex(/^[\d.]+:\d+:\d+$/, 'must be ADDRESS:PORT:PORT')).optional(),
  volumes: z.array(z.string().regex(/^[^:]+:\/[^:]+(:ro)?$/)).optional(),
  entrypoint: z.array(text).optional(),
  healthcheck: z
    .strictObject({
      test: z.union([
        z.tuple([z.literal('CMD-SHELL'), text]),
        z.tuple([z.literal('CMD'), text], text),
      ]),
      interval: duration,
      timeout: duration,
      retries: z.int().positive(),
    })
    .optional(),
  stop_grace_period: duration.optional(),
});

export const composeSchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9_-]*$/),
  services: z.record(text, serviceSchema),
  volumes: z.record(text, z.null()),
});

export type Compose = z.infer<typeof composeSchema>;
export type Service = z.infer<typeof serviceSchema>;

/** How dynamic configuration is written for the Temporal server. */
export const dynamicConfigSchema = z.record(
  text,
  z.tuple([z.strictObject({ value: z.union([z.boolean(), z.number(), z.string()]) })]),
);
