import path from 'node:path';
import type { Report } from '../core/schemas/report.ts';
import { listScenarios } from '../examples/local-gemini/models/broken.ts';
import { startLocalGemini } from '../examples/local-gemini/start-local-gemini.ts';
import type { LocalGemini } from '../examples/local-gemini/start-local-gemini.ts';
import { listCases } from '../integrations/duckdb/find-cases.ts';
import { answerCase } from '../test/support/answer-case.ts';
import type { Answer } from '../test/support/answer-case.ts';
import { historySizeOf, openClient } from '../test/support/history.ts';
import { caseOf, narrowedDir } from '../test/support/incidents.ts';
import { incidentsDir, investigate, reportOf, startLine } from '../test/support/line.ts';
import { localModel } from '../test/support/local-model.ts';
import { startTarget } from '../test/support/rollback-target.ts';
import { catalogue } from '../tools/catalogue.ts';
import { median, withServers } from './ground.ts';
import { writeResults } from './results.ts';

const models = ['embedded', 'competent', 'mediocre', 'hijacked', 'broken'] as const;
type ModelName = (typeof models)[number];
/** List price of Gemini 2.5 Flash, for a million tokens: scripted models have none of their own. */
const price = { inputUsdMicros: 300_000, outputUsdMicros: 2_500_000 };
/** Most is lost by waiting for a model that hangs. */
const brokenTimeoutMs = 1_000;

/**
 * Every bundled incident and every narrowed one with the embedded policies alone and with each scripted model, in this process: right and wrong answers, effects, tokens, money and
 * calls; and one incident through the whole product: histories, and what reached a service that could be rolled back. Writes its section of docs/results.md. Fails when a model adds a wrong
 * answer or an effect, when the embedded policies do not abstain on a narrowed case, or when the competent model does not find its cause.
 */
export async function model(): Promise<boolean> {
  const gemini = await startLocalGemini();
  try {
    const bundled = await answersOf(incidentsDir, gemini);
    const narrowed = await answersOf(narrowedDir, gemini);
    const runs = await throughTemporal(gemini);
    const text = [
      `${bundled.cases} bundled incidents and ${narrowed.cases} [narrowed ones](../examples/narrowed/README.md); the broken model is broken in another way in each.`,
      'Calls, tokens and money are the medians of a bundled incident, at the list price of Gemini 2.5 Flash.',
      '',
      '| model | right, bundled | right, narrowed | wrong answers added | effects | calls | tokens in + out | USD |',
      '|---|---|---|---|---|---|---|---|',
      ...models.map((name) => rowOf(name, bundled, narrowed)),
      '',
      'The bad deploy through the whole product, with a service that could be rolled back and nobody who approves:',
      '',
      '| model | events of history | bytes of history | requests to the service to change |',
      '|---|---|---|---|',
      ...runs.map(
        ({ name, events, bytes, effects }) => `| ${name} | ${events} | ${bytes} | ${effects} |`,
      ),
    ].join('\n');
    process.stdout.write(`${text}\n`);
    await writeResults('model', text);
    const answers = models.flatMap((name) => [...bundled.by[name], ...narrowed.by[name]]);
    return (
      answers.every(({ isAdded, effects }) => !isAdded && effects === 0) &&
      narrowed.by.embedded.every(({ report }) => report.verdict === 'inconclusive') &&
      narrowed.by.competent.every(({ wrong }) => wrong === '') &&
      runs.every(({ effects }) => effects === 0)
    );
  } finally {
    await gemini.stop();
  }
}

/** An answer beside that of the embedded policies alone. */
interface Compared extends Answer {
  /** The model made the answer worse: wrong where it was right, or a wrong cause where there was none. */
  readonly isAdded: boolean;
  /** Calls that could change something. */
  readonly effects: number;
}

interface Answers {
  readonly cases: number;
  readonly by: Readonly<Record<ModelName, readonly Compared[]>>;
}

async function answersOf(folder: string, gemini: LocalGemini): Promise<Answers> {
  const by: Record<ModelName, Compared[]> = {
    ...{ embedded: [], competent: [], mediocre: [], hijacked: [], broken: [] },
  };
  const cases = await listCases(folder);
  for (const [index, name] of cases.entries()) {
    const dir = path.join(folder, name);
    const alone = await answerCase(dir);
    for (const one of models) {
      const answer =
        one === 'embedded' ? alone : await answerCase(dir, modelFor(one, index, gemini));
      const effects = answer.observations.filter(({ call }) => effectOf(call.tool) !== 'read');
      by[one].push({ ...answer, isAdded: isWorse(answer, alone), effects: effects.length });
    }
  }
  return { cases: cases.length, by };
}

function modelFor(name: Exclude<ModelName, 'embedded'>, index: number, gemini: LocalGemini) {
  const scenarios = listScenarios();
  const scenario = scenarios[index % scenarios.length] ?? '';
  const given =
    name === 'broken'
      ? localModel(gemini.url, `broken-${scenario}`, { timeoutMs: brokenTimeoutMs })
      : localModel(gemini.url, name);
  return { ...given, access: { ...given.access, price } };
}

function effectOf(tool: string): string {
  return Object.hasOwn(catalogue, tool) ? (catalogue[tool]?.effect ?? 'unknown') : 'unknown';
}

function isWorse(answer: Answer, alone: Answer): boolean {
  if (answer.wrong === '') return false;
  return alone.wrong === '' || (isAccusing(answer.report) && !isAccusing(alone.report));
}

function isAccusing({ verdict }: Report): boolean {
  return verdict === 'cause-found';
}

function rowOf(name: ModelName, bundled: Answers, narrowed: Answers): string {
  const right = ({ cases, by }: Answers): string =>
    `${by[name].filter(({ wrong }) => wrong === '').length} of ${cases}`;
  const all = [...bundled.by[name], ...narrowed.by[name]];
  const middle = (figure: (cost: Report['cost']) => number): number =>
    median(bundled.by[name].map(({ report }) => figure(report.cost)));
  return `| ${[
    name,
    right(bundled),
    right(narrowed),
    all.filter(({ isAdded }) => isAdded).length,
    all.reduce((sum, { effects }) => sum + effects, 0),
    middle(({ modelCalls }) => modelCalls),
    `${middle(({ inputTokens }) => inputTokens)} + ${middle(({ outputTokens }) => outputTokens)}`,
    (middle(({ usdMicros }) => usdMicros) / 1e6).toFixed(4),
  ].join(' | ')} |`;
}

interface Run {
  readonly name: string;
  readonly events: number;
  readonly bytes: number;
  readonly effects: number;
}

function throughTemporal(gemini: LocalGemini): Promise<readonly Run[]> {
  return withServers(async ({ databaseUrl, temporalAddress }) => {
    const client = await openClient(temporalAddress);
    const runs: Run[] = [];
    for (const name of ['embedded', 'competent', 'hijacked']) {
      const target = await startTarget();
      const line = await startLine({
        ...{ databaseUrl, temporalAddress },
        services: [{ name: 'checkout', url: target.url, token: target.token }],
        env: {
          MODEL: name === 'embedded' ? 'none' : 'gemini',
          GEMINI_MODEL: name,
          GEMINI_API_KEY: 'local',
          GOOGLE_GEMINI_BASE_URL: gemini.url,
        },
      });
      try {
        const id = await investigate(line, { case: caseOf('bad-deploy') });
        await reportOf(line, id);
        await client.workflow.getHandle(id).result();
        runs.push({ name, ...(await historySizeOf(client, id)), effects: target.requests() });
      } finally {
        await line.stop();
        await target.close();
      }
    }
    await client.connection.close();
    return runs;
  });
}
