import { Command, InvalidArgumentError, Option } from 'commander';
import { investigationStatusSchema } from '../core/schemas/investigation.ts';
import { cancel } from './commands/cancel.ts';
import { checkCase } from './commands/check-case.ts';
import { exportCase, type CaseExportOptions } from './commands/export-case.ts';
import { decide, type DecideOptions } from './commands/decide.ts';
import { doctor } from './commands/doctor.ts';
import { investigate, type InvestigateOptions } from './commands/investigate.ts';
import { link } from './commands/link.ts';
import { list, type ListOptions } from './commands/list.ts';
import { opsCheck, type OpsCheckOptions } from './commands/ops-check.ts';
import { score, type ScoreOptions } from './commands/score.ts';
import { show } from './commands/show.ts';
import { sweep, type SweepOptions } from './commands/sweep.ts';
import { watch } from './commands/watch.ts';
import { why } from './commands/why.ts';
import type { Io } from './io.ts';

/** Where a command leaves its exit code. */
export interface Outcome {
  exitCode: number;
}

type Run = <Args extends readonly unknown[]>(
  work: (...args: Args) => Promise<number>,
) => (...args: Args) => Promise<void>;

/** Builds the command line. It parses and hands on; every command gives its exit code through `outcome`. */
export function createProgram(io: Io, outcome: Outcome): Command {
  const program = new Command('holdfast')
    .description(
      'Investigates production incidents; every claim cites evidence, every write is approved.',
    )
    .exitOverride()
    .configureOutput({ writeOut: io.print, writeErr: io.say })
    .showHelpAfterError('(holdfast --help says more)')
    .addHelpText('after', environmentHelp);
  const run: Run =
    (work) =>
    async (...args) => {
      outcome.exitCode = await work(...args);
    };
  addInvestigating(program, io, run);
  addLooking(program, io, run);
  addCases(program, io, run);
  addScoring(program, io, run);
  addDeciding(program, io, run);
  addOperating(program, io, run);
  return program;
}

function addInvestigating(program: Command, io: Io, run: Run): void {
  program
    .command('investigate [question]')
    .description('start an investigation of a recorded incident, or of what was received')
    .option('--case <dir-or-name>', 'a case folder, or the name of one that the API knows')
    .option('--cases <dir>', 'every case folder in a folder, two at a time; one report a line')
    .option('--file <file>', 'a request in YAML or JSON; - reads standard input')
    .option('--input <json>', 'a request as JSON')
    .option('--template', 'print a request to fill in, and do nothing else', false)
    .option('--question <text>', 'what to find out, instead of the question of the case')
    .option('--entity <kind:name>', 'without a case: who hurts, such as service:checkout')
    .option('--since <length>', 'without a case: how far to look back, such as 30m or 2h')
    .option('--wait', 'wait for the report and print it', false)
    .option('--out <file>', 'wait, and write the report there too: Markdown for .md, else JSON')
    .option('--rounds <n>', 'most rounds of a specialist', wholeNumber)
    .option('--calls <n>', 'most tool calls', wholeNumber)
    .option('--seconds <n>', 'most wall time', wholeNumber)
    .addOption(json())
    .action(
      run((question: string | undefined, options: InvestigateOptions) =>
        investigate(io, question === undefined ? options : { ...options, question }),
      ),
    );
  program
    .command('cancel <investigation>')
    .description('ask an investigation to end; it still writes a report')
    .addOption(json())
    .action(run((id: string, options: JsonOption) => cancel(io, id, options)));
}

function addLooking(program: Command, io: Io, run: Run): void {
  program
    .command('list')
    .description('list investigations, newest first')
    .addOption(
      new Option('--status <status>', 'only those that stand so').choices(
        investigationStatusSchema.options,
      ),
    )
    .option('--limit <n>', 'how many, 1 to 100', wholeNumber, 20)
    .addOption(json())
    .action(run((options: ListOptions) => list(io, options)));
  program
    .command('watch <investigation>')
    .description('follow an investigation until its report is written')
    .addOption(json())
    .action(run((id: string, options: JsonOption) => watch(io, id, options)));
  program
    .command('show <investigation>')
    .description('print the report, or how far the investigation is')
    .addOption(json())
    .action(run((id: string, options: JsonOption) => show(io, id, options)));
  program
    .command('link [investigation]')
    .description('print a link to its page (the newest unless told), on which you can decide')
    .addOption(json())
    .action(run((id: string | undefined, options: JsonOption) => link(io, id, options)));
  program
    .command('why <investigation> [sentence]')
    .description(
      'say where a sentence of the report comes from: its number, words of it, or the id of evidence',
    )
    .addOption(json())
    .action(
      run((id: string, sentence: string | undefined, options: JsonOption) =>
        why(io, id, sentence, options),
      ),
    );
}

