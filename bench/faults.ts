import { caseOf } from '../test/support/incidents.ts';
import { verdictOf } from '../test/support/kills.ts';
import { investigate, reportOf } from '../test/support/line.ts';
import { links, networkFaults, startNetworkGround } from '../test/support/network-ground.ts';
import { withServers } from './ground.ts';

const lastsMs = 10_000;

/** Every fault on every connection between our processes and their servers, once: all end with the same answer, nothing twice. */
export async function faults(): Promise<boolean> {
  return withServers(async (servers) => {
    const ground = await startNetworkGround(servers);
    try {
      const { line } = ground;
      const plain = await reportOf(line, await investigate(line, { case: caseOf('bad-deploy') }));
      const expected = JSON.stringify(verdictOf(plain));
      let isGood = true;
      for (const link of links) {
        for (const fault of networkFaults) {
          const run = await ground.investigateUnder(link, fault, lastsMs);
          const isSame = JSON.stringify(verdictOf(run.report)) === expected;
          const isWell = isSame && run.endedTwice.length === 0 && run.health === 200;
          isGood &&= isWell;
          process.stdout.write(
            `${link.padEnd(16)} ${fault.kind.padEnd(10)} ${isWell ? 'ok  ' : 'FAIL'} report ${(run.afterMs / 1_000).toFixed(1)} s after mending, /health ${run.health}, /ready ${run.ready}\n`,
          );
        }
      }
      return isGood;
    } finally {
      await ground.stop();
    }
  });
}
