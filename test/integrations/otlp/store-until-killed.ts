import { createOtlpStore } from '../../../integrations/otlp/otlp-store.ts';
import { encode, logWith, logsOf } from './otlp-messages.ts';

/** Keeps log records `record 1`, `record 2` ... in the folder that is its argument, and prints the number of each once it is kept. Runs until it is killed. */
async function main(dir: string): Promise<void> {
  const nothing = (): void => undefined;
  const store = createOtlpStore({
    dir,
    retentionMs: 3_600_000,
    maxBytes: 1e9,
    now: () => Date.now(),
    pid: process.pid,
    events: { onCleaned: nothing, onRemoved: nothing, onFailure: nothing },
  });
  let number = 0;
  const keepOneAfterTheOther = async (): Promise<never> => {
    for (;;) {
      number += 1;
      const own = number;
      const log = logWith(
        { body: { stringValue: `record ${own} ${'x'.repeat(2_000)}` } },
        Date.now(),
      );
      const body = encode('logs', 'protobuf', logsOf([log]));
      await store.receive({ signal: 'logs', encoding: 'protobuf', body });
      process.stdout.write(`${own}\n`);
    }
  };
  await Promise.all(Array.from({ length: 8 }, keepOneAfterTheOther));
}

await main(process.argv[2] ?? '');