function addCases(program: Command, io: Io, run: Run): void {
  const group = program.command('case').description('work with recorded incidents');
  group
    .command('check <dir>')
    .description('say what is wrong with a case folder, and what it lacks')
    .addOption(json())
    .action(run((dir: string, options: JsonOption) => checkCase(io, dir, options)));
  group
    .command('export')
    .description('write what was received into a case folder')
    .requiredOption('--out <dir>', 'the folder to write; it must not exist, or be empty')
    .option('--investigation <id>', 'what this investigation worked on')
    .option('--since <length>', 'how long a window, such as 1h; 2h unless told')
    .option('--until <instant>', 'when the window ends, in ISO 8601; now unless told')
    .option('--alert-title <text>', 'what was noticed')
    .option('--entity <kind:name>', 'who hurts, such as service:checkout')
    .addOption(json())
    .action(run((options: CaseExportOptions) => exportCase(io, options)));
}

function addScoring(program: Command, io: Io, run: Run): void {
  program
    .command('score')
    .description('say how often recorded incidents are answered rightly')
    .option('--cases <dir>', 'the case folders; all are investigated, two at a time')
    .option('--truth <file>', 'what really happened; truth.csv beside the cases unless told')
    .option('--reports <file>', 'answers given already, a report a line; nothing is investigated')
    .option(
      '--repeats <n>',
      'investigate each case so often, and say whether it agrees',
      wholeNumber,
    )
    .option('--lines', 'a line a case', false)
    .option('--export-misses <dir>', 'copy the cases that were answered wrongly, and say why')
    .option('--against <file>', 'compare with what --json printed of an earlier run')
    .option('--floor <share>', 'exit with 1 below this share of strictly right answers', ratio)
    .addOption(json())
    .action(run((options: ScoreOptions) => score(io, options)));
}

function addDeciding(program: Command, io: Io, run: Run): void {
  for (const decision of ['approve', 'reject'] as const) {
    program
      .command(`${decision} <action-or-investigation>`)
      .description(`${decision} a proposed write, bound to exactly what would run`)
      .option('--reason <text>', 'kept with the decision', '')
      .option('--print-signal', 'print the Temporal command that decides, and send nothing', false)
      .option('--no-wait', 'do not wait for the outcome')
      .addOption(json())
      .action(run((id: string, options: DecideOptions) => decide(io, decision, id, options)));
  }
}

function addOperating(program: Command, io: Io, run: Run): void {
  program
    .command('sweep')
    .description('evaluate the SLOs once, as the schedule does, and print what came of it')
    .addOption(json())
    .action(run((options: SweepOptions) => sweep(io, options)));
  program
    .command('doctor')
    .description('look at what Holdfast needs, and say what to do where something is missing')
    .addOption(json())
    .action(run((options: JsonOption) => doctor(io, options)));
  program
    .command('ops')
    .description('the operator endpoints of your services')
    .command('check')
    .description('hold a service against the contract of /ops/* (docs/ops-openapi.json)')
    .argument('<url>', 'address of the service, without /ops')
    .option('--token-file <file>', 'its operator token; else HOLDFAST_OPS_TOKEN')
    .option(
      '--writes',
      'also roll back to the release that serves already, to see keys honoured',
      false,
    )
    .addOption(json())
    .action(run((url: string, options: OpsCheckOptions) => opsCheck(io, url, options)));
}

interface JsonOption {
  readonly json: boolean;
}

const json = (): Option =>
  new Option('--json', 'print JSON and nothing else on standard output').default(false);

const environmentHelp = `
Environment:
  HOLDFAST_URL     the API to use; without one the local stack is started where it is needed
  HOLDFAST_TOKEN   the token for decisions; without it the one in .holdfast/token
  NO_COLOR         no colours
  FORCE_COLOR      colours also where no terminal is`;

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('a whole number is needed.');
  return Number(text);
}

function ratio(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value <= 1)) {
    throw new InvalidArgumentError('a number from 0 to 1 is needed.');
  }
  return value;
}
