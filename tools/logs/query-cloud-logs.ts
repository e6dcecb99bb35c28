import { z } from '../../core/schemas/z.ts';
import { defineTool } from '../../core/tool.ts';
import type { ToolAnswer } from '../../core/tool.ts';
import { cutText, draftEvidence } from '../draft-evidence.ts';
import { tableData } from '../evidence-data.ts';
import { describeNames, lastMinutes, noNativeQueries } from '../query-native.ts';
import { clockTime } from '../split-context.ts';

const maxLines = 200;
const maxNotes = 5;

/** Asks the logs of a cloud in its own language, for those who speak it. */
export const queryCloudLogs = defineTool({
  name: 'query-cloud-logs',
  description:
    'Asks the logs of Google Cloud in the Logging query language, of the last minutes of the window (30 unless told): severity>=ERROR AND resource.labels.container_name="checkout". Gives the first 200 lines; without any, says which logs there are.',
  input: z.strictObject({
    query: z.string().min(1).max(2_000),
    minutes: z.int().min(1).max(10_080).default(30),
  }),
  effect: 'read',
  needs: 'query-languages',
  timeoutMs: 60_000,
  run: async ({ query, minutes }, context): Promise<ToolAnswer> => {
    const logs = context.telemetry.native?.logs;
    if (logs === undefined) return noNativeQueries('logs', 'read-log-lines');
    const window = lastMinutes(context, minutes);
    const read = await logs.query(query, { window, limit: maxLines }, context.signal);
    const notes =
      read.rows.length === 0
        ? await describeNames(logs, context.signal)
        : read.rows
            .slice(0, maxNotes)
            .map(({ at, severity, service, body }) =>
              cutText(
                `${[clockTime(at), severity, service].filter(Boolean).join(' ')}: ${body}`,
                240,
              ),
            );
    return {
      ok: true,
      digest: {
        notes: [`${read.rows.length} lines`, ...notes].slice(0, 6),
        ...(read.truncated === null ? {} : { truncated: read.truncated }),
      },
      evidence: [
        draftEvidence({
          key: query,
          kind: 'logs',
          title: 'Log lines that the query found',
          ...{ read, window },
          view: 'table',
          data: tableData(
            ['time', 'severity', 'service', 'line'],
            read.rows.map(({ at, severity, service, body }) => [
              at,
              severity,
              service,
              cutText(body, 500),
            ]),
          ),
        }),
      ],
    };
  },
});
