import { historyEvents } from '../test/support/history.ts';
import { caseOf } from '../test/support/incidents.ts';
import { investigate, reportOf } from '../test/support/line.ts';
import { median, printFigure, withGround } from './ground.ts';

const aliases = [
  'bad-deploy',
  'red-herring',
  'slow-dependency',
  'cpu-burn',
  'config-change',
  'healthy',
];
const aimMs = 10_000;
const mostEvents = 800;
const mostBytes = 1_000_000;

/** One investigation of each bundled incident: seconds from request to report, and events and bytes of all its histories. */
export function investigation(): Promise<boolean> {
  return withGround(async ({ line, client }) => {
    const times: number[] = [];
    let isGood = true;
    for (const alias of aliases) {
      const begunAt = performance.now();
      const id = await investigate(line, { case: caseOf(alias) });
      const report = await reportOf(line, id);
      const ms = performance.now() - begunAt;
      times.push(ms);
      await client.workflow.getHandle(id).result();
      const children = (await historyEvents(client, id)).flatMap((event) => childOf(event) ?? []);
      let events = 0;
      let bytes = 0;
      for (const workflowId of [id, ...children]) {
        const described = await client.workflow.getHandle(workflowId).describe();
        events += described.historyLength;
        bytes += described.historySize ?? 0;
      }
      isGood &&= ms <= aimMs && events <= mostEvents && bytes <= mostBytes;
      printFigure(
        alias,
        `${(ms / 1_000).toFixed(1)} s, ${events} events, ${bytes} bytes, ${report.verdict}`,
      );
    }
    printFigure(
      `median of ${times.length} (aim ${aimMs / 1_000} s)`,
      `${(median(times) / 1_000).toFixed(1)} s`,
    );
    return isGood;
  });
}

function childOf(event: unknown): string | undefined {
  return (
    event as {
      readonly childWorkflowExecutionStartedEventAttributes?: {
        readonly workflowExecution: { readonly workflowId: string };
      };
    }
  ).childWorkflowExecutionStartedEventAttributes?.workflowExecution.workflowId;
}
