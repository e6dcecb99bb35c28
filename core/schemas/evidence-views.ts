import type { Entity } from './primitives.ts';

/** A time in epoch milliseconds, and what was measured then. */
export type Point = [at: number, value: number];

/** Data of the view `series`. `baseline` is the band that the series kept to before; `onset` is when it left it. Both are null where nothing is known. */
export type SeriesView = {
  series: {
    name: string;
    /** As OpenTelemetry writes it (UCUM); `1` is a ratio. */
    unit: string;
    points: Point[];
    baseline: { median: number; low: number; high: number } | null;
    onset: { earliestAt: number; latestAt: number } | null;
  }[];
};

/** Data of the view `table`. */
export type TableView = {
  columns: string[];
  rows: (string | number | null)[][];
  omittedRows: number;
};

/** Data of the view `graph`: who calls whom. `score` says how far a node is from its usual behaviour; null where nothing is known. */
export type GraphView = {
  nodes: { kind: Entity['kind']; name: string; score: number | null }[];
  edges: { from: Entity; to: Entity; calls: number }[];
  omittedEdges: number;
};

/** Data of the view `waterfall`: parents before their children, siblings by start. `criticalMs` is how long a span alone held up the trace. */
export type WaterfallView = {
  traceId: string;
  spans: {
    spanId: string;
    parentSpanId: string | null;
    service: string;
    name: string;
    kind: string;
    startAt: number;
    durationMs: number;
    depth: number;
    criticalMs: number;
    hasFailed: boolean;
    reason: string | null;
  }[];
  omittedSpans: number;
};

/** A line as it was written; `attributes` are what else is known of it, where that was asked for. */
export type LogLine = {
  at: number;
  body: string;
  traceId: string | null;
  attributes?: Record<string, string>;
};

/** Data of the view `log-table` over templates, strongest difference first. */
export type TemplatesView = {
  templates: {
    service: string | null;
    severity: string | null;
    template: string;
    change: string;
    linesBefore: number;
    linesAfter: number;
    perSecondBefore: number;
    perSecondAfter: number;
    score: number;
    firstAt: number | null;
    firstAfterAt: number | null;
    exemplarsBefore: LogLine[];
    exemplarsAfter: LogLine[];
  }[];
  omittedTemplates: number;
};

/** Data of the view `log-table` over single lines. */
export type LinesView = {
  linesBefore: number;
  linesAfter: number;
  lines: (LogLine & { service: string | null; severity: string | null })[];
};

/**
 * Data of the view `markdown`: documents as people wrote them, the one to read first in front. `source` says where a document lies;
 * `omittedCharacters` is how much was cut off its end.
 */
export type MarkdownView = {
  documents: { title: string; source: string; text: string; omittedCharacters: number }[];
  omittedDocuments: number;
};
