import { rounded } from '../core/observation.ts';
import type { EvidenceDraft } from '../core/schemas/evidence.ts';
import type {
  GraphView,
  MarkdownView,
  Point,
  SeriesView,
  TableView,
} from '../core/schemas/evidence-views.ts';
import type { Dependency } from '../core/schemas/digest.ts';
import type { Entity, Onset } from '../core/schemas/primitives.ts';

/** Any JSON value, as evidence holds it. */
export type Json = EvidenceDraft['data'];

const maxPoints = 400;
const maxRows = 200;
const maxCellLength = 2_000;
const maxDocuments = 5;
const maxDocumentLength = 20_000;

/** One line of a chart. `points` are `[epoch ms, value]`; `baseline` is the band that the series kept to before. */
export interface ChartSeries {
  readonly name: string;
  readonly unit: string;
  readonly atMs: readonly number[];
  readonly values: readonly number[];
  readonly baseline?: {
    readonly median: number;
    readonly low: number;
    readonly high: number;
  } | null;
  readonly onset?: Onset | null;
}

/** Data of the view `series`; long series are thinned to 400 points. */
export function seriesData(series: readonly ChartSeries[]): SeriesView {
  return {
    series: series.map(({ name, unit, atMs, values, baseline, onset }) => ({
      name,
      unit,
      points: thinnedPoints(atMs, values),
      baseline:
        baseline === undefined || baseline === null
          ? null
          : {
              median: rounded(baseline.median),
              low: rounded(baseline.low),
              high: rounded(baseline.high),
            },
      onset: onsetData(onset ?? null),
    })),
  };
}

function thinnedPoints(atMs: readonly number[], values: readonly number[]): Point[] {
  const points = atMs.flatMap((at, index): Point[] => {
    const value = values[index] ?? Number.NaN;
    return Number.isFinite(at) && Number.isFinite(value) ? [[Math.round(at), rounded(value)]] : [];
  });
  const step = Math.ceil(points.length / maxPoints);
  return step <= 1 ? points : points.filter((_point, index) => index % step === 0);
}

export function onsetData(onset: Onset | null): SeriesView['series'][number]['onset'] {
  return onset === null
    ? null
    : { earliestAt: Math.floor(onset.earliestAt), latestAt: Math.ceil(onset.latestAt) };
}

export type Cell = string | number | null;

/**
 * Data of the view `table`; at most 200 rows in the order given, texts cut to 2,000 characters. Of more rows those are kept that the digest tells of (`isTold`, by
 * their place), then the first of the others.
 */
export function tableData(
  columns: readonly string[],
  rows: readonly (readonly Cell[])[],
  isTold: (place: number) => boolean = () => false,
): TableView {
  const places = [...rows.keys()];
  const wanted = new Set([...places.filter(isTold), ...places]);
  const kept = new Set([...wanted].slice(0, maxRows));
  return {
    columns: [...columns],
    rows: rows.filter((_row, place) => kept.has(place)).map((row) => row.map(cellData)),
    omittedRows: rows.length - kept.size,
  };
}

function cellData(cell: Cell): string | number | null {
  if (typeof cell === 'number') return Number.isFinite(cell) ? cell : null;
  return typeof cell === 'string' ? cell.slice(0, maxCellLength) : cell;
}

/** Data of the view `graph`; at most 200 edges. */
export function graphData(
  dependencies: readonly Dependency[],
  scoreOf: (entity: Entity) => number | null,
): GraphView {
  const kept = dependencies.slice(0, maxRows);
  const nodes = new Map<string, Entity>();
  for (const { from, to } of kept) {
    for (const entity of [from, to]) nodes.set(`${entity.kind} ${entity.name}`, entity);
  }
  return {
    nodes: [...nodes.values()].map((entity) => ({ ...entity, score: scoreOf(entity) })),
    edges: kept.map(({ from, to, calls }) => ({ from: { ...from }, to: { ...to }, calls })),
    omittedEdges: Math.max(0, dependencies.length - maxRows),
  };
}

/** A text that people wrote in Markdown; `source` is where it lies. */
export interface Document {
  readonly title: string;
  readonly source: string;
  readonly text: string;
}

/** Data of the view `markdown`; at most 5 documents, texts cut to 20,000 characters. */
export function markdownData(documents: readonly Document[]): MarkdownView {
  return {
    documents: documents.slice(0, maxDocuments).map(({ title, source, text }) => ({
      title,
      source,
      text: text.slice(0, maxDocumentLength),
      omittedCharacters: Math.max(0, text.length - maxDocumentLength),
    })),
    omittedDocuments: Math.max(0, documents.length - maxDocuments),
  };
}
