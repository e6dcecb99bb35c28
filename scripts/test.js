import { join } from 'node:path';
import { build } from './build.js';
import { install, root } from './install.js';
import { runChild } from './run-child.js';

// `npm test`: everything that is needed, then every test, or those that the arguments name to Jest.
await install();
await build();
await runChild(
  [
    join(root, 'node_modules', 'jest', 'bin', 'jest.js'),
    '--reporters=default',
    `--reporters=${join(root, 'scripts', 'jest-reporter.js')}`,
    ...process.argv.slice(2),
  ],
  {
    ...process.env,
    NODE_OPTIONS: `${process.env['NODE_OPTIONS'] ?? ''} --experimental-vm-modules`.trim(),
  },
);
