import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { settings } from '../../config/settings.ts';
import type { Setting } from '../../config/settings.ts';
import { projectRoot } from '../../scripts/project-root.ts';
import { dynamicConfig } from '../../scripts/stack/temporal.ts';
import { searchAttributes } from '../../workflows/messages.ts';
import { composeSchema, dynamicConfigSchema } from './compose-schema.ts';
import type { Compose, Service } from './compose-schema.ts';

/** The files of `temporal-docker/`, by name. */
export type Files = Readonly<Record<string, string>>;

export function readFiles(): Files {
  const folder = join(projectRoot(), 'temporal-docker');
  return Object.fromEntries(
    readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
  );
}

/** What Holdfast reads and sets, as far as it has to agree with the files. */
export interface Product {
  readonly settings: Readonly<Record<string, Setting>>;
  /** Names and types, as the Temporal client knows them. */
  readonly searchAttributes: readonly { readonly name: string; readonly type: string }[];
  readonly dynamicConfig: Readonly<Record<string, boolean | number>>;
}

export const ours: Product = {
  settings,
  searchAttributes: Object.values(searchAttributes),
  dynamicConfig,
};

/**
 * What the images read of their environment: PostgreSQL's documentation; `config_template_embedded.yaml` of the Temporal server; options of
 * `temporal-sql-tool` and of the Temporal CLI; `config/docker.yaml` of the UI. The scripts of ours are looked into.
 */
const readByImage: Readonly<Record<string, readonly string[]>> = {
  postgres: ['POSTGRES_PASSWORD'],
  'temporalio/admin-tools': [
    ...['SQL_PLUGIN', 'SQL_HOST', 'SQL_PORT', 'SQL_USER', 'SQL_PASSWORD'],
    ...['TEMPORAL_ADDRESS', 'TEMPORAL_NAMESPACE'],
  ],
  'temporalio/server': [
    ...['DB', 'DB_PORT', 'POSTGRES_SEEDS', 'POSTGRES_USER', 'POSTGRES_PWD', 'DBNAME'],
    ...['VISIBILITY_DBNAME', 'NUM_HISTORY_SHARDS', 'BIND_ON_IP', 'DYNAMIC_CONFIG_FILE_PATH'],
    'LOG_LEVEL',
  ],
  'temporalio/ui': ['TEMPORAL_ADDRESS', 'TEMPORAL_DEFAULT_NAMESPACE'],
};
/** Ports that the images listen on. */
const portOf = { postgresql: 5432, temporal: 7233, 'temporal-ui': 8080 };
const leastShards = 128;

/** Says in what the files are at odds with themselves, and with what Holdfast reads and sets. */
export function findDifferences(files: Files, product: Product): readonly string[] {
  const parsed = composeSchema.safeParse(parse(files['compose.yaml'] ?? ''));
  if (!parsed.success) {
    return parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  }
  const compose = parsed.data;
  return [
    ...Object.entries(compose.services).flatMap(([name, service]) => [
      ...oddities(name, service, compose),
      ...environmentOddities(name, service, files),
    ]),
    ...volumeOddities(compose, files),
    ...variableOddities(files, product),
    ...addressOddities(compose, files, product),
    ...databaseOddities(compose, files),
    ...temporalOddities(compose, files, product),
  ];
}

function oddities(name: string, service: Service, { services }: Compose): readonly string[] {
  const runsOn = !service.restart.startsWith('on-failure');
  return [
    ...unless(
      runsOn === (service.healthcheck !== undefined),
      `${name}: a health check is for what goes on running`,
    ),
    ...Object.entries(service.depends_on ?? {}).flatMap(([other, { condition }]) =>
      unless(
        condition ===
          (services[other]?.healthcheck === undefined
            ? 'service_completed_successfully'
            : 'service_healthy') && other in services,
        `${name} waits for ${other} to be ${condition}`,
      ),
    ),
    ...(service.ports ?? []).flatMap((port) =>
      unless(port.startsWith('127.0.0.1:'), `${name}: ${port} is open to everybody`),
    ),
  ];
}

