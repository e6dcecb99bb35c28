/** What is known of the model without asking it, which would cost. */
export interface ModelCheck {
  readonly name: 'model';
  readonly state: 'ok' | 'note' | 'fail';
  readonly found: string;
  readonly advice: string;
}

/** Says which model the settings choose, and what is missing for it, by name. Contacts nobody. */
export function checkModel(env: NodeJS.ProcessEnv): ModelCheck {
  const given = (name: string): string => env[name] ?? '';
  const model = given('MODEL') || 'none';
  const check = (state: ModelCheck['state'], found: string, advice = ''): ModelCheck => ({
    ...{ name: 'model', state, found, advice },
  });
  if (model === 'none') {
    return given('REQUIRE_MODEL') === 'true'
      ? check('fail', 'REQUIRE_MODEL is true and MODEL is none', 'Set MODEL=gemini.')
      : check('ok', 'none: the embedded policies reason alone');
  }
  if (model !== 'gemini') return check('fail', `MODEL is "${model}"`, 'Set it to gemini or none.');
  const name = given('GEMINI_MODEL') || 'gemini-2.5-flash';
  if (given('GOOGLE_GENAI_USE_VERTEXAI') === 'true') {
    return given('GOOGLE_CLOUD_PROJECT') === ''
      ? check('fail', `${name} by Vertex AI`, 'GOOGLE_CLOUD_PROJECT is missing: set it.')
      : check('ok', `${name} by Vertex AI in ${given('GOOGLE_CLOUD_PROJECT')}`);
  }
  return given('GEMINI_API_KEY') === ''
    ? check(
        'fail',
        `${name} without a key`,
        'GEMINI_API_KEY is missing: set it, or GOOGLE_GENAI_USE_VERTEXAI=true.',
      )
    : check('ok', `${name}, with GEMINI_API_KEY`);
}
