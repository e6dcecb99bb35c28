import { build } from './build.js';
import { noteInstalled } from './install.js';

// Run by npm after each install: remembers what is installed and compiles the product.
noteInstalled();
await build();
