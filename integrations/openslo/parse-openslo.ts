import { LineCounter, isNode, parseAllDocuments } from 'yaml';
import type { Document } from 'yaml';
import { AppError } from '../../core/errors.ts';
import { sloSchema } from '../../core/schemas/slo.ts';
import type { Slo } from '../../core/schemas/slo.ts';
import { openSloSchema } from './openslo-schema.ts';
import type { OpenSlo } from './openslo-schema.ts';

/** SLOs read from one file at most. */
const mostDocuments = 100;

/**
 * Reads OpenSLO v1 from YAML, one SLO a document. Throws `invalid.slo` that names `file`, line and field for whatever is not understood in
 * full: an SLO that is half read would be watched wrongly.
 */
export function parseOpenSlo(text: string, file: string): readonly Slo[] {
  const lines = new LineCounter();
  const parsed = parseAllDocuments(text, { lineCounter: lines, uniqueKeys: true });
  const documents = 'empty' in parsed ? [] : parsed;
  if (documents.length === 0) throw refuse(file, null, '', 'holds no document');
  if (documents.length > mostDocuments) {
    throw refuse(file, null, '', `holds ${documents.length} documents; at most ${mostDocuments}`);
  }
  const slos = documents.map((document) => readDocument(document, file, lines));
  const names = slos.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw refuse(file, null, 'metadata.name', `"${twice}" stands twice`);
  return slos;
}

function readDocument(document: Document, file: string, lines: LineCounter): Slo {
  const [syntax] = document.errors;
  if (syntax !== undefined) {
    const line = lines.linePos(syntax.pos[0]).line;
    throw refuse(file, line, '', syntax.message.split('\n')[0] ?? syntax.code);
  }
  const outer = openSloSchema.safeParse(unfold(document, file));
  const result = outer.success ? sloSchema.safeParse(toSlo(outer.data)) : outer;
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const path = outer.success ? outerPath(issue?.path ?? []) : (issue?.path ?? []);
  throw refuse(file, lineOf(document, path, lines), nameOf(path), issue?.message ?? 'is not valid');
}

function unfold(document: Document, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    throw refuse(file, null, '', `cannot be unfolded: ${String(error)}`);
  }
}

/** The inner model's fields by where they stand in the file. */
const places: Readonly<Record<string, readonly (string | number)[]>> = {
  name: ['metadata', 'name'],
  service: ['spec', 'service'],
  objective: ['spec', 'objectives', 0],
  windowDays: ['spec', 'timeWindow', 0, 'duration'],
  sli: ['spec', 'indicator', 'spec'],
};

function outerPath(path: readonly PropertyKey[]): readonly PropertyKey[] {
  return places[String(path[0])] ?? path;
}

function toSlo({ metadata, spec }: OpenSlo): unknown {
  const [objective] = spec.objectives;
  return {
    name: metadata.name,
    service: spec.service,
    objective: objective.target ?? (objective.targetPercent ?? 0) / 100,
    windowDays: toDays(spec.timeWindow[0].duration),
    sli: toSli(spec.indicator.spec, objective),
  };
}

function toSli(
  { ratioMetric, thresholdMetric }: OpenSlo['spec']['indicator']['spec'],
  objective: OpenSlo['spec']['objectives'][0],
): unknown {
  return ratioMetric === undefined
    ? {
        kind: 'threshold',
        measured: thresholdMetric?.metricSource.spec,
        comparison: objective.op,
        threshold: objective.value,
      }
    : {
        kind: 'ratio',
        counts: ratioMetric.good === undefined ? 'bad' : 'good',
        counted: (ratioMetric.good ?? ratioMetric.bad)?.metricSource.spec,
        total: ratioMetric.total.metricSource.spec,
      };
}

function toDays(duration: string): number {
  const count = Number(duration.slice(0, -1));
  return duration.endsWith('w') ? count * 7 : count;
}

function lineOf(
  document: Document,
  path: readonly PropertyKey[],
  lines: LineCounter,
): number | null {
  for (let depth = path.length; depth >= 0; depth -= 1) {
    const node = depth === 0 ? document.contents : document.getIn(path.slice(0, depth), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return null;
}

function nameOf(path: readonly PropertyKey[]): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^[.]/, '');
}

function refuse(file: string, line: number | null, field: string, problem: string): AppError {
  const where = `${file}${line === null ? '' : `:${line}`}`;
  return new AppError(
    'invalid.slo',
    `${where}: ${field === '' ? '' : `${field}: `}${problem.slice(0, 300)}`,
    { details: { file, line, field } },
  );
}
