import { join } from 'node:path';
import { install, root } from './install.js';
import { runChild } from './run-child.js';

// `npm run dev`: installs what is missing, then keeps everything running from the sources.
await install();
await runChild(['--import', 'tsx', join(root, 'scripts', 'run-dev.ts'), ...process.argv.slice(2)]);
