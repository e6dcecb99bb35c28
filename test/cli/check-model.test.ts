import { describe, expect, test } from '@jest/globals';
import { runHere } from './run-here.ts';

const nobody = 'none: the embedded policies reason alone';
const project = { GOOGLE_CLOUD_PROJECT: 'shop-prod' };
const vertex = { GOOGLE_GENAI_USE_VERTEXAI: 'true' };
const key = { GEMINI_API_KEY: 'k-3f8a1c' };
const gemini = { MODEL: 'gemini' };

interface Line {
  readonly name: string;
  readonly state: string;
  readonly found: string;
}

describe('doctor, of the model', () => {
  test.each([
    [{}, 'ok', nobody],
    [project, 'ok', nobody],
    [{ ...project, ...vertex, ...key }, 'ok', nobody],
    [gemini, 'fail', 'GEMINI_API_KEY is missing'],
    [{ ...gemini, ...project }, 'fail', 'GEMINI_API_KEY is missing'],
    [{ ...gemini, ...vertex }, 'fail', 'GOOGLE_CLOUD_PROJECT is missing'],
    [{ ...gemini, ...vertex, ...project }, 'ok', 'gemini-2.5-flash by Vertex AI in shop-prod'],
    [{ ...gemini, ...key }, 'ok', 'gemini-2.5-flash, with GEMINI_API_KEY'],
    [{ ...gemini, ...key, GEMINI_MODEL: 'gemini-x' }, 'ok', 'gemini-x, with GEMINI_API_KEY'],
    [{ ...gemini, ...key, HOLDFAST_MODEL_PRICE: 'low' }, 'fail', 'HOLDFAST_MODEL_PRICE is "low"'],
    [{ MODEL: 'gpt' }, 'fail', 'MODEL is "gpt"'],
    [{ REQUIRE_MODEL: 'true' }, 'fail', 'REQUIRE_MODEL is true and MODEL is none'],
  ])('OS-102 judges the settings %j of a model: %s', async (settings, state, says) => {
    const env = { HOLDFAST_URL: 'http://127.0.0.1:9', ...settings };
    const { stdout } = await runHere(['doctor', '--json'], env);
    const lines = JSON.parse(stdout) as readonly Line[];
    const model = lines.find(({ name }) => name === 'model');
    expect(model?.state).toBe(state);
    expect(model?.found).toContain(says);
    expect(stdout).not.toContain(key.GEMINI_API_KEY);
  });
});
