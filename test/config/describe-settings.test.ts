import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import {
  renderEnvExample,
  renderSettingsTable,
  replaceSettingsTable,
} from '../../config/describe-settings.ts';
import { settings } from '../../config/settings.ts';
import type { Setting } from '../../config/settings.ts';
import { projectRoot } from '../../scripts/project-root.ts';

const all = Object.entries<Setting>(settings);

describe('the settings', () => {
  test.each(all)(
    '%s has a description of one line, and a default that it accepts',
    (_name, setting) => {
      expect(setting.description).toMatch(/^[A-Z][^\n]+\.$/);
      expect(setting.readBy.length).toBeGreaterThan(0);
      if (setting.default !== undefined) {
        expect(setting.schema.safeParse(setting.default).success).toBe(true);
      }
    },
  );

  test('are all in .env.example, which is up to date', () => {
    const written = readFileSync(join(projectRoot(), '.env.example'), 'utf8');
    expect(written).toBe(renderEnvExample());
    for (const [name] of all) expect(written).toContain(`\n#${name}=`);
  });

  test('have a row each in the table, and secrets no default', () => {
    const rows = renderSettingsTable().split('\n').slice(2);
    expect(rows).toHaveLength(all.length);
    for (const [index, [name, { isSecret }]] of all.entries()) {
      expect(rows[index]).toMatch(new RegExp(`^\\| \`${name}\` \\|`));
      expect(rows[index]?.includes('Secret.')).toBe(isSecret === true);
    }
  });
});

describe('replaceSettingsTable', () => {
  test('replaces what stands between the marks, and nothing else', () => {
    const before = 'a\n<!-- config:begin -->\noutdated\n<!-- config:end -->\nb\n';
    const after = replaceSettingsTable(before);
    expect(after).toContain(renderSettingsTable());
    expect(after).toMatch(/^a\n<!-- config:begin -->\n\|/);
    expect(after).toMatch(/\|\n<!-- config:end -->\nb\n$/);
    expect(after).not.toContain('outdated');
    expect(replaceSettingsTable(after ?? '')).toBe(after);
  });

  test('leaves a document without marks alone', () => {
    expect(replaceSettingsTable('# Title\n')).toBeNull();
  });
});
