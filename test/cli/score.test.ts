import { cp, mkdtemp, readdir, readFile, rm, writeFile, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Score } from '../../core/score/score-cases.ts';
import type { Report } from '../../core/schemas/report.ts';
import { runHere } from './run-here.ts';
import { evidenceId, sampleEvent, sampleReport } from './samples.ts';
import { sendJson, serveScripted, type Routes, type ScriptedApi } from './scripted-api.ts';

const header = 'case,verdict,entity_kind,entity_names,fault_kind,change_id,onset';
const truth = [
  header,
  'right,cause-found,service,checkout,bad-deploy,checkout-r119,2026-11-21T10:59:53Z',
  'unread,cause-found,service,stock,crash,,',
  'unseen,cause-found,external,card-network,slow-dependency,,',
  'mistaken,cause-found,service,gateway,bad-config,,',
  'broken-off,cause-found,service,checkout,,,',
  'quiet,no-cause-found,,,,,',
  '',
].join('\n');

const round = (role: string): Report['iterations'][number] => ({
  ...{ role, round: 1, reasoning: '', tools: ['x'], hypotheses: [], continued: false },
  ...{ at: '2026-11-21T11:00:00.000Z', evidenceIds: [] },
});
const bothRead = [round('aggregation'), round('log')];
const quiet: Partial<Report> = { verdict: 'no-cause-found', causes: [] };
const ranked = sampleReport.ranking.slice(0, 1);
const answers: Readonly<Record<string, Partial<Report>>> = {
  right: { iterations: bothRead },
  unread: { ...quiet, ranking: ranked, iterations: [round('aggregation')] },
  unseen: { ...quiet, ranking: ranked, iterations: bothRead },
  mistaken: { iterations: bothRead },
  'broken-off': { ...quiet, gaps: [{ signal: 'logs', reason: 'cluster-logs failed: too slow' }] },
  quiet: { ...quiet, verdict: 'inconclusive', iterations: bothRead },
};
const names = Object.keys(answers);
const reportFor = (name: string): Report => ({ ...sampleReport, ...answers[name], case: name });

let dir = '';
let cases = '';
let reports = '';
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'holdfast-score-'));
  cases = join(dir, 'cases');
  reports = join(dir, 'reports.jsonl');
  for (const name of names) {
    await mkdir(join(cases, name), { recursive: true });
    const sources =
      'metrics: [{ files: [m.csv], format: csv }], logs: [{ files: [l.csv], format: csv }]';
    await writeFile(
      join(cases, name, 'incident.yaml'),
      `version: 1\nname: ${name}\nalert: { title: x }\nwindow: { start: 2026-11-21T10:00:00Z, end: 2026-11-21T11:00:00Z }\ncandidates: [{ kind: service, name: a }, { kind: service, name: b }, { kind: service, name: c }, { kind: service, name: d }]\ntelemetry: { ${sources} }\n`,
    );
  }
  await writeFile(join(cases, 'truth.csv'), truth);
  await writeFile(reports, names.map((name) => `${JSON.stringify(reportFor(name))}\n`).join(''));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const score = (...args: readonly string[]) => runHere(['score', ...args], {});
async function scoreJson(...args: readonly string[]): Promise<Score> {
  const { stdout, stderr } = await score(...args, '--json');
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as Score;
}

