import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { AppError } from '../../core/errors.ts';

const telemetries = ['case', 'google', 'google-cloud'] as const;
const demoModels = ['gemini-local', 'gemini'] as const;
export type DemoModel = (typeof demoModels)[number];

export interface DemoOptions {
  /** Alias or folder of the incident. */
  readonly incident: string;
  /** Where the incident is read: its recording, a local Google that is filled from it, or a project of Google Cloud. */
  readonly telemetry: (typeof telemetries)[number];
  /** What breaks in a running shop; null to investigate a recorded incident. */
  readonly live: { readonly fault: string; readonly seed: number } | null;
  /** Who reasons beside the embedded policies; null for nobody, or whoever the environment says. */
  readonly model: DemoModel | null;
  /** Approves the proposed write without asking. */
  readonly isApproved: boolean;
  readonly isHelp: boolean;
}

export const demoUsage = `Usage: npm run demo -- [options]

Investigates a recorded incident with everything running on this machine, or, with --live, a shop that runs and breaks.

  --incident NAME   which recording (default bad-deploy)
  --telemetry WHERE google reads it with the clients of Google Cloud from a local server that is filled from the
                    recording; google-cloud looks at the project that GOOGLE_CLOUD_PROJECT names (default case)
  --live            run the demo shop, break it, and find out what it is from live telemetry
  --fault NAME      what breaks in it (default bad-deploy; examples/shop/README.md has the list)
  --seed N          moves place, moment and strength of the fault (default: drawn, and said)
  --model NAME      who reasons besides: gemini-local (a local server with scripted models), or
                    gemini (needs GEMINI_API_KEY, or GOOGLE_GENAI_USE_VERTEXAI=true)
  --approve         approve the proposed write without asking, and wait for its outcome
  --help            this text
`;

/** Reads the command line of the demo; throws `invalid.request` for what it does not know. */
export function parseDemoOptions(args: readonly string[]): DemoOptions {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        incident: { type: 'string', default: 'bad-deploy' },
        telemetry: { type: 'string', default: 'case' },
        live: { type: 'boolean', default: false },
        fault: { type: 'string', default: 'bad-deploy' },
        seed: { type: 'string' },
        model: { type: 'string' },
        approve: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    const seed = values.seed === undefined ? randomInt(1_000_000) : Number(values.seed);
    if (!Number.isSafeInteger(seed) || seed < 0) throw new Error('--seed is no whole number');
    const telemetry = telemetries.find((one) => one === values.telemetry);
    if (telemetry === undefined) {
      throw new Error(`--telemetry is one of ${telemetries.join(', ')}`);
    }
    return {
      incident: values.incident,
      telemetry,
      live: values.live ? { fault: values.fault, seed } : null,
      model: values.model === undefined ? null : demoModel(values.model),
      isApproved: values.approve,
      isHelp: values.help,
    };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AppError('invalid.request', `${reason}\n\n${demoUsage}`, { cause: error });
  }
}

function demoModel(given: string): DemoModel {
  const model = demoModels.find((one) => one === given);
  if (model === undefined) throw new Error(`--model is one of ${demoModels.join(', ')}`);
  return model;
}
