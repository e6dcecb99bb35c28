import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { projectRoot } from '../../scripts/project-root.ts';

export const historiesDir = join(projectRoot(), 'test', 'histories');

/** Opens a Temporal client for a test; close its connection afterwards. */
export async function openClient(address: string): Promise<Client> {
  return new Client({ connection: await Connection.connect({ address }) });
}

/** One event of a history as JSON: attributes lie under the name of the event's type. */
export interface HistoryEvent {
  readonly eventType: string;
  readonly eventTime?: string;
  readonly userMetadata?: { readonly summary?: { readonly data?: string } };
  readonly eventGroupMarkers?: readonly unknown[];
  readonly activityTaskScheduledEventAttributes?: {
    readonly activityType: { readonly name: string };
    readonly input?: { readonly payloads?: readonly { readonly data?: string }[] };
  };
}

/** The whole history of a workflow, as the file that replay takes. */
export async function historyJson(client: Client, workflowId: string): Promise<string> {
  return historyToJSON(await client.workflow.getHandle(workflowId).fetchHistory());
}

export async function historyEvents(
  client: Client,
  workflowId: string,
): Promise<readonly HistoryEvent[]> {
  const { events } = JSON.parse(await historyJson(client, workflowId)) as {
    readonly events: readonly HistoryEvent[];
  };
  return events;
}

/** Ids of an investigation and its specialists, as far as they exist. */
export async function familyOf(client: Client, id: string): Promise<readonly string[]> {
  const children = await childrenOf(client, id);
  return [id, ...children.filter((child) => !child.startsWith('act-'))];
}

/** Events and bytes of all histories of an investigation, with those of its actions. */
export async function historySizeOf(
  client: Client,
  id: string,
): Promise<{ readonly events: number; readonly bytes: number }> {
  const size = { events: 0, bytes: 0 };
  for (const workflowId of [id, ...(await childrenOf(client, id))]) {
    const described = await client.workflow.getHandle(workflowId).describe();
    size.events += described.historyLength;
    size.bytes += described.historySize ?? 0;
  }
  return size;
}

async function childrenOf(client: Client, id: string): Promise<readonly string[]> {
  return (await historyEvents(client, id)).flatMap((event) => {
    const started = (
      event as {
        readonly childWorkflowExecutionStartedEventAttributes?: {
          readonly workflowExecution: { readonly workflowId: string };
        };
      }
    ).childWorkflowExecutionStartedEventAttributes;
    return started === undefined ? [] : [started.workflowExecution.workflowId];
  });
}

/** Decodes the payload of an activity's input. */
export function inputOf(event: HistoryEvent): unknown {
  const data = event.activityTaskScheduledEventAttributes?.input?.payloads?.[0]?.data ?? '';
  return JSON.parse(Buffer.from(data, 'base64').toString('utf8')) as unknown;
}

/**
 * Keeps the histories of one path in `test/histories/` when HOLDFAST_RECORD_HISTORIES is set. The file is named after path and workflow id, since replay
 * needs the real id: children are named after their parent.
 */
export async function keepHistories(
  client: Client,
  path: string,
  workflowIds: readonly string[],
): Promise<void> {
  if (process.env['HOLDFAST_RECORD_HISTORIES'] === undefined) return;
  await mkdir(historiesDir, { recursive: true });
  for (const workflowId of workflowIds) {
    const name = `${path}@${encodeURIComponent(workflowId)}.json`;
    // Failures carry stacks, and stacks the folder that this lies in.
    const text = (await historyJson(client, workflowId)).replaceAll(`${projectRoot()}/`, '');
    await writeFile(join(historiesDir, name), `${text}\n`);
  }
}
