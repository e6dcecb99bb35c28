import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'prettier';
import { createDocument } from '../api/openapi/create-document.ts';
import { routes } from '../api/routes.ts';
import { createOpsDocument } from './ops-document.ts';
import { projectRoot } from './project-root.ts';

// Writes `openapi.json` from the routes and their schemas, and `docs/ops-openapi.json`, the contract of the services that are called.

const documents = {
  'openapi.json': createDocument(routes),
  'docs/ops-openapi.json': createOpsDocument(),
};
for (const [file, document] of Object.entries(documents)) {
  const text = await format(JSON.stringify(document), { parser: 'json', printWidth: 100 });
  writeFileSync(join(projectRoot(), file), text);
}
