import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './build.js';
import { install, root } from './install.js';
import { runChild } from './run-child.js';

// `npm test`: everything that is needed, then every test, or those that the arguments name to Jest. A run of all tests leaves its results for
// `npm run conformance`.
const args = process.argv.slice(2);
await install();
await build();
const kept = join(root, '.holdfast');
mkdirSync(kept, { recursive: true });
const results = ['--json', `--outputFile=${join(kept, 'test-results.json')}`];
await runChild(
  [
    join(root, 'node_modules', 'jest', 'bin', 'jest.js'),
    ...(args.length === 0 ? results : args),
    // Last: Jest would take names of files that follow for further reporters.
    '--reporters=default',
    `--reporters=${join(root, 'scripts', 'jest-reporter.js')}`,
  ],
  {
    ...process.env,
    NODE_OPTIONS: `${process.env['NODE_OPTIONS'] ?? ''} --experimental-vm-modules`.trim(),
  },
);
