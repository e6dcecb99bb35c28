import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'prettier';
import { caseManifestSchema } from '../core/schemas/case.ts';
import { reportSchema } from '../core/schemas/report.ts';
import { z } from '../core/schemas/z.ts';
import { projectRoot } from './project-root.ts';

// Writes the JSON Schemas of the two public contracts: a case as people write it, and a report as programs read it.

const folder = join(projectRoot(), 'docs', 'schemas');
mkdirSync(folder, { recursive: true });
const schemas = {
  'case.json': z.toJSONSchema(caseManifestSchema, { io: 'input' }),
  'report.json': z.toJSONSchema(reportSchema, { io: 'output' }),
};
for (const [file, schema] of Object.entries(schemas)) {
  const text = await format(JSON.stringify(schema), { parser: 'json', printWidth: 100 });
  writeFileSync(join(folder, file), text);
}
