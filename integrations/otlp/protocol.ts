import protobuf from 'protobufjs';
import type { INamespace, Type } from 'protobufjs';
import type { OtlpSignal } from './signals.ts';

type Field = readonly [id: number, type: string, rule?: 'repeated'];

function message(fields: Readonly<Record<string, Field>>): INamespace & { fields: object } {
  return {
    fields: Object.fromEntries(
      Object.entries(fields).map(([name, [id, type, rule]]) => [
        name,
        rule === undefined ? { id, type } : { id, type, rule },
      ]),
    ),
  };
}

/** One of these is set; which is told by its being there. */
const oneOf = (names: readonly string[]): object => ({ oneofs: { value: { oneof: names } } });

const values = [
  'stringValue',
  'boolValue',
  'intValue',
  'doubleValue',
  'arrayValue',
  'kvlistValue',
  'bytesValue',
];

const common = {
  AnyValue: {
    ...message({
      stringValue: [1, 'string'],
      boolValue: [2, 'bool'],
      intValue: [3, 'int64'],
      doubleValue: [4, 'double'],
      arrayValue: [5, 'ArrayValue'],
      kvlistValue: [6, 'KeyValueList'],
      bytesValue: [7, 'bytes'],
    }),
    ...oneOf(values),
  },
  ArrayValue: message({ values: [1, 'AnyValue', 'repeated'] }),
  KeyValueList: message({ values: [1, 'KeyValue', 'repeated'] }),
  KeyValue: message({ key: [1, 'string'], value: [2, 'AnyValue'] }),
  Scope: message({ name: [1, 'string'], version: [2, 'string'] }),
  Resource: message({ attributes: [1, 'KeyValue', 'repeated'] }),
  PartialSuccess: message({ rejected: [1, 'int64'], errorMessage: [2, 'string'] }),
  Response: message({ partialSuccess: [1, 'PartialSuccess'] }),
  // Of google.rpc.
  Status: message({ code: [1, 'int32'], message: [2, 'string'] }),
};

const traces = {
  TracesRequest: message({ resourceSpans: [1, 'ResourceSpans', 'repeated'] }),
  ResourceSpans: message({ resource: [1, 'Resource'], scopeSpans: [2, 'ScopeSpans', 'repeated'] }),
  ScopeSpans: message({ scope: [1, 'Scope'], spans: [2, 'Span', 'repeated'] }),
  Span: message({
    traceId: [1, 'bytes'],
    spanId: [2, 'bytes'],
    parentSpanId: [4, 'bytes'],
    name: [5, 'string'],
    kind: [6, 'int32'],
    startTimeUnixNano: [7, 'fixed64'],
    endTimeUnixNano: [8, 'fixed64'],
    attributes: [9, 'KeyValue', 'repeated'],
    droppedAttributesCount: [10, 'uint32'],
    events: [11, 'Event', 'repeated'],
    links: [13, 'Link', 'repeated'],
    status: [15, 'SpanStatus'],
  }),
  Event: message({
    timeUnixNano: [1, 'fixed64'],
    name: [2, 'string'],
    attributes: [3, 'KeyValue', 'repeated'],
  }),
  Link: message({
    traceId: [1, 'bytes'],
    spanId: [2, 'bytes'],
    attributes: [4, 'KeyValue', 'repeated'],
  }),
  SpanStatus: message({ message: [2, 'string'], code: [3, 'int32'] }),
};

const logs = {
  LogsRequest: message({ resourceLogs: [1, 'ResourceLogs', 'repeated'] }),
  ResourceLogs: message({ resource: [1, 'Resource'], scopeLogs: [2, 'ScopeLogs', 'repeated'] }),
  ScopeLogs: message({ scope: [1, 'Scope'], logRecords: [2, 'LogRecord', 'repeated'] }),
  LogRecord: message({
    timeUnixNano: [1, 'fixed64'],
    severityNumber: [2, 'int32'],
    severityText: [3, 'string'],
    body: [5, 'AnyValue'],
    attributes: [6, 'KeyValue', 'repeated'],
    droppedAttributesCount: [7, 'uint32'],
    traceId: [9, 'bytes'],
    spanId: [10, 'bytes'],
    observedTimeUnixNano: [11, 'fixed64'],
    eventName: [12, 'string'],
  }),
};

