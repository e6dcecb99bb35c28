import { z } from './z.ts';

/**
 * The closed list of the report contract. `bad-deploy` and `bad-config` say that a change did it; the others say what happens.
 */
export const faultKindSchema = z.enum([
  'cpu-saturation',
  'memory-exhaustion',
  'disk-full',
  'disk-io',
  'connection-exhaustion',
  'quota-exceeded',
  'insufficient-capacity',
  'network-delay',
  'network-loss',
  'dns-failure',
  'service-routing',
  'crash',
  'restart',
  'code-defect',
  'bad-deploy',
  'bad-config',
  'schema-change',
  'bad-data',
  'credentials',
  'image-pull',
  'probe',
  'scheduling',
  'volume',
  'scaled-to-zero',
  'node-failure',
  'control-plane',
  'replication-lag',
  'failover',
  'dependency-outage',
  'slow-dependency',
  'certificate-expiry',
  'traffic-surge',
  'retry-storm',
  'slow-query',
  'unknown',
]);
export type FaultKind = z.infer<typeof faultKindSchema>;
