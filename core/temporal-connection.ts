import type { TemporalAccess } from '../config/read-config.ts';
import { AppError } from './errors.ts';

/** What Temporal's clients and workers take of it; `Bytes` is what a file holds. */
export interface TemporalConnection<Bytes> {
  readonly apiKey?: string;
  readonly tls?: {
    readonly serverNameOverride?: string;
    readonly serverRootCACertificate?: Bytes;
    readonly clientCertPair?: { readonly crt: Bytes; readonly key: Bytes };
  };
}

/** Makes connection options of the settings, with what `read` finds in the files. Rejects with `invalid.config`, naming the file that cannot be read. */
export async function openTemporalAccess<Bytes>(
  { apiKey, tls }: TemporalAccess,
  read: (file: string) => Promise<Bytes>,
): Promise<TemporalConnection<Bytes>> {
  if (tls === null) return {};
  const { clientCertFile, clientKeyFile, serverCaFile, serverName } = tls;
  const open = (variable: string, file: string): Promise<Bytes> =>
    read(file).catch((error: unknown) => {
      const says = `${variable} names ${file}, which cannot be read`;
      throw new AppError('invalid.config', says, { cause: error });
    });
  return {
    ...(apiKey === undefined ? {} : { apiKey }),
    tls: {
      ...(serverName === undefined ? {} : { serverNameOverride: serverName }),
      ...(serverCaFile === undefined
        ? {}
        : {
            serverRootCACertificate: await open('TEMPORAL_TLS_SERVER_CA_CERT_PATH', serverCaFile),
          }),
      ...(clientCertFile === undefined || clientKeyFile === undefined
        ? {}
        : {
            clientCertPair: {
              crt: await open('TEMPORAL_TLS_CLIENT_CERT_PATH', clientCertFile),
              key: await open('TEMPORAL_TLS_CLIENT_KEY_PATH', clientKeyFile),
            },
          }),
    },
  };
}
