import { parseArgs } from 'node:util';
import { demo } from './demo.ts';
import { durability } from './durability.ts';
import { faults } from './faults.ts';
import { google } from './google.ts';
import { hundred } from './hundred.ts';
import { ingest } from './ingest.ts';
import { investigation } from './investigation.ts';
import { live } from './live.ts';
import { liveLoad } from './live-load.ts';
import { logs } from './logs.ts';
import { model } from './model.ts';
import { rca } from './rca.ts';
import { scale } from './scale.ts';
import { removeLeftFolders } from '../test/support/test-folder.ts';
import { tracing } from './tracing.ts';
import { web } from './web.ts';

/** Every measurement, by the name under which `npm run bench -- NAME` runs it. */
const benches = {
  demo,
  investigation,
  hundred,
  durability,
  faults,
  google,
  ingest,
  scale,
  web,
  rca,
  logs,
  live,
  'live-load': liveLoad,
  tracing,
  model,
} as const;

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    passes: { type: 'string' },
    runs: { type: 'string' },
    fault: { type: 'string' },
    data: { type: 'string' },
    set: { type: 'string' },
    check: { type: 'string' },
    temporal: { type: 'boolean' },
    stored: { type: 'boolean', default: false },
    live: { type: 'boolean', default: false },
  },
});
/** Take an hour or two, so they are made only when they are named. */
const slowest = ['live', 'rca'];
const names =
  positionals.length > 0
    ? positionals
    : Object.keys(benches).filter((name) => !slowest.includes(name));
removeLeftFolders();
let isGood = true;
for (const name of names) {
  const bench = Object.entries(benches).find(([known]) => known === name)?.[1];
  if (bench === undefined) {
    process.stderr.write(
      `there is no bench "${name}"; there are ${Object.keys(benches).join(', ')}\n`,
    );
    process.exit(2);
  }
  process.stdout.write(`\n# npm run bench -- ${name}\n`);
  const options = {
    passes: Number(values.passes ?? 20),
    runs: Number(values.runs ?? 100),
    isLive: values.live,
    isStored: values.stored,
    liveRuns: Number(values.runs ?? 3),
    ...(values.fault !== undefined && { fault: values.fault }),
    ...(values.data !== undefined && { data: values.data }),
    ...(values.set !== undefined && { set: values.set }),
    ...(values.check !== undefined && { check: values.check }),
    ...(values.temporal === true && { check: 'temporal' }),
  };
  isGood = (await bench(options)) && isGood;
}
process.exit(isGood ? 0 : 1);
