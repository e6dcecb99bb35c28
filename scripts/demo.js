import { join } from 'node:path';
import { build } from './build.js';
import { install, root } from './install.js';
import { runChild } from './run-child.js';

// `npm run demo`: installs and compiles what is missing, then runs the demo itself.
await install();
await build();
await runChild([join(root, 'dist', 'scripts', 'run-demo.js'), ...process.argv.slice(2)]);
