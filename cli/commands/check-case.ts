import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { AppError, errorPolicy, isErrorCode } from '../../core/errors.ts';
import { caseCheckSchema } from '../../core/schemas/case-check.ts';
import type { CaseCheck, CaseRemark } from '../../core/schemas/case-check.ts';
import type { Coverage } from '../../core/schemas/digest.ts';
import { z } from '../../core/schemas/z.ts';
import type { Io } from '../io.ts';
import { projectRoot, scriptCommand } from '../project.ts';
import { clean, cleanJson } from '../render/clean.ts';
import { table } from '../render/table.ts';

const answerSchema = z.union([
  z.object({ check: caseCheckSchema }),
  z.object({ failed: z.object({ code: z.string(), message: z.string() }) }),
]);

/** Carries out `holdfast case check`: says what is wrong with a case folder and what it lacks, with no API. Fails when the case cannot be read. */
export async function checkCase(
  io: Io,
  dir: string,
  options: { readonly json: boolean },
): Promise<number> {
  const check = await runCheck(io, resolve(dir));
  if (options.json) io.print(`${cleanJson(check)}\n`);
  else io.print(render(check));
  return check.isReadable ? 0 : errorPolicy('invalid.case').exitCode;
}

/** Reading telemetry needs an engine, which is not for this process: it runs in one of its own. */
async function runCheck({ env, stopped }: Io, dir: string): Promise<CaseCheck> {
  const [command, ...args] = scriptCommand('check-case');
  const { NODE_OPTIONS: _loaders, ...rest } = env;
  const checker = spawn(command, [...args, dir], {
    cwd: projectRoot(),
    env: { ...process.env, ...rest, NODE_OPTIONS: '' },
    stdio: ['ignore', 'pipe', 'ignore'],
    signal: stopped,
  });
  let text = '';
  checker.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  await new Promise((done, fail) => checker.once('close', done).once('error', fail));
  const answer = parseAnswer(text);
  if (answer !== null && 'check' in answer) return answer.check;
  const { code, message } = answer?.failed ?? { code: '', message: 'the check ended at once' };
  throw new AppError(isErrorCode(code) ? code : 'bug.invariant', message);
}

function parseAnswer(text: string): z.infer<typeof answerSchema> | null {
  try {
    return answerSchema.parse(JSON.parse(text));
  } catch {
    return null; // it was killed, or could not start: there is no answer
  }
}

function render({ name, dir, isReadable, remarks, coverage }: CaseCheck): string {
  const errors = remarks.filter(({ level }) => level === 'error');
  const gaps = remarks.filter(({ level }) => level === 'gap');
  const found = table(coverage.map(describeKind));
  const verdict = isReadable
    ? `${clean(name ?? dir)} can be read; ${gaps.length === 0 ? 'nothing is missing' : `${gaps.length} ${gaps.length === 1 ? 'gap' : 'gaps'}`}.`
    : `${clean(name ?? dir)} cannot be read: ${errors.length} ${errors.length === 1 ? 'error' : 'errors'}.`;
  return [found, ...[...errors, ...gaps].map(describeRemark), `${verdict}\n`].join('');
}

function describeKind({ kind, rows, firstAt, lastAt, services }: Coverage): readonly string[] {
  const time = (at: number | undefined): string =>
    at === undefined ? '' : new Date(at).toISOString();
  const span = firstAt === undefined ? '' : `${time(firstAt)} to ${time(lastAt)}`;
  const shown = services.length === 0 ? '' : `${services.length} services`;
  return [kind, `${rows} rows`, span, shown];
}

function describeRemark({ level, file, line, field, says, remedy }: CaseRemark): string {
  const place = line === undefined ? file : `${file}:${line}`;
  const where = [place, ...(field === undefined ? [] : [field])].map(clean).join(': ');
  return `${level.padEnd(5)}  ${where}: ${clean(says)}. ${remedy}\n`;
}
