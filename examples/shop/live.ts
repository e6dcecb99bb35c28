import { parseArgs } from 'node:util';
import { planRecording } from './recorder/plan-recording.ts';
import { scenarioNames } from './recorder/plan.ts';
import { runLive } from './live/run-live.ts';
import { serviceNames } from './service/options.ts';

const usage = `Usage: live.ts --fault NAME --seed N --otlp URL [--ports gateway=8001,checkout=8002,...]

Runs the demo shop with users, sends its telemetry to an OTLP/HTTP collector, causes a fault after about a minute and a half, and goes
on until its standard input ends. Standard output has one JSON object a line: open, fault, reading, alert. Services take the
token in SHOP_OPS_TOKEN. NAME is one of ${scenarioNames.join(', ')}.
`;

/** Reads the command line, or ends the process with how to write it. */
function readRequest() {
  const { values } = parseArgs({
    options: {
      fault: { type: 'string' },
      seed: { type: 'string', default: '1' },
      otlp: { type: 'string' },
      ports: { type: 'string', default: '' },
    },
  });
  const scenario = scenarioNames.find((known) => known === values.fault);
  const seed = Number(values.seed);
  if (scenario === undefined || values.otlp === undefined || !Number.isSafeInteger(seed)) {
    process.stderr.write(usage);
    process.exit(2);
  }
  const given = new Map(
    values.ports.split(',').map((part) => part.split('=', 2) as [string, string]),
  );
  const ports = serviceNames.flatMap((name) => {
    const port = Number(given.get(name) ?? 'none');
    return Number.isInteger(port) ? [[name, port] as const] : [];
  });
  const plan = planRecording({ scenario, seed, baselineSeconds: 90, faultSeconds: 600 });
  return { plan, seed, otlpUrl: values.otlp, ports: Object.fromEntries(ports) };
}

const stop = new AbortController();
const end = (): void => stop.abort(new Error('told to stop'));
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, end);
process.stdin.on('end', end).on('error', end).on('close', end).resume();
runLive({
  ...readRequest(),
  signal: stop.signal,
  say: (event) => process.stdout.write(`${JSON.stringify(event)}\n`),
}).then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
