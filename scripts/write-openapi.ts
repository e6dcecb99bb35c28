import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'prettier';
import { createDocument } from '../api/openapi/create-document.ts';
import { routes } from '../api/routes.ts';
import { projectRoot } from './project-root.ts';

// Writes `openapi.json` from the routes and their schemas.

const document = JSON.stringify(createDocument(routes));
writeFileSync(
  join(projectRoot(), 'openapi.json'),
  await format(document, { parser: 'json', printWidth: 100 }),
);