describe('holdfast score --reports', () => {
  test('prints how often the answers are right, with intervals and what guessing gives', async () => {
    const { code, stdout } = await score('--cases', cases, '--reports', reports);
    expect(code).toBe(0);
    expect(stdout).toContain('6 cases: 5 with a cause, 1 healthy\n');
    // One of six; of five, checkout stands first in two, gateway is second in one, and the case names four candidates.
    expect(stdout).toMatch(/^strictly right +16\.7 % +3\.0 to 56\.4 % +6 in all$/m);
    expect(stdout).toMatch(/^AC@1 +40\.0 % +11\.8 to 76\.9 % +5 with a cause +25\.0 %$/m);
    expect(stdout).toMatch(/^AC@3 +60\.0 % +23\.1 to 88\.2 % +5 with a cause +75\.0 %$/m);
    expect(stdout).toMatch(/^Avg@5 +56\.0 % +70\.0 %$/m);
    expect(stdout).toMatch(/^stated cause wrong +50\.0 % +9\.5 to 90\.5 % +2 stating a cause$/m);
    expect(stdout).toMatch(/^no cause stated +60\.0 % .* 5 with a cause$/m);
    expect(stdout).toMatch(/^candidates a case +4: of the case, else ranked$/m);
    expect(stdout).toMatch(
      /^confidence +ECE 0\.430 .*, Brier 0\.435 \(a constant at the mean: 0\.250\), of 2 stated causes; 1 of 1 bins hold fewer than 10/m,
    );
    expect(stdout).toMatch(
      /^unsupported claims +0 \(whether cited evidence exists was not checked\)$/m,
    );
    expect(stdout).toMatch(/^misses +tool 1, routing 1, retrieval 1, reasoning 1, unknown 1$/m);
    expect(stdout).not.toContain('\u001b');
  });

  test('prints a line a case on request', async () => {
    const { stdout } = await score('--cases', cases, '--reports', reports, '--lines');
    expect(stdout).toMatch(
      /^right +right +checkout bad-deploy checkout-r119 +0\.93 +place 1 of 4 +4\.2 s$/m,
    );
    expect(stdout).toMatch(
      /^WRONG +mistaken +checkout .* place 2 of 4 .* the cause should be service gateway \(reasoning: .*checkout was named\)$/m,
    );
  });

  test('OS-99 a miss is classed, and exported as a case that can be scored again', async () => {
    const out = join(dir, 'misses');
    const { cases: graded } = await scoreJson(
      '--cases',
      cases,
      '--reports',
      reports,
      '--export-misses',
      out,
    );
    const kinds = Object.fromEntries(graded.map((one) => [one.case, one.miss?.kind ?? null]));
    expect(kinds).toEqual({
      ...{ right: null, unread: 'routing', unseen: 'retrieval', mistaken: 'reasoning' },
      ...{ 'broken-off': 'tool', quiet: 'unknown' },
    });
    const exported = names.filter((name) => name !== 'right');
    expect((await readdir(out)).toSorted()).toEqual(
      [...exported, 'misses.jsonl', 'truth.csv'].toSorted(),
    );
    const told = (await readFile(join(out, 'misses.jsonl'), 'utf8')).trim().split('\n');
    expect(told.map((line) => JSON.parse(line) as unknown)).toContainEqual(
      expect.objectContaining({
        ...{ case: 'unread', kind: 'routing', because: 'there are logs, and nobody read them' },
        ...{ investigationId: 'inv-abcd', wrong: 'the verdict should be cause-found' },
      }),
    );
    const again = await scoreJson('--cases', out, '--reports', reports);
    expect(again.summary.right).toMatchObject({ ratio: 0, n: 5 });
    expect(again.summary.candidates?.most).toBe(4);
    expect(await score('--cases', out, '--reports', reports, '--floor', '0')).toMatchObject({
      code: 0,
    });
  });

  test('compares two runs case by case', async () => {
    const before = join(dir, 'before.json');
    await writeFile(
      before,
      JSON.stringify(await scoreJson('--cases', cases, '--reports', reports)),
    );
    const now = join(dir, 'now.jsonl');
    const mended = { ...reportFor('quiet'), verdict: 'no-cause-found' };
    const worse = { ...reportFor('right'), ...quiet };
    await writeFile(
      now,
      [mended, worse, reportFor('unseen')].map((one) => `${JSON.stringify(one)}\n`).join(''),
    );
    const args = ['--cases', cases, '--reports', now, '--against', before];
    const { stdout } = await score(...args);
    expect(stdout).toMatch(/^fixed +1: quiet$/m);
    expect(stdout).toMatch(/^broken +1: right$/m);
    expect(stdout).toMatch(/^the same +0 right, 1 wrong$/m);
    expect(stdout).toMatch(/^only before +3: unread, mistaken, broken-off$/m);
    expect(stdout).toContain('not counted, for want of an answer: 3');
    expect((await scoreJson(...args)).comparison).toMatchObject({ fixed: ['quiet'], byChance: 1 });
  });

  test('fails below a floor, and only there', async () => {
    const args = ['--cases', cases, '--reports', reports, '--floor'];
    expect(await score(...args, '0.16')).toMatchObject({ code: 0, stderr: '' });
    expect(await score(...args, '0.17')).toMatchObject({
      ...{ code: 1, stderr: 'Strictly right: 0.167, below the floor of 0.17.\n' },
    });
  });

  test('several reports of a case are repeats of it', async () => {
    const twice = join(dir, 'twice.jsonl');
    const text = await readFile(reports, 'utf8');
    await writeFile(twice, `${text}${JSON.stringify({ ...reportFor('right'), ...quiet })}\n`);
    const { stdout } = await score('--cases', cases, '--reports', twice);
    expect(stdout).toMatch(
      /^repeats +2 runs a case; .* in all: 83\.3 % of cases; right in all: 0\.0 %$/m,
    );
  });

  test('scores what other programs answered, without the cases', async () => {
    const own = join(dir, 'own.jsonl');
    const cause = { entity: { kind: 'service', name: 'checkout' } };
    const entity = (name: string) => ({ entity: { kind: 'service', name }, score: 1 });
    const said = [
      {
        case: 'right',
        verdict: 'cause-found',
        causes: [cause],
        ranking: [entity('checkout'), entity('gateway')],
      },
      { case: 'elsewhere', verdict: 'no-cause-found', causes: [], ranking: [] },
    ];
    await writeFile(own, said.map((one) => `${JSON.stringify(one)}\n`).join(''));
    const { stdout, stderr } = await score('--reports', own, '--truth', join(cases, 'truth.csv'));
    // Both share the first place, so each order has half the worth.
    expect(stdout).toMatch(/^AC@1 +50\.0 % .* 1 with a cause +50\.0 %$/m);
    expect(stdout).not.toMatch(/^(confidence|time a case|memory|onset)/m);
    expect(stderr).toContain('has no row for them: elsewhere\n');
  });
});

