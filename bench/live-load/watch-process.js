import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';

// Loaded into API and worker by `node --import`: writes what a process of the product says of itself into a file, for as long as it lives.
const dir = process.env['BENCH_FIGURES_DIR'];
const program = process.argv[1] ?? '';

if (isMainThread && dir !== undefined && /(server|worker)[.][jt]s$/.test(program)) {
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const timer = setInterval(() => {
    const figures = {
      program: program.includes('worker') ? 'worker' : 'api',
      peakBytes: process.resourceUsage().maxRSS * 1_024,
      delayP99Ms: delay.percentile(99) / 1e6,
      delayMostMs: delay.max / 1e6,
    };
    writeFileSync(join(dir, `${process.pid}.json`), JSON.stringify(figures));
  }, 1_000);
  timer.unref();
}
