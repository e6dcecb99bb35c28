import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parse } from 'yaml';
import { AppError } from '../core/errors.ts';
import type { CaseFacts } from '../core/score/grade-report.ts';
import { caseManifestSchema } from '../core/schemas/case.ts';
import { manifestName } from './read-request.ts';
import { caseFolders } from './run-cases.ts';

/** A case folder, and what its manifest says that grading needs. */
export interface KnownCase {
  readonly folder: string;
  readonly name: string;
  readonly facts: CaseFacts;
}

/** Looks at the manifests of the case folders in a folder. Rejects with `not-found.case` when there are none, and with `invalid.case` when two have one name. */
export async function readCaseFacts(dir: string): Promise<ReadonlyMap<string, KnownCase>> {
  const known = new Map<string, KnownCase>();
  for (const folder of caseFolders(dir)) {
    const one = await readOne(folder);
    const other = known.get(one.name);
    if (other !== undefined) {
      throw new AppError(
        'invalid.case',
        `${folder} and ${other.folder} are both called ${one.name}`,
      );
    }
    known.set(one.name, one);
  }
  return known;
}

/** Of a manifest that cannot be read nothing is known: whoever investigates the case says what is wrong. */
async function readOne(folder: string): Promise<KnownCase> {
  const manifest = caseManifestSchema.safeParse(await readYaml(join(folder, manifestName)));
  if (!manifest.success) {
    return { folder, name: basename(folder), facts: { candidates: null, telemetry: null } };
  }
  const { name, candidates, telemetry } = manifest.data;
  const kinds = Object.entries(telemetry).flatMap(([kind, sources]) =>
    sources === undefined || sources.length === 0 ? [] : [kind],
  );
  return { folder, name, facts: { candidates: candidates?.length ?? null, telemetry: kinds } };
}

async function readYaml(file: string): Promise<unknown> {
  try {
    return parse(await readFile(file, 'utf8'), { maxAliasCount: 10 });
  } catch {
    return null; // as any other manifest that is none
  }
}
