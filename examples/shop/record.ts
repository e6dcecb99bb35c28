import path from 'node:path';
import { parseArgs } from 'node:util';
import { planRecording } from './recorder/plan-recording.ts';
import { scenarioNames } from './recorder/plan.ts';
import type { ScenarioName } from './recorder/plan.ts';
import { recordScenario } from './recorder/record-scenario.ts';

const usage = `Usage: npm run record -- --fault NAME --seed N --out DIR [options]

Records an incident of the demo shop as a case folder DIR/shop-xxxx and adds its right answer to DIR/truth.csv.

  --list               print the names --fault takes, one a line
  --fault NAME         what happens: one of ${scenarioNames.join(', ')}
  --seed N             a whole number; moves onset, place, strength, load and the decoy
  --out DIR            folder of the case folder and of truth.csv; made when missing
  --history 6h         also generate the gateway's request counts of the hours before
  --strength X         from 0 to 1: how hard the fault hits within its range (default: by seed)
  --baseline S         seconds before the fault, moved by the seed (default 90)
  --fault-seconds S    seconds of the fault (default 60)
  --warm-up S          seconds of load before the recording begins (default 8)

Standard output has the name of the new case; progress goes to standard error.
`;

class UsageError extends Error {}

function readNumber(text: string, flag: string, low: number, high: number): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < low || value > high) {
    throw new UsageError(`--${flag} is "${text}"; give a number from ${low} to ${high}`);
  }
  return value;
}

function readHours(text: string): number {
  const hours = /^(\d{1,2})h$/.exec(text)?.[1];
  if (hours === undefined || Number(hours) < 1 || Number(hours) > 48) {
    throw new UsageError(`--history is "${text}"; give hours from 1h to 48h`);
  }
  return Number(hours);
}

function readScenario(name: string | undefined): ScenarioName {
  const scenario = scenarioNames.find((known) => known === name);
  if (scenario === undefined) {
    throw new UsageError(`--fault is "${name ?? ''}"; give one of ${scenarioNames.join(', ')}`);
  }
  return scenario;
}

function readSeed(text: string | undefined): number {
  const seed = readNumber(text ?? '', 'seed', 0, Number.MAX_SAFE_INTEGER);
  if (!Number.isInteger(seed))
    throw new UsageError(`--seed is "${text ?? ''}"; give a whole number`);
  return seed;
}

const flags = {
  list: { type: 'boolean' },
  help: { type: 'boolean' },
  fault: { type: 'string' },
  seed: { type: 'string' },
  out: { type: 'string' },
  history: { type: 'string' },
  strength: { type: 'string' },
  baseline: { type: 'string', default: '90' },
  'fault-seconds': { type: 'string', default: '60' },
  'warm-up': { type: 'string', default: '8' },
} as const;

function readFlags(): ReturnType<
  typeof parseArgs<{ options: typeof flags; strict: true }>
>['values'] {
  try {
    return parseArgs({ options: flags, strict: true }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function abortOnSignal(): AbortSignal {
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(name, () => stop.abort(new Error(`stopped by ${name}`)));
  }
  return stop.signal;
}

async function main(): Promise<void> {
  const values = readFlags();
  if (values.help === true) {
    process.stdout.write(usage);
    return;
  }
  if (values.list === true) {
    process.stdout.write(`${scenarioNames.join('\n')}\n`);
    return;
  }
  if (values.out === undefined) throw new UsageError('--out DIR is missing');
  const seed = readSeed(values.seed);
  const plan = planRecording({
    scenario: readScenario(values.fault),
    seed,
    baselineSeconds: readNumber(values.baseline, 'baseline', 5, 3_600),
    faultSeconds: readNumber(values['fault-seconds'], 'fault-seconds', 5, 3_600),
    ...(values.strength !== undefined && {
      strength: readNumber(values.strength, 'strength', 0, 1),
    }),
  });
  const name = await recordScenario({
    plan,
    seed,
    outDir: path.resolve(values.out),
    historyHours: values.history === undefined ? null : readHours(values.history),
    warmUpMs: readNumber(values['warm-up'], 'warm-up', 0, 600) * 1_000,
    signal: abortOnSignal(),
    say: (sentence) => process.stderr.write(`${sentence}\n`),
  });
  process.stdout.write(`${name}\n`);
}

main().catch((error: unknown) => {
  const isUsage = error instanceof UsageError;
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  if (isUsage) process.stderr.write(`\n${usage}`);
  process.exit(isUsage ? 2 : 1);
});