/** Everything that is told is read, and everything that is read is told; what is a secret has no default. */
function environmentOddities(name: string, service: Service, files: Files): readonly string[] {
  const told = Object.keys(service.environment);
  const scripts = (service.volumes ?? [])
    .map((volume) => files[volume.split(':')[0]?.replace('./', '') ?? ''] ?? '')
    .filter((text) => text.startsWith('#!'));
  const mentioned = scripts.flatMap((text) => namesIn(text));
  const known = readByImage[service.image.split(':')[0] ?? ''] ?? [];
  return [
    ...told
      .filter((variable) => !known.includes(variable) && !mentioned.includes(variable))
      .map((variable) => `${name}: nothing reads ${variable}`),
    ...mentioned
      .filter((variable) => !told.includes(variable))
      .map((variable) => `${name}: ${variable} is read and not told`),
    ...Object.entries(service.environment)
      .filter(([variable]) => /PASSWORD|PWD|SECRET|TOKEN/.test(variable))
      .filter(([, value]) => !/^\$\{\w+_PASSWORD:\?[^}]+\}$/.test(value))
      .map(([variable]) => `${name}: ${variable} has a default`),
  ];
}

/** Capitals, as variables of the environment have them. */
function namesIn(script: string): readonly string[] {
  return [...new Set([...script.matchAll(/\$\{?([A-Z][A-Z_]+)/g)].map(([, name = '']) => name))];
}

function volumeOddities({ services, volumes }: Compose, files: Files): readonly string[] {
  const sources = Object.values(services)
    .flatMap((service) => service.volumes ?? [])
    .map((volume) => volume.split(':')[0] ?? '');
  const named = sources.filter((source) => !source.startsWith('./'));
  return [
    ...named.filter((source) => !(source in volumes)).map((source) => `no volume ${source}`),
    ...Object.keys(volumes)
      .filter((name) => !named.includes(name))
      .map((name) => `volume ${name} is not used`),
    ...sources
      .filter((source) => source.startsWith('./') && !(source.slice(2) in files))
      .map((source) => `there is no ${source}`),
    ...Object.entries(services).flatMap(([name, { entrypoint, volumes: mounts }]) =>
      unless(
        entrypoint === undefined ||
          (mounts ?? []).some((mount) => mount.split(':')[1] === entrypoint.at(-1)),
        `${name} starts what is not there`,
      ),
    ),
  ];
}

/** What Compose takes from outside stands in `.env.example`, and nothing else stands there but settings of Holdfast. */
function variableOddities(files: Files, { settings: known }: Product): readonly string[] {
  const taken = [...(files['compose.yaml'] ?? '').matchAll(/\$\{(\w+)(?::-([^}]*))?/g)].map(
    ([, name = '', standard = '']) => ({ name, standard }),
  );
  const offered = offeredIn(files);
  return [
    ...taken.flatMap(({ name, standard }) => [
      ...unless(offered.has(name), `.env.example does not say ${name}`),
      ...unless(offered.get(name) === standard, `.env.example: another default of ${name}`),
      ...unless(
        (known[name]?.default ?? standard) === standard,
        `Holdfast has another default of ${name}`,
      ),
    ]),
    ...[...offered]
      .filter(([name]) => !taken.some((one) => one.name === name))
      .flatMap(([name, value]) => {
        const setting = known[name];
        if (setting === undefined) return [`${name} is read neither by Compose nor by Holdfast`];
        return unless(setting.schema.safeParse(value).success, `Holdfast refuses ${name}`);
      }),
  ];
}

/** Names and values of `.env.example`, also of what is switched off. */
function offeredIn(files: Files): ReadonlyMap<string, string> {
  const lines = (files['.env.example'] ?? '').matchAll(/^#?([A-Z_]+)=(.*)$/gm);
  return new Map([...lines].map(([, name = '', value = '']) => [name, value]));
}

/** What is published is what Holdfast looks for unless told, and what `.env.example` tells it. */
function addressOddities(
  { services }: Compose,
  files: Files,
  { settings: known }: Product,
): readonly string[] {
  const offered = offeredIn(files);
  const published = (name: keyof typeof portOf): string => {
    const [address, port] = (services[name]?.ports ?? [])
      .map((mapping) => mapping.split(':'))
      .filter(([, , inside]) => inside === String(portOf[name]))[0] ?? ['', ''];
    return `${address}:${port}`;
  };
  const temporal = published('temporal');
  const ui = `http://${published('temporal-ui')}`;
  return [
    ...unless(
      known['TEMPORAL_ADDRESS']?.default === temporal &&
        offered.get('TEMPORAL_ADDRESS') === temporal,
      `Temporal is at ${temporal}`,
    ),
    ...unless(
      known['TEMPORAL_UI_URL']?.default === ui && offered.get('TEMPORAL_UI_URL') === ui,
      `the UI is at ${ui}`,
    ),
    ...unless(
      hostOf(offered.get('DATABASE_URL')) === published('postgresql'),
      `PostgreSQL is at ${published('postgresql')}`,
    ),
    ...['temporal-namespace', 'temporal-ui'].flatMap((name) =>
      unless(
        services[name]?.environment['TEMPORAL_ADDRESS'] === `temporal:${portOf.temporal}`,
        `${name} looks for Temporal elsewhere`,
      ),
    ),
  ];
}

const hostOf = (url = ''): string => (URL.canParse(url) ? new URL(url).host : 'nowhere');

/** Roles and databases that are created are those that are used. */
function databaseOddities({ services }: Compose, files: Files): readonly string[] {
  const script = files['create-databases.sh'] ?? '';
  const owners = new Map(
    [...script.matchAll(/create database (\w+) owner (\w+)/g)].map(([, name = '', owner = '']) => [
      name,
      owner,
    ]),
  );
  const server = services['temporal']?.environment ?? {};
  const schema = services['temporal-schema']?.environment ?? {};
  const [, role = '', secret = '', database = ''] =
    /^postgres:\/\/(\w+):(\w+)@[^/]+\/(\w+)$/.exec(offeredIn(files).get('DATABASE_URL') ?? '') ??
    [];
  const used: readonly (readonly [name: string | undefined, owner: string | undefined])[] = [
    [server['DBNAME'], server['POSTGRES_USER']],
    [server['VISIBILITY_DBNAME'], server['POSTGRES_USER']],
    ...[...(files['update-schema.sh'] ?? '').matchAll(/^update (\w+) /gm)].map(
      ([, name]) => [name, schema['SQL_USER']] as const,
    ),
    [database, role],
  ];
  const port = String(portOf.postgresql);
  return [
    ...used
      .filter(([name = '', owner]) => owners.get(name) !== owner)
      .map(([name, owner]) => `${owner} has no database ${name}`),
    ...[...new Set(owners.values())].flatMap((owner) =>
      unless(script.includes(`create role ${owner} login password :'${owner}_password'`), owner),
    ),
    ...unless(secret === 'HOLDFAST_DATABASE_PASSWORD', 'DATABASE_URL names another password'),
    ...unless(
      [server['POSTGRES_SEEDS'], schema['SQL_HOST']].every((host) => host === 'postgresql') &&
        [server['DB_PORT'], schema['SQL_PORT']].every((given) => given === port),
      'PostgreSQL is looked for elsewhere',
    ),
    ...unless(server['POSTGRES_PWD'] === schema['SQL_PASSWORD'], 'two passwords for one role'),
  ];
}

/** Search attributes, dynamic configuration, versions and shards. */
function temporalOddities(
  { services }: Compose,
  files: Files,
  product: Product,
): readonly string[] {
  const script = files['set-up-namespace.sh'] ?? '';
  const registered = [...script.matchAll(/--name (\w+) --type (\w+)/g)].map(
    ([, name, type]) => `${name} ${type}`,
  );
  const used = product.searchAttributes.map(
    ({ name, type }) => `${name} ${typeNames[type] ?? type}`,
  );
  const dynamic = dynamicConfigSchema.safeParse(parse(files['dynamic-config.yaml'] ?? ''));
  const values = Object.entries(dynamic.data ?? {}).map(([name, [{ value }]]) => [name, value]);
  const { environment = {}, image, volumes = [] } = services['temporal'] ?? {};
  const version = image?.split(':')[1] ?? '';
  const shards = Number(environment['NUM_HISTORY_SHARDS']);
  return [
    ...unless(same(registered, used), `search attributes are ${registered.join(', ')}`),
    ...unless(
      same(values.map(String), Object.entries(product.dynamicConfig).map(String)),
      'dynamic configuration differs from that of the local server',
    ),
    ...unless(
      volumes.includes(`./dynamic-config.yaml:${environment['DYNAMIC_CONFIG_FILE_PATH']}:ro`),
      'the server reads another dynamic configuration',
    ),
    ...['temporal-schema', 'temporal-namespace'].flatMap((name) =>
      unless(services[name]?.image === `temporalio/admin-tools:${version}`, `${name}: version`),
    ),
    ...unless(
      shards >= leastShards && Number.isInteger(Math.log2(shards)),
      `${environment['NUM_HISTORY_SHARDS']} history shards`,
    ),
    ...unless(
      (files['README.md'] ?? '').includes(`${shards} history shards`),
      'README.md does not state the history shards',
    ),
  ];
}

const typeNames: Readonly<Record<string, string>> = {
  KEYWORD: 'Keyword',
  INT: 'Int',
  BOOL: 'Bool',
  DOUBLE: 'Double',
  KEYWORD_LIST: 'KeywordList',
};

const same = (one: readonly string[], other: readonly string[]): boolean =>
  one.toSorted().join() === other.toSorted().join();

const unless = (isWell: boolean, says: string): readonly string[] => (isWell ? [] : [says]);
