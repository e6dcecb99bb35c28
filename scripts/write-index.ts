import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './project-root.ts';
import { renderCatalogue } from './render-catalogue.ts';

// Writes the catalogues from the folders they list: imports stay static, and a new file is found without being named anywhere.

const root = projectRoot();

writeFileSync(
  join(root, 'tools/catalogue.ts'),
  renderCatalogue({
    root,
    folder: 'tools',
    type: { name: 'Tool', module: 'core/ports/tool.ts' },
    says: 'Every tool that there is, by name.',
  }),
);
