import { onOff, processes, text, url } from './setting.ts';
import type { Setting } from './setting.ts';

/** As OpenTelemetry reads switches: anything but "true" is off. */
const otelSwitch = text.transform((given) => given.toLowerCase() === 'true');

/** How Holdfast traces itself; OpenTelemetry's own variables are read by its SDK, and here only as far as we decide by them. */
export const tracingSettings = {
  OTEL_EXPORTER_OTLP_ENDPOINT: {
    schema: url(['http:', 'https:']),
    description:
      'Turns on tracing of Holdfast itself: where its spans are sent by OTLP. None are sent unless told.',
    readBy: processes,
  },
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: {
    schema: url(['http:', 'https:']),
    description: 'The same for traces alone; the URL is taken as it is.',
    readBy: processes,
  },
  OTEL_EXPORTER_OTLP_PROTOCOL: {
    schema: text,
    description: 'How spans are sent: `http/protobuf`, `http/json` or `grpc`.',
    default: 'http/protobuf',
    readBy: processes,
  },
  OTEL_EXPORTER_OTLP_HEADERS: {
    schema: text,
    description: 'Headers that go with the spans, as `name=value` separated by commas.',
    isSecret: true,
    readBy: processes,
  },
  OTEL_SERVICE_NAME: {
    schema: text,
    description: 'Service of the spans; `holdfast-api` and `holdfast-worker` unless told.',
    readBy: processes,
  },
  OTEL_RESOURCE_ATTRIBUTES: {
    schema: text,
    description: 'Attributes of the process in its spans, as `name=value` separated by commas.',
    readBy: processes,
  },
  OTEL_TRACES_SAMPLER: {
    schema: text,
    description: 'Which traces are kept, as OpenTelemetry names samplers.',
    default: 'parentbased_always_on',
    readBy: processes,
  },
  OTEL_TRACES_SAMPLER_ARG: {
    schema: text,
    description: 'Argument of the sampler: the share of traces that is kept.',
    readBy: processes,
  },
  OTEL_SDK_DISABLED: {
    schema: otelSwitch,
    description: 'Turns all tracing of Holdfast off if it is `true`, whatever else is set.',
    default: 'false',
    readBy: processes,
  },
  OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: {
    schema: otelSwitch,
    description: 'Writes what is said to models and by them into spans if it is `true`, masked.',
    default: 'false',
    readBy: processes,
  },
  HOLDFAST_TRACE_AGENT: {
    schema: onOff,
    description:
      "Sends Holdfast's own spans to Cloud Trace, through Google's trace agent, if it is `true`. Needs GOOGLE_CLOUD_PROJECT.",
    default: 'false',
    readBy: processes,
  },
} as const satisfies Readonly<Record<string, Setting>>;
