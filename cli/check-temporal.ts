import { readFile } from 'node:fs/promises';
import { readTemporalConfig } from '../config/read-config.ts';
import type { TemporalConfig } from '../config/read-config.ts';
import { openTemporalAccess } from '../core/temporal-connection.ts';
import { searchAttributes } from '../workflows/messages.ts';

/** How a Temporal server was found, and what to do where that is not well. */
export interface TemporalCheck {
  readonly isWell: boolean;
  readonly found: string;
  readonly advice: string;
}

/** Of gRPC. */
const codes = { notFound: 5, permissionDenied: 7, unauthenticated: 16 } as const;

/** Connects to the Temporal server that the settings name, as API and worker do, and looks for the namespace and our search attributes in it. */
export async function checkTemporalServer(
  env: NodeJS.ProcessEnv,
  deadlineMs = 3_000,
): Promise<TemporalCheck> {
  try {
    return await look(readTemporalConfig(env), deadlineMs);
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error);
    return { isWell: false, found, advice: 'Correct the setting.' };
  }
}

async function look(
  { address, namespace, access }: TemporalConfig,
  deadlineMs: number,
): Promise<TemporalCheck> {
  const { Connection } = await import('@temporalio/client');
  const opened = await openTemporalAccess(access, (file) => readFile(file));
  const connection = Connection.lazy({ address, ...opened });
  const { workflowService, operatorService } = connection;
  try {
    return await connection.withDeadline(Date.now() + deadlineMs, async () => {
      await workflowService.describeNamespace({ namespace });
      // Not everybody may ask that: then nothing is missing as far as we know.
      const known = await operatorService
        .listSearchAttributes({ namespace })
        .catch(() => ({ customAttributes: null }));
      return judge(address, namespace, known.customAttributes);
    });
  } catch (error) {
    return explain(error, address, namespace);
  } finally {
    await connection.close();
  }
}

function judge(
  address: string,
  namespace: string,
  registered: Readonly<Record<string, unknown>> | null,
): TemporalCheck {
  const missing = Object.values(searchAttributes).filter(
    ({ name }) => registered !== null && !(name in registered),
  );
  const flags = missing.map(({ name }) => name).join(', ');
  return {
    isWell: missing.length === 0,
    found: `${address} answers with namespace ${namespace}${flags === '' ? '' : `, which lacks the search attributes ${flags}`}`,
    advice: 'Create them as temporal-docker/set-up-namespace.sh does.',
  };
}

function explain(error: unknown, address: string, namespace: string): TemporalCheck {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : null;
  if (code === codes.notFound) {
    const advice = 'Create it, or correct TEMPORAL_NAMESPACE.';
    return { isWell: false, found: `${address} has no namespace ${namespace}`, advice };
  }
  if (code === codes.permissionDenied || code === codes.unauthenticated) {
    const advice = 'Correct TEMPORAL_API_KEY, or the certificate of TEMPORAL_TLS_CLIENT_CERT_PATH.';
    return { isWell: false, found: `${address} does not let us in`, advice };
  }
  return {
    isWell: false,
    found: `${address} does not answer: ${error instanceof Error ? error.message : String(error)}`,
    advice: 'Start Temporal, or correct TEMPORAL_ADDRESS and the settings of TEMPORAL_TLS_....',
  };
}