const metrics = {
  MetricsRequest: message({ resourceMetrics: [1, 'ResourceMetrics', 'repeated'] }),
  ResourceMetrics: message({
    resource: [1, 'Resource'],
    scopeMetrics: [2, 'ScopeMetrics', 'repeated'],
  }),
  ScopeMetrics: message({ scope: [1, 'Scope'], metrics: [2, 'Metric', 'repeated'] }),
  Metric: message({
    name: [1, 'string'],
    description: [2, 'string'],
    unit: [3, 'string'],
    gauge: [5, 'Data'],
    sum: [7, 'Data'],
    histogram: [9, 'HistogramData'],
    exponentialHistogram: [10, 'ExponentialData'],
    summary: [11, 'SummaryData'],
  }),
  Data: message({
    dataPoints: [1, 'NumberPoint', 'repeated'],
    aggregationTemporality: [2, 'int32'],
    isMonotonic: [3, 'bool'],
  }),
  HistogramData: message({
    dataPoints: [1, 'HistogramPoint', 'repeated'],
    aggregationTemporality: [2, 'int32'],
  }),
  ExponentialData: message({
    dataPoints: [1, 'ExponentialPoint', 'repeated'],
    aggregationTemporality: [2, 'int32'],
  }),
  SummaryData: message({ dataPoints: [1, 'SummaryPoint', 'repeated'] }),
  NumberPoint: {
    ...message({
      startTimeUnixNano: [2, 'fixed64'],
      timeUnixNano: [3, 'fixed64'],
      asDouble: [4, 'double'],
      asInt: [6, 'sfixed64'],
      attributes: [7, 'KeyValue', 'repeated'],
      flags: [8, 'uint32'],
    }),
    ...oneOf(['asDouble', 'asInt']),
  },
  HistogramPoint: message({
    startTimeUnixNano: [2, 'fixed64'],
    timeUnixNano: [3, 'fixed64'],
    count: [4, 'fixed64'],
    sum: [5, 'double'],
    bucketCounts: [6, 'fixed64', 'repeated'],
    explicitBounds: [7, 'double', 'repeated'],
    attributes: [9, 'KeyValue', 'repeated'],
    flags: [10, 'uint32'],
    min: [11, 'double'],
    max: [12, 'double'],
  }),
  ExponentialPoint: message({
    attributes: [1, 'KeyValue', 'repeated'],
    startTimeUnixNano: [2, 'fixed64'],
    timeUnixNano: [3, 'fixed64'],
    count: [4, 'fixed64'],
    sum: [5, 'double'],
    scale: [6, 'sint32'],
    zeroCount: [7, 'fixed64'],
    positive: [8, 'Buckets'],
    negative: [9, 'Buckets'],
    flags: [10, 'uint32'],
    min: [12, 'double'],
    max: [13, 'double'],
  }),
  Buckets: message({ offset: [1, 'sint32'], bucketCounts: [2, 'uint64', 'repeated'] }),
  SummaryPoint: message({
    startTimeUnixNano: [2, 'fixed64'],
    timeUnixNano: [3, 'fixed64'],
    count: [4, 'fixed64'],
    sum: [5, 'double'],
    quantileValues: [6, 'Quantile', 'repeated'],
    attributes: [7, 'KeyValue', 'repeated'],
    flags: [8, 'uint32'],
  }),
  Quantile: message({ quantile: [1, 'double'], value: [2, 'double'] }),
};

/**
 * The messages of OTLP 1.10 as far as they are kept, under names of our own (opentelemetry-proto, collector/{trace,metrics,logs}/v1). Fields that are not listed are passed
 * over, as protobuf asks; enumerations are read as the numbers they are.
 */
const root = protobuf.Root.fromJSON({ nested: { ...common, ...traces, ...logs, ...metrics } });

/** The message type of an export request. */
export const requestTypes: Readonly<Record<OtlpSignal, Type>> = {
  traces: root.lookupType('TracesRequest'),
  metrics: root.lookupType('MetricsRequest'),
  logs: root.lookupType('LogsRequest'),
};

/** The message types of the answers; those of the three signals differ in the names of their fields only. */
export const responseType = root.lookupType('Response');
export const statusType = root.lookupType('Status');
