import { readModelConfig } from '../../config/read-config.ts';

/** What is known of the model without asking it, which would cost. */
export interface ModelCheck {
  readonly name: 'model';
  readonly state: 'ok' | 'fail';
  readonly found: string;
  readonly advice: string;
}

/** Says which model the settings choose, and what is missing for it, by name. Contacts nobody. */
export function checkModel(env: NodeJS.ProcessEnv): ModelCheck {
  const check = (state: ModelCheck['state'], found: string, advice = ''): ModelCheck => ({
    ...{ name: 'model', state, found, advice },
  });
  try {
    const { model, isRequired } = readModelConfig(env);
    if (model === null) {
      return isRequired
        ? check('fail', 'REQUIRE_MODEL is true and MODEL is none', 'Set MODEL=gemini.')
        : check('ok', 'none: the embedded policies reason alone');
    }
    const { name, access } = model;
    return access.kind === 'key'
      ? check('ok', `${name}, with GEMINI_API_KEY`)
      : check('ok', `${name} by Vertex AI in ${access.project}`);
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error);
    return check('fail', found, 'Correct the setting.');
  }
}
