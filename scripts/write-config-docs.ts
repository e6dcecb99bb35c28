import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderEnvExample, replaceSettingsTable } from '../config/describe-settings.ts';
import { projectRoot } from './project-root.ts';

// Writes `.env.example` and the table of settings in README.md from config/settings.ts.

writeFileSync(join(projectRoot(), '.env.example'), renderEnvExample());

const readme = join(projectRoot(), 'README.md');
const document = existsSync(readme) ? replaceSettingsTable(readFileSync(readme, 'utf8')) : null;
if (document === null) {
  console.error('README.md has no place for the settings, between config:begin and config:end');
} else {
  writeFileSync(readme, document);
}
