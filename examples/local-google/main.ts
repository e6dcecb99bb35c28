import { parseArgs } from 'node:util';
import { faultsOf, readScenario } from './scenarios.ts';
import { startLocalGoogle } from './start-local-google.ts';

const usage = `Usage: npx tsx examples/local-google/main.ts --case DIR [options]

Speaks as Google Cloud does (Logging, Monitoring, Trace, BigQuery) about what a case folder holds. Prints one JSON line when it is ready, and ends when
standard input does.

  --case DIR        what it knows
  --port N          port of loopback (default: any)
  --project ID      the project it plays (default local-project)
  --scenario NAME   how it goes wrong: a file of scenarios/
`;

const { values } = parseArgs({
  options: {
    case: { type: 'string' },
    port: { type: 'string', default: '0' },
    project: { type: 'string', default: 'local-project' },
    scenario: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help || values.case === undefined) {
  process.stdout.write(usage);
  process.exitCode = values.help ? 0 : 2;
} else {
  const google = await startLocalGoogle({
    caseDir: values.case,
    projectId: values.project,
    port: Number(values.port),
    ...(values.scenario === undefined ? {} : { faults: faultsOf(readScenario(values.scenario)) }),
  });
  process.stdout.write(`${JSON.stringify({ ready: true, url: google.url })}\n`);
  // Whoever started it ends it by ending its input, also by dying.
  process.stdin.resume().once('end', () => void google.close().then(() => process.exit(0)));
}
