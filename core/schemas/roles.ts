import { z } from './z.ts';

/** The members of the squad. Root cause and verifier run in the parent workflow, the others as children. */
export const roleSchema = z.enum([
  'aggregation',
  'trace',
  'log',
  'change',
  'root-cause',
  'verifier',
  'orchestrator',
]);
export type Role = z.infer<typeof roleSchema>;

/** The roles that run as child workflows and answer questions. */
export const specialistSchema = z.enum(['aggregation', 'trace', 'log', 'change']);
export type Specialist = z.infer<typeof specialistSchema>;

/** The four phases of one round of the OODA loop. */
export const oodaPhaseSchema = z.enum(['observe', 'orient', 'decide', 'act']);
export type OodaPhase = z.infer<typeof oodaPhaseSchema>;

/** The phases of a whole investigation, in order. */
export const investigationPhaseSchema = z.enum([
  'scope',
  'plan',
  'fan-out',
  'synthesise',
  'verify',
  'remediate',
  'report',
]);
export type InvestigationPhase = z.infer<typeof investigationPhaseSchema>;
