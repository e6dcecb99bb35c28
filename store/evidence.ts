import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { Transaction } from 'kysely';
import { evidenceSchema } from '../core/schemas/evidence.ts';
import type { Evidence } from '../core/schemas/evidence.ts';
import type { Database } from './database.ts';
import { parseKept, toInstant, toJson } from './json.ts';
import type { EvidenceShelf } from './store.ts';
import type { Tables } from './tables.ts';

const aboutSchema = evidenceSchema.omit({ data: true });

/** Evidence ready to be written. `bytes` is null when a body of the same content is kept already. */
export interface PackedEvidence {
  readonly about: Omit<Evidence, 'data'>;
  readonly position: number;
  readonly hash: string;
  readonly sizeBytes: number;
  readonly bytes: Buffer | null;
}

/** Makes the repository of evidence. Bodies are kept once a content, compressed. */
export function createEvidenceShelf(database: Database): EvidenceShelf {
  const many = async (
    investigationId: string,
    evidenceIds: readonly string[],
  ): Promise<readonly Evidence[]> => {
    if (evidenceIds.length === 0) return [];
    const rows = await database
      .selectFrom('evidence')
      .innerJoin('evidence_bodies', 'evidence_bodies.hash', 'evidence.body_hash')
      .select(['evidence.about', 'evidence_bodies.bytes'])
      .where('investigation_id', '=', investigationId)
      .where('id', 'in', evidenceIds)
      .orderBy('taken_at')
      .orderBy('position')
      .orderBy('id')
      .execute();
    return Promise.all(
      rows.map(async ({ about, bytes }) => ({ ...parseAbout(about), data: await unpack(bytes) })),
    );
  };
  return {
    many,
    get: async (investigationId, evidenceId) =>
      (await many(investigationId, [evidenceId]))[0] ?? null,
    list: async (investigationId) => {
      const rows = await database
        .selectFrom('evidence')
        .select('about')
        .where('investigation_id', '=', investigationId)
        .orderBy('taken_at')
        .orderBy('position')
        .orderBy('id')
        .execute();
      return rows.map((row) => parseAbout(row.about));
    },
  };
}

/**
 * Makes evidence ready, outside any transaction: hashes the bodies and compresses those that are not kept yet. Bodies are never removed, so what is
 * there stays there.
 */
export async function packEvidence(
  database: Database,
  evidence: readonly Evidence[],
): Promise<readonly PackedEvidence[]> {
  const hashed = evidence.map(({ data, ...about }, position) => {
    const body = Buffer.from(toJson(data));
    return { about, position, body, hash: createHash('sha256').update(body).digest('hex') };
  });
  const kept = await keptHashes(
    database,
    hashed.map((one) => one.hash),
  );
  return Promise.all(
    hashed.map(async ({ about, position, body, hash }) => {
      const bytes = kept.has(hash) ? null : await promisify(gzip)(body);
      return { about, position, hash, sizeBytes: body.length, bytes };
    }),
  );
}

/** Writes packed evidence; what is there already stays as it is. In order of hash and id, so that no two writers wait for each other crosswise. */
export async function insertEvidence(
  transaction: Transaction<Tables>,
  investigationId: string,
  packed: readonly PackedEvidence[],
): Promise<void> {
  const bodies = packed.flatMap(({ hash, bytes, sizeBytes }) =>
    bytes === null ? [] : [{ hash, encoding: 'gzip' as const, bytes, size_bytes: sizeBytes }],
  );
  for (const body of bodies.toSorted((one, other) => compare(one.hash, other.hash))) {
    await transaction
      .insertInto('evidence_bodies')
      .values(body)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
  const rows = packed.map(({ about, position, hash }) => ({
    investigation_id: investigationId,
    id: about.id,
    body_hash: hash,
    about: toJson(about),
    taken_at: toInstant(about.takenAt),
    position,
  }));
  if (rows.length === 0) return;
  await transaction
    .insertInto('evidence')
    .values(rows.toSorted((one, other) => compare(one.id, other.id)))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

async function keptHashes(
  database: Database,
  hashes: readonly string[],
): Promise<ReadonlySet<string>> {
  if (hashes.length === 0) return new Set();
  const query = database.selectFrom('evidence_bodies').select('hash').where('hash', 'in', hashes);
  return new Set((await query.execute()).map((row) => row.hash));
}

async function unpack(bytes: Buffer): Promise<Evidence['data']> {
  const text = (await promisify(gunzip)(bytes)).toString('utf8');
  // What JSON.parse gives is JSON; a look at every value of a large body would tell nothing more.
  return JSON.parse(text) as Evidence['data'];
}

function parseAbout(about: unknown): Omit<Evidence, 'data'> {
  return parseKept(aboutSchema, about, 'a description of evidence');
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
