import { parseArgs } from 'node:util';
import { AppError } from '../../core/errors.ts';

export interface DemoOptions {
  /** Alias or folder of the incident. */
  readonly incident: string;
  /** Approves the proposed write without asking. */
  readonly isApproved: boolean;
  readonly isHelp: boolean;
}

export const demoUsage = `Usage: npm run demo -- [options]

Investigates a recorded incident with everything running on this machine.

  --incident NAME   which recording (default bad-deploy)
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
        approve: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    return { incident: values.incident, isApproved: values.approve, isHelp: values.help };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AppError('invalid.request', `${reason}\n\n${demoUsage}`, { cause: error });
  }
}
