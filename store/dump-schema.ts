import { sql } from 'kysely';
import { openDatabase } from './database.ts';
import type { Database } from './database.ts';

/**
 * Gives the tables of a migrated database as SQL that makes the like: for people to read, and for a test to compare. The same for the same tables,
 * whatever the order in which they were made; the migrator's own are left out. Sources: pg_catalog of PostgreSQL 18.
 */
export async function dumpSchema(connectionString: string): Promise<string> {
  const database = openDatabase({ connectionString, poolSize: 1 });
  try {
    const columns = await columnsOf(database);
    const constraints = await constraintsOf(database);
    const tables = [...new Set(columns.map((column) => column.table))];
    const statements = tables.map((table) => {
      const own = constraints.filter((one) => one.table === table && one.kind !== 'f');
      const lines = [
        ...columns.filter((column) => column.table === table).map((column) => column.line),
        ...own.map((one) => `constraint ${one.name} ${one.definition}`),
      ];
      return `create table ${table} (\n  ${lines.join(',\n  ')}\n);`;
    });
    const references = constraints
      .filter((one) => one.kind === 'f')
      .map((one) => `alter table ${one.table} add constraint ${one.name} ${one.definition};`);
    const rest = [...(await storageOf(database)), ...(await indexesOf(database)), ...references];
    return `${[...statements, rest.join('\n')].join('\n\n')}\n`;
  } finally {
    await database.destroy();
  }
}

/** Our tables, as the rest of a `from` clause; `c` is the table. */
const ours = sql`pg_class c join pg_namespace n on n.oid = c.relnamespace
  and n.nspname = current_schema and c.relkind = 'r' and c.relname not like 'kysely%'`;

async function columnsOf(
  database: Database,
): Promise<readonly { readonly table: string; readonly line: string }[]> {
  const { rows } = await sql<{ readonly table: string; readonly line: string }>`
    select c.relname as table, concat_ws(' ',
      a.attname,
      format_type(a.atttypid, a.atttypmod),
      case when a.attnotnull then 'not null' end,
      case when d.adbin is not null then 'default ' || pg_get_expr(d.adbin, d.adrelid) end,
      case when a.attidentity = 'a' then 'generated always as identity' end
    ) as line
    from ${ours}
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
    order by c.relname, a.attnum`.execute(database);
  return rows;
}

interface Constraint {
  readonly table: string;
  readonly name: string;
  readonly kind: string;
  readonly definition: string;
}

async function constraintsOf(database: Database): Promise<readonly Constraint[]> {
  // Kind n is "not null", which stands with its column.
  const { rows } = await sql<Constraint>`
    select c.relname as table, k.conname as name, k.contype as kind, pg_get_constraintdef(k.oid) as definition
    from ${ours}
    join pg_constraint k on k.conrelid = c.oid and k.contype <> 'n'
    order by c.relname, k.contype = 'p' desc, k.conname`.execute(database);
  return rows;
}

async function storageOf(database: Database): Promise<readonly string[]> {
  const { rows } = await sql<{ readonly line: string }>`
    select format('alter table %s alter column %s set storage external;', c.relname, a.attname) as line
    from ${ours}
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and a.attstorage = 'e'`.execute(
    database,
  );
  return rows.map((row) => row.line).toSorted();
}

async function indexesOf(database: Database): Promise<readonly string[]> {
  const { rows } = await sql<{ readonly line: string }>`
    select replace(pg_get_indexdef(i.indexrelid), n.nspname || '.', '') || ';' as line
    from ${ours}
    join pg_index i on i.indrelid = c.oid
    where not exists (select 1 from pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u'))`.execute(
    database,
  );
  return rows.map((row) => row.line).toSorted();
}
