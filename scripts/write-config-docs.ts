import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderEnvExample, replaceSettingsTable } from '../config/describe-settings.ts';
import { projectRoot } from './project-root.ts';

// Writes `.env.example` and the table of settings in docs/configuration.md from config/settings.ts.

writeFileSync(join(projectRoot(), '.env.example'), renderEnvExample());

const page = join(projectRoot(), 'docs', 'configuration.md');
const document = existsSync(page) ? replaceSettingsTable(readFileSync(page, 'utf8')) : null;
if (document === null) {
  console.error(
    'docs/configuration.md has no place for the settings, between config:begin and config:end',
  );
} else {
  writeFileSync(page, document);
}
