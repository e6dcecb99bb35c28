import { parseArgs } from 'node:util';
import { demo } from './demo.ts';
import { durability } from './durability.ts';
import { faults } from './faults.ts';
import { hundred } from './hundred.ts';
import { ingest } from './ingest.ts';
import { investigation } from './investigation.ts';
import { web } from './web.ts';

/** Every measurement, by the name under which `npm run bench -- NAME` runs it. */
const benches = { demo, investigation, hundred, durability, faults, ingest, web } as const;

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { passes: { type: 'string' }, runs: { type: 'string' } },
});
const names = positionals.length > 0 ? positionals : Object.keys(benches);
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
  isGood =
    (await bench({ passes: Number(values.passes ?? 20), runs: Number(values.runs ?? 100) })) &&
    isGood;
}
process.exit(isGood ? 0 : 1);
