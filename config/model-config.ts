import type { z } from 'zod';
import { invalidConfig } from './invalid-config.ts';
import type { settings } from './settings.ts';

/** What an investigation may have of a model: frozen into it when it starts. */
export interface ModelRunConfig {
  readonly provider: 'gemini';
  readonly name: string;
  readonly limits: {
    readonly tokens: number;
    readonly usdMicros: number;
    readonly usdMicrosPerHour: number;
  };
}

/** How a worker reaches the model, what it costs, and what is hidden from it. */
export interface ModelConfig {
  readonly name: string;
  readonly access:
    | { readonly kind: 'key'; readonly apiKey: string }
    | { readonly kind: 'vertex'; readonly project: string; readonly location: string };
  /** Instead of Google's own address. */
  readonly baseUrl: string | undefined;
  readonly thinking: z.output<(typeof settings)['GEMINI_THINKING']['schema']> | null;
  readonly timeoutMs: number;
  readonly price: z.output<(typeof settings)['HOLDFAST_MODEL_PRICE']['schema']> | null;
  readonly hasSlimTools: boolean;
  readonly isMasking: boolean;
  readonly maskTerms: readonly string[];
  readonly maskPatterns: readonly string[];
}

const shared = { MODEL: true, REQUIRE_MODEL: true, GEMINI_MODEL: true } as const;

/** Settings of models that have a value in any case, by the process that reads them. */
export const modelSettings = {
  api: {
    ...shared,
    HOLDFAST_MODEL_MAX_TOKENS: true,
    HOLDFAST_MODEL_MAX_CENTS: true,
    HOLDFAST_MODEL_MAX_CENTS_PER_HOUR: true,
  },
  worker: {
    ...shared,
    GOOGLE_GENAI_USE_VERTEXAI: true,
    GOOGLE_CLOUD_LOCATION: true,
    HOLDFAST_MODEL_TIMEOUT_SECONDS: true,
    HOLDFAST_MODEL_SLIM_TOOLS: true,
    HOLDFAST_MASK: true,
  },
} as const;

const centUsdMicros = 10_000;

export function modelLimits(read: {
  readonly GEMINI_MODEL: string;
  readonly HOLDFAST_MODEL_MAX_TOKENS: number;
  readonly HOLDFAST_MODEL_MAX_CENTS: number;
  readonly HOLDFAST_MODEL_MAX_CENTS_PER_HOUR: number;
}): ModelRunConfig {
  return {
    provider: 'gemini',
    name: read.GEMINI_MODEL,
    limits: {
      tokens: read.HOLDFAST_MODEL_MAX_TOKENS,
      usdMicros: read.HOLDFAST_MODEL_MAX_CENTS * centUsdMicros,
      usdMicrosPerHour: read.HOLDFAST_MODEL_MAX_CENTS_PER_HOUR * centUsdMicros,
    },
  };
}

interface ReadModelSettings {
  readonly GEMINI_MODEL: string;
  readonly GEMINI_API_KEY?: string | undefined;
  readonly GEMINI_THINKING?: ModelConfig['thinking'] | undefined;
  readonly GOOGLE_GENAI_USE_VERTEXAI: boolean;
  readonly GOOGLE_CLOUD_PROJECT?: string | undefined;
  readonly GOOGLE_CLOUD_LOCATION: string;
  readonly GOOGLE_GEMINI_BASE_URL?: string | undefined;
  readonly GOOGLE_VERTEX_BASE_URL?: string | undefined;
  readonly HOLDFAST_MODEL_TIMEOUT_SECONDS: number;
  readonly HOLDFAST_MODEL_PRICE?: ModelConfig['price'] | undefined;
  readonly HOLDFAST_MODEL_SLIM_TOOLS: boolean;
  readonly HOLDFAST_MASK: boolean;
  readonly HOLDFAST_MASK_TERMS?: readonly string[] | undefined;
  readonly HOLDFAST_MASK_PATTERNS?: readonly string[] | undefined;
}

/** Reads how the model is reached. Throws `invalid.config` when neither a key nor Vertex AI is there: a project alone turns no model on. */
export function modelConfig(read: ReadModelSettings): ModelConfig {
  const isVertex = read.GOOGLE_GENAI_USE_VERTEXAI;
  return {
    name: read.GEMINI_MODEL,
    access: isVertex ? vertexAccess(read) : keyAccess(read),
    baseUrl: isVertex ? read.GOOGLE_VERTEX_BASE_URL : read.GOOGLE_GEMINI_BASE_URL,
    thinking: read.GEMINI_THINKING ?? null,
    timeoutMs: read.HOLDFAST_MODEL_TIMEOUT_SECONDS * 1_000,
    price: read.HOLDFAST_MODEL_PRICE ?? null,
    hasSlimTools: read.HOLDFAST_MODEL_SLIM_TOOLS,
    isMasking: read.HOLDFAST_MASK,
    maskTerms: read.HOLDFAST_MASK_TERMS ?? [],
    maskPatterns: read.HOLDFAST_MASK_PATTERNS ?? [],
  };
}

function keyAccess({ GEMINI_API_KEY }: ReadModelSettings): ModelConfig['access'] {
  if (GEMINI_API_KEY !== undefined) return { kind: 'key', apiKey: GEMINI_API_KEY };
  throw invalidConfig([
    'MODEL is "gemini" and GEMINI_API_KEY is missing: set it, or GOOGLE_GENAI_USE_VERTEXAI=true with GOOGLE_CLOUD_PROJECT',
  ]);
}

function vertexAccess(read: ReadModelSettings): ModelConfig['access'] {
  const { GOOGLE_CLOUD_PROJECT: project, GOOGLE_CLOUD_LOCATION: location } = read;
  if (project !== undefined) return { kind: 'vertex', project, location };
  throw invalidConfig([
    'GOOGLE_GENAI_USE_VERTEXAI is "true" and GOOGLE_CLOUD_PROJECT is missing: set it to the id of a project',
  ]);
}
