import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sentencesOf } from '../../core/report/sentences.ts';
import { runHere } from '../cli/run-here.ts';
import { sampleReport } from '../cli/samples.ts';
import { startTestApi } from './support/api.ts';
import type { TestApi } from './support/api.ts';
import { finish } from './support/story.ts';

let api: TestApi;

beforeAll(async () => {
  api = await startTestApi();
});
afterAll(async () => {
  await api.close();
});

/** Words alone: lines are broken and marks escaped as each surface needs it. */
function wordsOf(text: string): string {
  return text
    .replaceAll('&#58;', ':')
    .replaceAll(/[^\p{L}\p{N}%.]+/gu, ' ')
    .trim();
}

test('OS-23 every surface tells a report in the same words: JSON, Markdown, terminal, and what why answers', async () => {
  const posted = await fetch(`${api.url}/api/v1/investigations`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ case: 'quiet-night' }),
  });
  const { id } = (await posted.json()) as { readonly id: string };
  const { actions: _, ...told } = sampleReport;
  const report = await finish(api.store, id, { ...told, investigationId: id });

  const url = `${api.url}/api/v1/investigations/${id}/report`;
  const markdown = await (await fetch(url, { headers: { accept: 'text/markdown' } })).text();
  const env = { HOLDFAST_URL: api.url, NO_COLOR: '1' };
  const shown = await runHere(['show', id], env);
  const sentences = await runHere(['why', id], env);
  const json = await runHere(['show', id, '--json'], env);
  expect(JSON.parse(json.stdout)).toEqual(report);

  const surfaces = { markdown, terminal: shown.stdout };
  for (const [surface, text] of Object.entries(surfaces)) {
    for (const said of [
      report.summary,
      ...report.causes.map(({ mechanism }) => mechanism),
      ...report.claims.map((claim) => claim.text),
      ...report.ruledOut.flatMap(({ hypothesis, because }) => [
        // A colon takes the place of its stop where the reason follows on the line.
        hypothesis.replace(/\.$/, ''),
        because,
      ]),
      ...report.gaps.map(({ reason }) => reason),
      ...report.remediations.map(({ rationale }) => rationale),
    ]) {
      expect({ surface, text: wordsOf(text) }).toMatchObject({
        surface,
        text: expect.stringContaining(wordsOf(said)),
      });
    }
  }
  for (const { text } of sentencesOf(report)) {
    expect(wordsOf(sentences.stdout)).toContain(wordsOf(text));
  }
});
