import { onOff, processes, text, url } from './setting.ts';
import type { Setting } from './setting.ts';

/** Where Temporal is, and how to get in; under the names that the Temporal CLI has, where it has them. */
export const temporalSettings = {
  TEMPORAL_ADDRESS: {
    schema: text.regex(/^(\[[0-9a-fA-F:]+\]|[^\s/:]+):\d{1,5}$/, 'must be host:port'),
    description: 'The Temporal server.',
    default: '127.0.0.1:7233',
    readBy: ['api', 'worker', 'stack'],
  },
  TEMPORAL_NAMESPACE: {
    schema: text.regex(
      /^[A-Za-z0-9._-]{1,200}$/,
      'must be 1 to 200 of letters, digits, ".", "_" and "-"',
    ),
    description: 'Namespace of the workflows.',
    default: 'default',
    readBy: processes,
  },
  TEMPORAL_API_KEY: {
    schema: text.regex(/^[!-~]+$/, 'must be one word'),
    description: 'API key for Temporal, as Temporal Cloud gives it; turns on TLS.',
    isSecret: true,
    readBy: ['api', 'worker', 'stack'],
  },
  TEMPORAL_TLS: {
    schema: onOff,
    description:
      'Whether Temporal is spoken to by TLS; `true` by itself with a key or a certificate, else `false`.',
    readBy: ['api', 'worker', 'stack'],
  },
  TEMPORAL_TLS_CLIENT_CERT_PATH: {
    schema: text,
    description: 'File with our certificate (PEM), where Temporal asks for one.',
    readBy: ['api', 'worker', 'stack'],
  },
  TEMPORAL_TLS_CLIENT_KEY_PATH: {
    schema: text,
    description: 'File with the key of that certificate (PEM).',
    readBy: ['api', 'worker', 'stack'],
  },
  TEMPORAL_TLS_SERVER_CA_CERT_PATH: {
    schema: text,
    description:
      'File with the certificate (PEM) that vouches for Temporal, unless the system knows it.',
    readBy: ['api', 'worker', 'stack'],
  },
  TEMPORAL_TLS_SERVER_NAME: {
    schema: text.regex(/^[^\s/:]+$/, 'must be a host name'),
    description: "Name in Temporal's certificate, where it is not that of its address.",
    readBy: ['api', 'worker', 'stack'],
  },
  TEMPORAL_UI_URL: {
    schema: url(['http:', 'https:']),
    description: 'The Temporal UI, for links.',
    default: 'http://127.0.0.1:8233',
    readBy: ['api'],
  },
} as const satisfies Readonly<Record<string, Setting>>;
