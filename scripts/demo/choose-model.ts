import { startLocalGemini } from '../../examples/local-gemini/start-local-gemini.ts';
import type { DemoModel } from './demo-options.ts';

/**
 * Makes the model ready that was asked for, and says with which settings the stack has to run for it; with `gemini-local`, starts the local Gemini, where rules on the prompt's
 * text stand in for a model.
 */
export async function chooseModel(
  model: DemoModel | null,
  cleanups: (() => Promise<void>)[],
): Promise<Readonly<Record<string, string>>> {
  switch (model) {
    case null:
      return {};
    case 'gemini':
      return { MODEL: 'gemini' };
    case 'gemini-local': {
      const local = await startLocalGemini();
      cleanups.push(() => local.stop());
      return {
        MODEL: 'gemini',
        GEMINI_API_KEY: 'local',
        GEMINI_MODEL: process.env['GEMINI_MODEL'] || 'competent',
        GOOGLE_GEMINI_BASE_URL: local.url,
        GOOGLE_GENAI_USE_VERTEXAI: 'false',
        HOLDFAST_MODEL_PRICE: process.env['HOLDFAST_MODEL_PRICE'] || '0.3,2.5',
      };
    }
  }
}
