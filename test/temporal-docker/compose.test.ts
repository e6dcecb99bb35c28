import { describe, expect, test } from '@jest/globals';
import { findDifferences, ours, readFiles } from './find-differences.ts';
import type { Files, Product } from './find-differences.ts';

const files = readFiles();
const compose = 'compose.yaml';
const namespace = 'set-up-namespace.sh';

/** Changes one file, which has to hold what is to be changed. */
function changed(name: string, from: string, to: string): Files {
  const text = files[name] ?? '';
  expect(text).toContain(from);
  return { ...files, [name]: text.replace(from, to) };
}

/** Renames what Holdfast reads or sets. */
function renamed(from: string, to: string): Product {
  const rename = (name: string): string => (name === from ? to : name);
  const entries = <Value>(of: Readonly<Record<string, Value>>): Readonly<Record<string, Value>> =>
    Object.fromEntries(Object.entries(of).map(([name, value]) => [rename(name), value]));
  return {
    settings: entries(ours.settings),
    searchAttributes: ours.searchAttributes.map((one) => ({ ...one, name: rename(one.name) })),
    dynamicConfig: entries(ours.dynamicConfig),
  };
}

function withDefault(name: string, value: string): Product {
  const setting = ours.settings[name];
  if (setting === undefined) throw new Error(`there is no ${name}`);
  return { ...ours, settings: { ...ours.settings, [name]: { ...setting, default: value } } };
}

describe('temporal-docker/', () => {
  test('is of the Compose format, and at one with what Holdfast reads and sets', () => {
    expect(findDifferences(files, ours)).toEqual([]);
  });

  test.each([
    ['a key that Compose lacks', compose, 'healthcheck:', 'health_check:', /health_check/],
    ['an image that is not pinned', compose, 'ui:2.54.1', 'ui:latest', /must be pinned/],
    ['tools of another version', compose, 'tools:1.32.0', 'tools:1.31.2', /temporal-schema: ver/],
    ['a default password', compose, ': ${POSTGRES_PASSWORD:?set it in .env}', ': x', /a default/],
    ['a port for everybody', compose, '127.0.0.1:7233:', '0.0.0.0:7233:', /open to everybody/],
    ['another port of Temporal', compose, '127.0.0.1:7233:', '127.0.0.1:7234:', /Temporal is at/],
    ['another port of the UI', compose, '127.0.0.1:8233:', '127.0.0.1:8080:', /the UI is at/],
    ['another port of PostgreSQL', compose, '127.0.0.1:5432:', '127.0.0.1:5433:', /SQL is at/],
    ['an anonymous volume', compose, 'postgresql-data:/var', '/var', /volumes/],
    ['a volume nobody declared', compose, 'postgresql-data:/var', 'data:/var', /no volume data/],
    ['a script that is not there', compose, './update-schema.sh', './schema.sh', /no .\/schema.sh/],
    ['a service that nobody has', compose, '      temporal-schema:', '      setup:', /for setup/],
    ['a variable nobody reads', compose, 'DBNAME: temporal', 'DB_NAME: t', /nothing reads DB_NAME/],
    ['no dynamic configuration', compose, 'DYNAMIC_CONFIG_FILE_PATH', 'CONFIG', /reads another/],
    ['the four shards of the default', compose, "'512'", "'4'", /^4 history shards/],
    ['a variable of no script', compose, 'RETENTION:', 'KEEP:', /nothing reads KEEP/],
    ['another namespace', compose, 'NAMESPACE:-default', 'NAMESPACE:-own', /another default/],
    ['a variable that is not told', namespace, '"$RETENTION"', '"$KEEP"', /KEEP is read and not/],
    ['a renamed attribute', namespace, '--name Verdict', '--name Outcome', /attributes are/],
    ['another type of one', namespace, 'ty --type Int', 'ty --type Keyword', /attributes are/],
    ['one too few', namespace, '  --name Phase --type Keyword \\\n', '', /attributes are/],
    ['no such database', 'create-databases.sh', 'database holdfast', 'database own', /has no data/],
    ['another role', 'create-databases.sh', 'role temporal', 'role tempo', /^temporal$/],
    ['another schema', 'update-schema.sh', 'update temporal ', 'update tempo ', /database tempo/],
    ['a password nobody asks for', '.env.example', 'POSTGRES_PASS', 'PG_PASS', /read neither/],
    ['a setting that is not ours', '.env.example', '#TEMPORAL_UI_URL', '#UI_URL', /read neither/],
    ['a value that is refused', '.env.example', '=postgres:', '=pg:', /refuses DATABASE_URL/],
    ['no fairness', 'dynamic-config.yaml', 'enableFairness', 'fairness', /configuration differs/],
    ['shards nobody states', 'README.md', '512 history', 'many history', /does not state/],
  ])('would not be with %s', (_what, name, from, to, says) => {
    const differences = findDifferences(changed(name, from, to), ours);
    expect(differences).toContainEqual(expect.stringMatching(says));
  });

  test.each([
    ['a renamed variable', renamed('TEMPORAL_ADDRESS', 'TEMPORAL_HOST'), /TEMPORAL_ADDRESS/],
    ['a renamed attribute', renamed('Service', 'Target'), /search attributes are/],
    ['renamed configuration', renamed('matching.enableFairness', 'fair'), /configuration differs/],
    ['another port', withDefault('TEMPORAL_ADDRESS', '127.0.0.1:7234'), /Temporal is at/],
    ['another UI', withDefault('TEMPORAL_UI_URL', 'http://127.0.0.1:8080'), /the UI is at/],
    ['another namespace', withDefault('TEMPORAL_NAMESPACE', 'holdfast'), /another default/],
  ])('would not be if Holdfast had %s', (_what, product, says) => {
    expect(findDifferences(files, product)).toContainEqual(expect.stringMatching(says));
  });
});
