import { liveSubject, recordedSubject } from '../test/support/subject.ts';
import { links, networkFaults, startNetworkGround } from '../test/support/network-ground.ts';
import { withServers } from './ground.ts';
import type { BenchOptions } from './ground.ts';

const lastsMs = 10_000;

/**
 * Every fault on every connection between our processes and their servers, once: all end with the same answer, nothing twice. Of a recorded incident, or, with
 * `--live`, of one whose telemetry comes in meanwhile.
 */
export async function faults({ isLive }: Pick<BenchOptions, 'isLive'>): Promise<boolean> {
  return withServers(async (servers) => {
    const ground = await startNetworkGround(servers);
    try {
      const { line } = ground;
      const subject = isLive ? await liveSubject(line) : recordedSubject(line);
      const expected = JSON.stringify(subject.answerOf(await subject.undisturbed()));
      let isGood = true;
      for (const link of links) {
        for (const fault of networkFaults) {
          const run = await ground.investigateUnder(subject, { link, fault, lastsMs });
          const isSame = JSON.stringify(subject.answerOf(run.report)) === expected;
          const isWell = isSame && run.endedTwice.length === 0 && run.health.join() === '200';
          isGood &&= isWell;
          process.stdout.write(
            `${link.padEnd(16)} ${fault.kind.padEnd(10)} ${isWell ? 'ok  ' : 'FAIL'} report ${(run.afterMs / 1_000).toFixed(1)} s after mending, /health ${run.health.join('/')}, /ready ${run.ready.join('/')}\n`,
          );
        }
      }
      const lost = (await subject.flow?.lost()) ?? [];
      if (lost.length > 0) process.stdout.write(`${lost.length} acknowledged spans are lost\n`);
      return isGood && lost.length === 0;
    } finally {
      await ground.stop();
    }
  });
}
