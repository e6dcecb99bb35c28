import { z } from 'zod';
import { processes, text, url, wholeNumber } from './setting.ts';
import type { Setting } from './setting.ts';

/** Texts separated by commas. */
const names = text.transform((given) =>
  given
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== ''),
);
const telemetrySources = ['received', 'google-cloud'] as const;

/** How Google Cloud is looked at. */
export const googleSettings = {
  HOLDFAST_TELEMETRY: {
    schema: z.enum(telemetrySources, `must be one of ${telemetrySources.join(', ')}`),
    description:
      'What investigations without a case look at: `received`, or `google-cloud` for the project that GOOGLE_CLOUD_PROJECT names.',
    default: 'received',
    readBy: processes,
  },
  GOOGLE_CLOUD_PROJECT: {
    schema: text.regex(/^[a-z][a-z0-9:.-]{1,100}$/, 'must be the id of a project'),
    description: 'The project of Google Cloud that is looked at. By itself it turns nothing on.',
    readBy: processes,
  },
  GOOGLE_APPLICATION_CREDENTIALS: {
    schema: text,
    description:
      "File with the credentials for Google Cloud, read by Google's client libraries; without it they look where `gcloud auth application-default login` puts them.",
    readBy: processes,
  },
  GOOGLE_CLOUD_QUOTA_PROJECT: {
    schema: text,
    description:
      "The project whose quota pays for requests to Google Cloud, read by Google's client libraries; needed with the credentials of a person.",
    readBy: processes,
  },
  HOLDFAST_GOOGLE_ENDPOINT: {
    schema: url(['http:']),
    description:
      'A server that plays Google Cloud, asked instead of the real one and without credentials: `examples/local-google`.',
    readBy: processes,
  },
  HOLDFAST_GOOGLE_METRICS: {
    schema: names,
    description:
      'Beginnings of the metric types of Cloud Monitoring that are looked at, separated by commas.',
    default:
      'workload.googleapis.com/,custom.googleapis.com/,prometheus.googleapis.com/,run.googleapis.com/,kubernetes.io/container/',
    readBy: processes,
  },
  HOLDFAST_BIGQUERY_TABLE: {
    schema: text.regex(
      /^([a-z][a-z0-9:.-]{1,100}\.)?\w{1,200}\.[\w-]{1,200}$/,
      'must be dataset.table or project.dataset.table',
    ),
    description:
      'Table of BigQuery with the metric samples of the whole fleet, as `dataset.table`; without it the fleet is looked over by Cloud Monitoring.',
    readBy: processes,
  },
  HOLDFAST_BIGQUERY_LOCATION: {
    schema: text.regex(/^[A-Za-z0-9-]{1,40}$/, 'must be a location of BigQuery'),
    description: 'Where that table lies.',
    default: 'US',
    readBy: processes,
  },
  HOLDFAST_BIGQUERY_MAX_MEGABYTES: {
    schema: wholeNumber(1, 1_000_000),
    description:
      'Most that one query of BigQuery may read, in MB; one that would read more is not run.',
    default: '1000',
    readBy: processes,
  },
  HOLDFAST_GCP_WEBHOOK_TOKEN: {
    schema: text.min(16, 'must be at least 16 characters long'),
    description:
      'Token that notifications of Google Cloud Monitoring carry as `auth_token` in the URL of `POST /webhook/gcp`; without it none are taken.',
    isSecret: true,
    readBy: ['api'],
  },
} as const satisfies Readonly<Record<string, Setting>>;
