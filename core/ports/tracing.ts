/** Values of a span's attributes. */
export type SpanAttributes = Readonly<
  Record<string, string | number | boolean | readonly string[]>
>;

export interface SpanStart {
  /** Few different names: what varies belongs into attributes. */
  readonly name: string;
  readonly kind: 'server' | 'client' | 'producer' | 'internal';
  readonly attributes: SpanAttributes;
  /** What another process wrote of its span, as the header `traceparent`; null where it wrote nothing. Left out, it is the span that the caller is in. */
  readonly parent?: string | null;
}

/** A span as long as its work goes on. */
export interface OpenSpan {
  rename(name: string): void;
  set(attributes: SpanAttributes): void;
  /** Says that the work failed, and by what kind of error; never with a message, which may hold anything. */
  fail(errorType: string): void;
}

/** A span that is told of when it is over, by whoever chose its id. */
export interface PastSpan extends SpanStart {
  readonly parent: string;
  /** 16 hexadecimal digits. */
  readonly spanId: string;
  readonly startedAt: number;
  readonly endedAt: number;
  /** Null when it went well. */
  readonly errorType: string | null;
}

/** A span that has ended, for whoever else wants to know: ids in hexadecimal digits, instants in epoch milliseconds. */
export interface EndedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | null;
  readonly name: string;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly attributes: SpanAttributes;
}

/** How Holdfast traces itself. When that is off the work is done and nothing else. */
export interface Tracing {
  /** Whether what is said to models and by them may stand in spans. */
  readonly capturesContent: boolean;
  /** Does `work` within a span, which ends with it and fails with it. */
  inSpan<Result>(start: SpanStart, work: (span: OpenSpan) => Promise<Result>): Promise<Result>;
  record(span: PastSpan): void;
  /** The header `traceparent` for another process; null outside of any span. */
  current(): string | null;
}
