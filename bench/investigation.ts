import { historySizeOf } from '../test/support/history.ts';
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
      const { events, bytes } = await historySizeOf(client, id);
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