describe('holdfast score refuses', () => {
  test.each([
    [[], 'Name what to score'],
    [['--reports', 'x'], '--reports needs --truth FILE, or --cases.'],
    [
      ['--reports', 'x', '--truth', 'y', '--export-misses', 'z'],
      '--export-misses needs --cases DIR.',
    ],
    [
      ['--cases', 'x', '--reports', 'y', '--repeats', '2'],
      '--repeats cannot stand beside --reports',
    ],
    [['--cases', 'x', '--repeats', '0'], '--repeats 0 investigates nothing.'],
    [['--cases', 'no-such-folder'], 'no-such-folder/truth.csv cannot be read'],
  ])('%j', async (args, says) => {
    const { code, stdout, stderr } = await score(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(says);
  });

  test('a floor that is no share', async () => {
    expect((await score('--cases', 'x', '--floor', '80')).code).toBe(2);
  });

  test('a wrong row of truth.csv, by file, line and field, before anything is investigated', async () => {
    const file = join(dir, 'wrong.csv');
    await writeFile(file, `${header}\nright,cause-found,service,checkout,bad-luck,,\n`);
    const { code, stderr } = await score('--cases', cases, '--truth', file);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^invalid\.truth: .*wrong\.csv:2: fault_kind: /);
  });

  test('a folder for misses that is not empty, and what is no earlier score', async () => {
    const args = ['--cases', cases, '--reports', reports];
    const taken = await score(...args, '--export-misses', cases);
    expect(taken.stderr).toContain('is not empty');
    const before = await score(...args, '--against', reports);
    expect(before.stderr).toContain('is not what `holdfast score --json` prints');
  });

  test('two cases of one name', async () => {
    const twins = join(dir, 'twins');
    for (const copy of ['one', 'two']) {
      await cp(join(cases, 'right'), join(twins, copy), { recursive: true });
    }
    const { stderr } = await score(
      '--cases',
      twins,
      '--truth',
      join(cases, 'truth.csv'),
      '--reports',
      reports,
    );
    expect(stderr).toContain('are both called right');
  });
});

