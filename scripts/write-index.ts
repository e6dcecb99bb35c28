import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './project-root.ts';
import { renderPolicyVersion } from './policy-version.ts';
import { renderPrompts } from './render-prompts.ts';
import { renderCatalogue } from './render-catalogue.ts';

// Writes the catalogues from the folders they list: imports stay static, and a new file is found without being named anywhere. And the version of the policies
// from their sources, so that nobody has to think of raising it.

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

writeFileSync(join(root, 'agents/prompts.ts'), renderPrompts(root));
writeFileSync(join(root, 'agents/policy-version.ts'), renderPolicyVersion(root));
