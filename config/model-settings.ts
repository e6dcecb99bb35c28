import { z } from 'zod';
import { onOff, processes, text, url, wholeNumber } from './setting.ts';
import type { Setting } from './setting.ts';

/** Dollars for a million tokens: what goes in, and what comes out. */
const price = text
  .regex(/^\d{1,4}(\.\d{1,4})?,\d{1,4}(\.\d{1,4})?$/, 'must be two numbers such as 0.3,2.5')
  .transform((given) => {
    const [inputUsd = 0, outputUsd = 0] = given.split(',').map(Number);
    return { inputUsdMicros: inputUsd * 1e6, outputUsdMicros: outputUsd * 1e6 };
  });

const thinking = text
  .regex(
    /^(-1|\d{1,5}|MINIMAL|LOW|MEDIUM|HIGH)$/,
    'must be a number of tokens, -1, or one of MINIMAL, LOW, MEDIUM, HIGH',
  )
  .transform((given) =>
    /\d/.test(given)
      ? { budgetTokens: Number(given) }
      : { level: given as 'MINIMAL' | 'LOW' | 'MEDIUM' | 'HIGH' },
  );

const terms = text.transform((given) =>
  given
    .split(',')
    .map((term) => term.trim())
    .filter((term) => term.length >= 2),
);

const patterns = text.transform((given) => given.split(/\s+/).filter((one) => one !== ''));

/** Whether a model reasons beside the embedded policies, which, and what it may cost. */
export const modelSettings = {
  MODEL: {
    schema: z.enum(['none', 'gemini'], 'must be none or gemini'),
    description:
      'Who reasons beside the embedded policies: `gemini`, or `none`, which loads no client and contacts nobody.',
    default: 'none',
    readBy: processes,
  },
  REQUIRE_MODEL: {
    schema: onOff,
    description: 'Whether an investigation without a model is refused: `true` or `false`.',
    default: 'false',
    readBy: processes,
  },
  GEMINI_MODEL: {
    schema: text.regex(/^[A-Za-z0-9._-]{1,100}$/, 'must be the name of a model'),
    description: 'Which Gemini is asked.',
    default: 'gemini-2.5-flash',
    readBy: processes,
  },
  GEMINI_API_KEY: {
    schema: text,
    description: 'Key for Gemini. Without it Vertex AI is needed.',
    isSecret: true,
    readBy: ['worker'],
  },
  GEMINI_THINKING: {
    schema: thinking,
    description:
      'How much Gemini thinks: tokens (0 none, -1 as it likes), or MINIMAL, LOW, MEDIUM, HIGH; its own default where left out.',
    readBy: ['worker'],
  },
  GOOGLE_GENAI_USE_VERTEXAI: {
    schema: onOff,
    description:
      'Whether Gemini is asked through Vertex AI, in GOOGLE_CLOUD_PROJECT and with the credentials of the environment.',
    default: 'false',
    readBy: ['worker'],
  },
  GOOGLE_CLOUD_LOCATION: {
    schema: text.regex(/^[a-z0-9-]{1,60}$/, 'must be the name of a location'),
    description: 'Where Vertex AI is asked.',
    default: 'global',
    readBy: ['worker'],
  },
  GOOGLE_GEMINI_BASE_URL: {
    schema: url(['http:', 'https:']),
    description: 'Where Gemini is asked instead of at Google.',
    readBy: ['worker'],
  },
  GOOGLE_VERTEX_BASE_URL: {
    schema: url(['http:', 'https:']),
    description: 'Where Vertex AI is asked instead of at Google.',
    readBy: ['worker'],
  },
  HOLDFAST_MODEL_TIMEOUT_SECONDS: {
    schema: wholeNumber(1, 150),
    description: 'How long one answer of a model is waited for, in seconds.',
    default: '30',
    readBy: ['worker'],
  },
  HOLDFAST_MODEL_PRICE: {
    schema: price,
    description:
      'What a million tokens cost in USD, as `INPUT,OUTPUT`; without it the list price, and for an unknown model a high one.',
    readBy: ['worker'],
  },
  HOLDFAST_MODEL_MAX_TOKENS: {
    schema: wholeNumber(0, 100_000_000),
    description: 'Most tokens that one investigation may take of a model.',
    default: '400000',
    readBy: ['api'],
  },
  HOLDFAST_MODEL_MAX_CENTS: {
    schema: wholeNumber(0, 1_000_000),
    description: 'Most that one investigation may spend on a model, in US cents.',
    default: '100',
    readBy: ['api'],
  },
  HOLDFAST_MODEL_MAX_CENTS_PER_HOUR: {
    schema: wholeNumber(0, 10_000_000),
    description: 'Most that all investigations may spend on a model in an hour, in US cents.',
    default: '1000',
    readBy: ['api'],
  },
  HOLDFAST_MODEL_SLIM_TOOLS: {
    schema: onOff,
    description:
      'Whether a model is offered only those tools of a role that have something to show in an investigation, which saves tokens.',
    default: 'true',
    readBy: ['worker'],
  },
  HOLDFAST_MASK: {
    schema: onOff,
    description:
      'Whether names of pods, namespaces, clusters, hosts, accounts and services, IP and mail addresses are hidden from models. Secrets always are.',
    default: 'true',
    readBy: ['worker'],
  },
  HOLDFAST_MASK_TERMS: {
    schema: terms,
    description: 'Further texts that are hidden from models, separated by commas.',
    readBy: ['worker'],
  },
  HOLDFAST_MASK_PATTERNS: {
    schema: patterns,
    description:
      'Regular expressions (RE2) of what else is hidden from models, separated by white space; in one of them it is written `\\s`.',
    readBy: ['worker'],
  },
  SRE_PROMPT_PATH: {
    schema: text,
    description: 'File with what every prompt begins with, before what Holdfast says itself.',
    readBy: ['api'],
  },
} as const satisfies Readonly<Record<string, Setting>>;