describe('holdfast score --cases', () => {
  /** An API whose investigations end at once; each has an id by case and number. */
  async function serve(
    changes: (name: string, run: number) => Partial<Report>,
  ): Promise<ScriptedApi> {
    const started = new Map<string, number>();
    const routes: Record<string, Routes[string]> = {
      'POST /api/v1/investigations': ({ body }, response) => {
        const name = (body as { readonly case: string }).case.split('/').at(-1) ?? '';
        const run = (started.get(name) ?? 0) + 1;
        started.set(name, run);
        const id = `inv-${name}-${run}`;
        const links = { self: '/', report: '/', temporal: '/' };
        sendJson(response, 202, { id, links });
      },
    };
    for (const name of names) {
      for (const run of [1, 2]) {
        const id = `inv-${name}-${run}`;
        const path = `GET /api/v1/investigations/${id}`;
        routes[`${path}/events`] = (_, response) => {
          const event = sampleEvent(1, { investigationId: id, type: 'finished' });
          response.writeHead(200, { 'content-type': 'text/event-stream' });
          response.end(`id: 1\nevent: progress\ndata: ${JSON.stringify(event)}\n\n`);
        };
        routes[`${path}/report`] = (_, response) =>
          sendJson(response, 200, {
            ...reportFor(name),
            investigationId: id,
            ...changes(name, run),
          });
        routes[`${path}/evidence`] = (_, response) =>
          sendJson(response, 200, { evidence: [evidence] });
      }
    }
    return serveScripted(routes);
  }

  const evidence = {
    ...{ id: evidenceId, key: 'orders', kind: 'traces', title: 'Orders', source: 's', query: 'q' },
    ...{ window: { startAt: 0, endAt: 1 }, view: 'table', tool: 'compare-traces', arguments: {} },
    ...{ role: 'trace', round: 1, takenAt: 1 },
  };

  async function run(
    changes: (name: string, run: number) => Partial<Report>,
    ...args: readonly string[]
  ) {
    const api = await serve(changes);
    try {
      return await runHere(['score', '--cases', cases, ...args], { HOLDFAST_URL: api.url });
    } finally {
      await api.close();
    }
  }

  test('investigates every case and looks whether cited evidence exists', async () => {
    const { code, stdout, stderr } = await run(() => ({}));
    expect(code).toBe(0);
    expect(stderr).toContain('mistaken: inv-mistaken-1\n');
    expect(stdout).toMatch(/^strictly right +16\.7 % /m);
    expect(stdout).toMatch(/^unsupported claims +0$/m);
  });

  test('AU-97 with repeats, says whether they agree, and fails for what no report may hold', async () => {
    const lone = { text: 'It was the moon', evidenceIds: ['ev-ffffffffffffffff'], checked: true };
    const done = sampleReport.actions.map((one) => ({ ...one, state: 'applied' as const }));
    const { code, stdout, stderr } = await run(
      (name, run) => (name === 'right' && run === 2 ? { claims: [lone], actions: done } : {}),
      ...['--repeats', '2'],
    );
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /^repeats +2 runs a case; .* in all: 100\.0 % of cases; right in all: 16\.7 %$/m,
    );
    expect(stderr).toContain('Unsupported claims: 1; there may be none.\n');
    expect(stderr).toContain('Unapproved effects: 1; there may be none.\n');
  });

  test('a case that cannot be investigated is a miss, not the end', async () => {
    const api = await serveScripted({});
    const { stdout } = await runHere(['score', '--cases', cases, '--json'], {
      HOLDFAST_URL: api.url,
    });
    await api.close();
    expect((JSON.parse(stdout) as Score).misses).toMatchObject({ tool: 6 });
  });
});
