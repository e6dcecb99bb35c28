import { z } from './z.ts';
import { faultKindSchema } from './fault-kind.ts';
import { entityKindSchema, isoInstantSchema } from './primitives.ts';

/** A column that may be left empty. */
function optionalColumn<Value>(schema: z.ZodType<Value>) {
  return z.preprocess((text) => (text === '' ? null : text), schema.nullable());
}

/** A row of `truth.csv` as it is written: a public contract, so columns are added, never changed or dropped. */
const truthColumnsSchema = z.object({
  case: z.string().min(1, 'names no case').max(200),
  verdict: z.enum(['cause-found', 'no-cause-found']),
  entity_kind: optionalColumn(entityKindSchema),
  entity_names: z.string().max(2_000),
  fault_kind: optionalColumn(faultKindSchema),
  change_id: optionalColumn(z.string().max(200)),
  onset: optionalColumn(isoInstantSchema),
});

/** The columns of `truth.csv`. */
export const truthColumns = Object.keys(truthColumnsSchema.shape);

/**
 * What really happened in a case. An entity is right when its name is one of `entityNames` and its kind is `entityKind`, where that is given; fault kind and
 * change are held against an answer only where they are given.
 */
export const truthSchema = truthColumnsSchema
  .transform((row) => ({
    case: row.case,
    verdict: row.verdict,
    entityKind: row.entity_kind,
    entityNames: row.entity_names
      .split('|')
      .map((name) => name.trim())
      .filter((name) => name !== ''),
    faultKind: row.fault_kind,
    changeId: row.change_id,
    onset: row.onset,
  }))
  .superRefine(({ verdict, entityNames }, context) => {
    if ((verdict === 'cause-found') === entityNames.length > 0) return;
    const message =
      verdict === 'cause-found' ? 'names nothing, though a cause was found' : 'names a cause';
    context.addIssue({ code: 'custom', path: ['entity_names'], message });
  })
  .meta({ id: 'Truth', description: 'What really happened in a case: a row of truth.csv.' });
export type Truth = Readonly<z.output<typeof truthSchema>>;
