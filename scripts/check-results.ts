import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkResults } from '../bench/check-results.ts';

// `npm run results`: docs/results.md has every number beside what it is held to, and README.md says the same.
const root = process.cwd();
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const complaints = checkResults({ results: read('docs/results.md'), readme: read('README.md') });
for (const complaint of complaints) console.error(complaint);
if (complaints.length > 0) process.exitCode = 1;
