import { alertSchema, severitySchema } from './alert.ts';
import type { Severity } from './alert.ts';
import { entitySchema, isoInstantSchema, isoWindowSchema } from './primitives.ts';
import { z } from './z.ts';

/** Words that other systems use for a severity, without case, blanks and punctuation. */
const severityWords: Readonly<Record<Severity, string>> = {
  critical:
    'critical crit fatal emergency emerg alert disaster blocker urgent page p0 p1 s1 sev0 sev1',
  error: 'error err high major severe p2 s2 sev2',
  warning: 'warning warn medium moderate minor average ticket p3 s3 sev3',
  info: 'info information informational notice low debug p4 p5 s4 sev4 sev5',
};

/** Gives our severity for another system's word (`SEV-1`, `page`, `High`); undefined for a word that nobody uses. */
export function severityOfWord(word: string): Severity | undefined {
  const plain = word.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  return severitySchema.options.find((severity) =>
    severityWords[severity].split(' ').includes(plain),
  );
}

const severityWordSchema = z
  .string()
  .max(100)
  .transform((word, context) => {
    const severity = severityOfWord(word);
    if (severity !== undefined) return severity;
    context.issues.push({
      code: 'custom',
      input: word,
      message: `"${word}" is no known severity; use critical, error, warning or info`,
    });
    return z.NEVER;
  })
  .pipe(severitySchema);

/** Labels are text; numbers and booleans, as YAML reads them, become text. */
const labelValueSchema = z
  .union([z.string().max(1_000), z.number(), z.boolean()], {
    error: 'must be a text of at most 1000 characters, a number or a boolean',
  })
  .transform(String)
  .pipe(z.string());

const strictEntitySchema = z.strictObject(entitySchema.shape);

const caseAlertSchema = z.strictObject({
  ...alertSchema.shape,
  severity: severityWordSchema.default('error'),
  entity: strictEntitySchema.optional(),
  labels: z.record(z.string().max(200), labelValueSchema).default({}),
});

function orderedWindow(start: string) {
  return (
    z
      .strictObject(isoWindowSchema.shape)
      // What is no time at all has been said already.
      .refine((window) => !(Date.parse(window.end) <= Date.parse(window.start)), {
        path: ['end'],
        error: `must be after ${start}`,
      })
  );
}

export const caseFormatSchema = z.enum([
  'csv',
  'jsonl',
  'json',
  'parquet',
  'otlp-json',
  'text',
  'markdown',
]);
export type CaseFormat = z.infer<typeof caseFormatSchema>;

/** How another program's files say the time: their column, its unit, and the offset of local times. */
const timeMappingSchema = z.strictObject({
  column: z.string().min(1).max(200).optional(),
  unit: z.enum(['s', 'ms', 'us', 'ns', 'iso']).optional(),
  offset: z
    .string()
    .regex(/^[+-]\d{2}:\d{2}$/, 'must be an offset such as "+08:00"')
    .optional(),
});

const columnNameSchema = z.string().min(1).max(200);

/**
 * Files of one signal that share a shape. `files` are paths inside the case folder, with `*` and `?` within a name. `columns` maps ours to
 * theirs; `constants` gives columns that the files lack; `headers` names the rows of a header of several rows.
 */
export const caseSourceSchema = z.strictObject({
  files: z.array(z.string().min(1).max(300)).min(1).max(100),
  format: caseFormatSchema,
  columns: z.record(columnNameSchema, columnNameSchema).optional(),
  time: timeMappingSchema.optional(),
  constants: z
    .record(columnNameSchema, z.union([z.string().max(1_000), z.number(), z.boolean()]))
    .optional(),
  layout: z.enum(['wide']).optional(),
  headers: z.array(columnNameSchema).min(1).max(10).optional(),
  timestamp: z.string().min(1).max(300).optional(),
});
export type CaseSource = z.infer<typeof caseSourceSchema>;

function sourcesOf(formats: readonly CaseFormat[]) {
  const source = caseSourceSchema.refine((entry) => formats.includes(entry.format), {
    path: ['format'],
    error: `must be one of ${formats.join(', ')}`,
  });
  return z.array(source).max(50).optional();
}

const tables: readonly CaseFormat[] = ['csv', 'jsonl', 'json', 'parquet'];

/** What a case holds, by telemetry kind. A kind that is not named is a gap, not an error. */
const caseTelemetrySchema = z.strictObject({
  metrics: sourcesOf([...tables, 'otlp-json']),
  logs: sourcesOf([...tables, 'otlp-json', 'text']),
  traces: sourcesOf([...tables, 'otlp-json']),
  changes: sourcesOf(tables),
  topology: sourcesOf(tables),
  alerts: sourcesOf(tables),
  events: sourcesOf(tables),
  state: sourcesOf(tables),
  commands: sourcesOf(tables),
  runbooks: sourcesOf(['markdown']),
});

/**
 * `incident.yaml`, the manifest of a case folder: a public contract, so fields are added, never changed or dropped. Instants stay ISO 8601, as
 * written; severity words of other systems are mapped to ours.
 */
export const caseManifestSchema = z
  .strictObject({
    version: z.literal(1),
    name: z.string().regex(/^[a-z0-9-]{1,80}$/, 'must be 1 to 80 of a-z, 0-9 and -'),
    question: z.string().min(1).max(2_000).optional(),
    alert: caseAlertSchema.optional(),
    alertFile: z.string().min(1).max(300).optional(),
    window: orderedWindow('window.start'),
    onset: isoInstantSchema.optional(),
    baselines: z.array(orderedWindow('its start')).max(200).default([]),
    candidates: z.array(strictEntitySchema).max(5_000).optional(),
    telemetry: caseTelemetrySchema.default({}),
  })
  .superRefine((manifest, context) => {
    if ((manifest.alert === undefined) !== (manifest.alertFile === undefined)) return;
    const message =
      manifest.alert === undefined
        ? 'is required (or alertFile)'
        : 'cannot stand beside alertFile; keep one of them';
    context.addIssue({ code: 'custom', path: ['alert'], message });
  })
  .meta({ id: 'Case', description: 'The manifest of a recorded incident: incident.yaml.' });
export type CaseManifest = z.infer<typeof caseManifestSchema>;
