import { settings } from './settings.ts';
import type { Setting } from './settings.ts';

const begin = '<!-- config:begin -->';
const end = '<!-- config:end -->';

/** Writes `.env.example`: every setting with its description, switched off, with its default where it has one. */
export function renderEnvExample(): string {
  const blocks = entries().map(([name, { description, isSecret, readBy, default: standard }]) => {
    const secret = isSecret === true ? ' Secret.' : '';
    return `# ${plain(description)}${secret} Read by: ${readBy.join(', ')}.\n#${name}=${standard ?? ''}\n`;
  });
  return `# Made from config/settings.ts; what is switched off has the value shown.\n\n${blocks.join('\n')}`;
}

/** Writes the table of settings for docs/configuration.md. */
export function renderSettingsTable(): string {
  const rows = entries().map(([name, { description, isSecret, readBy, default: standard }]) => {
    const secret = isSecret === true ? ' Secret.' : '';
    const shown = standard === undefined ? '' : `\`${standard}\``;
    return `| \`${name}\` | ${shown} | ${description.replaceAll('|', '\\|')}${secret} | ${readBy.join(', ')} |`;
  });
  return ['| variable | default | meaning | read by |', '|---|---|---|---|', ...rows].join('\n');
}

/** Puts the table between the marks in a document; null when it does not have them. */
export function replaceSettingsTable(document: string): string | null {
  const from = document.indexOf(begin);
  const to = document.indexOf(end);
  if (from < 0 || to < from) return null;
  return `${document.slice(0, from + begin.length)}\n${renderSettingsTable()}\n${document.slice(to)}`;
}

function entries(): readonly (readonly [string, Setting])[] {
  return Object.entries<Setting>(settings);
}

function plain(description: string): string {
  return description.replaceAll('`', '');
}
