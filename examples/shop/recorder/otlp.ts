/** The parts of OTLP's JSON that the recorder reads; everything else is passed on untouched. */
export interface AnyValue {
  readonly stringValue?: string;
  readonly intValue?: number | string;
  readonly doubleValue?: number;
  readonly boolValue?: boolean;
}
export interface KeyValue {
  readonly key: string;
  readonly value: AnyValue;
}
interface Resource {
  readonly attributes: readonly KeyValue[];
}

export interface OtlpSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly KeyValue[];
}
export interface TraceExport {
  readonly resourceSpans: readonly {
    readonly resource: Resource;
    readonly scopeSpans: readonly { readonly spans: readonly OtlpSpan[] }[];
  }[];
}

export interface OtlpPoint {
  readonly timeUnixNano: string;
  readonly attributes?: readonly KeyValue[];
  readonly asDouble?: number;
  readonly asInt?: number | string;
  readonly count?: number | string;
  readonly sum?: number;
  readonly min?: number;
  readonly max?: number;
  readonly bucketCounts?: readonly (number | string)[];
  readonly explicitBounds?: readonly number[];
}
export interface OtlpMetric {
  readonly name: string;
  readonly unit: string;
  readonly gauge?: { readonly dataPoints: readonly OtlpPoint[] };
  readonly sum?: { readonly isMonotonic: boolean; readonly dataPoints: readonly OtlpPoint[] };
  readonly histogram?: { readonly dataPoints: readonly OtlpPoint[] };
}
export interface MetricsExport {
  readonly resourceMetrics: readonly {
    readonly resource: Resource;
    readonly scopeMetrics: readonly { readonly metrics: readonly OtlpMetric[] }[];
  }[];
}

export interface OtlpLogRecord {
  readonly timeUnixNano: string;
  readonly severityText: string;
  readonly body: AnyValue;
  readonly attributes: readonly KeyValue[];
  readonly traceId?: string;
  readonly spanId?: string;
}
export interface LogsExport {
  readonly resourceLogs: readonly {
    readonly resource: Resource;
    readonly scopeLogs: readonly { readonly logRecords: readonly OtlpLogRecord[] }[];
  }[];
}

/** A plain value of an attribute; arrays and maps are not used by the shop. */
export function plainValue(value: AnyValue): string | number | boolean {
  if (value.stringValue !== undefined) return value.stringValue;
  if (value.intValue !== undefined) return Number(value.intValue);
  return value.doubleValue ?? value.boolValue ?? '';
}

export function plainAttributes(
  attributes: readonly KeyValue[] | undefined,
): Record<string, string | number | boolean> {
  return Object.fromEntries((attributes ?? []).map(({ key, value }) => [key, plainValue(value)]));
}

/** The service and instance a resource names. */
export function readOrigin(resource: Resource): {
  readonly service: string;
  readonly instance: string;
} {
  const attributes = plainAttributes(resource.attributes);
  return {
    service: String(attributes['service.name'] ?? ''),
    instance: String(attributes['service.instance.id'] ?? ''),
  };
}

/** Epoch milliseconds of an OTLP time, with its fraction to the microsecond. */
export function toEpochMs(unixNano: string): number {
  return Number(BigInt(unixNano) / 1_000n) / 1_000;
}
