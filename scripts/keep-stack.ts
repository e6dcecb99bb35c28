import { z } from '../core/schemas/z.ts';
import { keepStack } from './stack/keeper.ts';

const optionsSchema = z.object({
  stateDir: z.string(),
  isWatched: z.boolean(),
  ports: z.object({ api: z.int(), temporal: z.int(), temporalUi: z.int(), postgres: z.int() }),
});

// The keeper of the local stack as a process; started by `acquireStack` with its options as one argument.
await keepStack(optionsSchema.parse(JSON.parse(process.argv[2] ?? '{}')));
process.exit();
