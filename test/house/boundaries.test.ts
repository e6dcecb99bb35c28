import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { copyProject } from './project-copy.ts';
import type { ProjectCopy } from './project-copy.ts';

interface Violation {
  readonly from: string;
  readonly to: string;
  readonly rule: string;
}

/** Takes all of another file in, at run time. */
const imports = (specifier: string): string => `export * as taken from '${specifier}';\n`;

/** What is planted, a file a line, and the rule that has to refuse it; null for what has to be let through. */
const plants: Readonly<Record<string, readonly [text: string, rule: string | null]>> = {
  // Upwards, one tier and several.
  'config/planted-core.ts': [imports('../core/errors.ts'), 'config-is-a-leaf'],
  'config/planted-store.ts': [imports('../store/planted-api.ts'), 'config-is-a-leaf'],
  'config/planted-node.ts': [imports('node:fs'), 'config-is-a-leaf'],
  'core/planted-tools.ts': [imports('../tools/planted-free.ts'), 'core-imports-only-itself'],
  'core/planted-store.ts': [imports('../store/planted-api.ts'), 'core-imports-only-itself'],
  'core/planted-cli.ts': [imports('../cli/planted-free.ts'), 'core-imports-only-itself'],
  'core/planted-fs.ts': [imports('node:fs'), 'core-imports-only-itself'],
  'core/safety/planted-package.ts': [imports('yaml'), 'core-imports-only-itself'],
  'core/analysis/planted-zod.ts': [imports('zod'), 'zod-enters-by-one-door'],
  'core/schemas/planted-up.ts': [imports('../safety/planted-leaf.ts'), 'shared-shapes-are-a-leaf'],
  'core/safety/planted-leaf.ts': ['export const leaf = 1;\n', null],
  'integrations/planted/tool.ts': [imports('../../tools/planted-free.ts'), 'backing-looks-down'],
  'integrations/planted/agent.ts': [imports('../../agents/loop.ts'), 'backing-looks-down'],
  'integrations/planted/api.ts': [imports('../../api/planted-free.ts'), 'backing-looks-down'],
  'integrations/planted/gateway.ts': [
    imports('../../gateway/planted-free.ts'),
    'backing-looks-down',
  ],
  'integrations/planted/other.ts': [
    imports('../planted-too/client.ts'),
    'a-vendor-folder-stands-alone',
  ],
  'integrations/planted-too/client.ts': [imports('../../core/errors.ts'), null],
  'store/planted-api.ts': [imports('../api/planted-free.ts'), 'nothing-imports-an-entry-point'],
  'store/planted-vendor.ts': [
    imports('../integrations/planted-too/client.ts'),
    'backing-looks-down',
  ],
  'tools/planted-vendor.ts': [
    imports('../integrations/planted-too/client.ts'),
    'tools-and-agents-know-core-only',
  ],
  'tools/planted-handed.ts': [
    "import type { taken } from '../integrations/planted-too/client.ts';\nexport const use = (client: typeof taken): unknown => client;\n",
    null,
  ],
  'tools/planted-agent.ts': [imports('../agents/loop.ts'), 'tools-and-agents-know-core-only'],
  'tools/planted-free.ts': [imports('../core/errors.ts'), null],
  'agents/planted-tool.ts': [
    imports('../tools/planted-free.ts'),
    'tools-and-agents-know-core-only',
  ],
  'agents/planted-node.ts': [imports('node:os'), 'tools-and-agents-know-core-only'],
  'activities/planted-store.ts': [
    imports('../store/planted-api.ts'),
    'activities-are-handed-the-rest',
  ],
  'activities/planted-cli.ts': [
    imports('../cli/planted-free.ts'),
    'nothing-imports-an-entry-point',
  ],
  'activities/planted-vendor.ts': [imports('pg'), 'vendors-stay-at-the-back'],
  'api/planted-vendor.ts': [imports('@duckdb/node-api'), 'vendors-stay-at-the-back'],
  // The sandbox, at first and at second hand.
  'workflows/planted-node.ts': [imports('node:fs'), 'workflows-stay-in-the-sandbox'],
  'workflows/planted-far.ts': [imports('../core/planted-far.ts'), 'workflows-stay-in-the-sandbox'],
  'core/planted-far.ts': [imports('./schemas/z.ts'), null],
  'workflows/planted-activity.ts': [
    imports('../activities/planted-cli.ts'),
    'workflows-stay-in-the-sandbox',
  ],
  // Surfaces.
  'api/planted-cli.ts': [imports('../cli/planted-free.ts'), 'surfaces-are-peers'],
  'cli/planted-api.ts': [imports('../api/planted-free.ts'), 'surfaces-are-peers'],
  'cli/planted-gateway.ts': [imports('../gateway/planted-free.ts'), 'surfaces-are-peers'],
  'gateway/planted-cli.ts': [imports('../cli/planted-free.ts'), 'surfaces-are-peers'],
  'gateway/planted-api.ts': [imports('../api/planted-free.ts'), 'surfaces-are-peers'],
  'web/planted-api.ts': [imports('../api/planted-free.ts'), 'surfaces-are-peers'],
  'web/planted-run-time.ts': [imports('../core/errors.ts'), 'the-pages-take-types-only'],
  'api/planted-react.ts': [imports('react'), 'a-framework-has-one-place'],
  'gateway/planted-free.ts': [imports('../core/errors.ts'), null],
  'cli/planted-free.ts': [
    imports('../core/errors.ts') + imports('../config/planted-data.ts').replace('taken', 'data'),
    null,
  ],
  'api/planted-free.ts': [imports('../core/errors.ts'), null],
  'config/planted-data.ts': ['export const data = 1;\n', null],
  'api/planted-activities.ts': [imports('../activities/planted-cli.ts'), 'surfaces-hand-off'],
  'api/planted-agents.ts': [imports('../agents/loop.ts'), 'surfaces-hand-off'],
  'cli/planted-store.ts': [imports('../store/planted-api.ts'), 'the-cli-is-a-client'],
  'api/planted-compose.ts': [imports('../compose.ts'), 'two-processes-compose'],
  'api/planted-worker.ts': [imports('@temporalio/worker'), 'composing-needs-no-worker'],
  'cli/planted-express.ts': [imports('express'), 'a-framework-has-one-place'],
  // Cycles and hygiene.
  'core/safety/planted-cycle.ts': [imports('../analysis/planted-cycle.ts'), null],
  'core/analysis/planted-cycle.ts': [imports('../safety/planted-cycle.ts'), 'no-cycles'],
  'core/analysis/planted-sibling.ts': [imports('../safety/planted-leaf.ts'), null],
  'vendors/planted.ts': [imports('../core/errors.ts'), 'every-file-has-a-room'],
  'services/planted.ts': [imports('../core/errors.ts'), 'every-file-has-a-room'],
  'activities/planted-vendors.ts': [imports('../vendors/planted.ts'), 'every-import-has-a-room'],
  'api/planted-test.ts': [
    imports('../test/house/project-copy.ts'),
    'product-stands-without-its-scaffold',
  ],
  'cli/planted-script.ts': [
    imports('../scripts/project-root.ts'),
    'product-stands-without-its-scaffold',
  ],
  'store/planted-dev.ts': [imports('fast-check'), 'no-dev-dependency-in-the-product'],
  'store/planted-hidden.ts': [imports('tslib'), 'declared-packages-only'],
  'store/planted-nowhere.ts': [imports('./nowhere.ts'), 'no-unresolvable-imports'],
};

let clean: readonly Violation[] = [];
let planted: readonly Violation[] = [];
let rules: readonly {
  readonly name: string;
  readonly comment?: string;
  readonly severity: string;
}[] = [];
let copy: ProjectCopy;

beforeAll(() => {
  copy = copyProject();
  for (const [path, [text]] of Object.entries(plants)) copy.write(path, text);
  const all = cruise(copy);
  planted = all.filter(({ from }) => from in plants);
  clean = all.filter(({ from }) => !(from in plants));
});
afterAll(() => copy.dispose());

/** The folders and files at the root, without what stands around the product. */
function productFiles({ folder }: ProjectCopy): readonly string[] {
  const around = ['test', 'scripts', 'bench', 'docs', 'node_modules'];
  return readdirSync(folder, { withFileTypes: true })
    .filter((one) => (one.isDirectory() && !one.name.startsWith('.')) || one.name.endsWith('.ts'))
    .map(({ name }) => name)
    .filter((name) => !around.includes(name));
}

function cruise(project: ProjectCopy, ...paths: readonly string[]): readonly Violation[] {
  const { stdout } = project.run('depcruise', [
    '--config',
    '.dependency-cruiser.js',
    '--output-type',
    'json',
    ...(paths.length === 0 ? ['.'] : paths),
  ]);
  const { summary } = JSON.parse(stdout);
  rules = summary.ruleSetUsed.forbidden;
  return summary.violations.map(
    ({ from, to, rule }: { from: string; to: string; rule: { name: string } }) => ({
      from,
      to,
      rule: rule.name,
    }),
  );
}

const rulesAgainst = (path: string): readonly string[] =>
  planted.filter(({ from }) => from === path).map(({ rule }) => rule);

/** Each of these plants is refused by its rule or, where it has none, let through; and the real tree keeps those rules. */
function expectJudged(...paths: readonly string[]): void {
  for (const path of paths) {
    const plant = plants[path];
    if (plant === undefined) throw new Error(`${path} is not planted`);
    const [, rule] = plant;
    if (rule === null) expect({ path, rules: rulesAgainst(path) }).toEqual({ path, rules: [] });
    else
      expect({ path, rules: rulesAgainst(path) }).toEqual({
        path,
        rules: expect.arrayContaining([rule]),
      });
    expect(clean.filter((violation) => violation.rule === rule)).toEqual([]);
  }
}

describe('npm run boundaries', () => {
  test('the tree as it is keeps every rule', () => {
    expect(clean).toEqual([]);
  });

  test('every rule catches something, is an error, and names its remedy', () => {
    const caught = new Set(planted.map(({ rule }) => rule));
    for (const { name, comment, severity } of rules) {
      expect({ name, caught: caught.has(name), severity }).toEqual({
        name,
        caught: true,
        severity: 'error',
      });
      expect((comment ?? '').length).toBeGreaterThan(40);
    }
  });

  test('every plant is judged as it should be', () => {
    expectJudged(...Object.keys(plants));
  });

  test('OS-01 each of the seven layers has a room of ours that is guarded, by the one table that maps them', () => {
    const page = readFileSync(
      join(copy.folder, 'docs/adr/0002-the-tree-and-its-five-rules.md'),
      'utf8',
    );
    const table = page
      .split('\n')
      .filter((line) => /^\| (?!layer|-)/.test(line))
      .map((line) => line.split('|').map((cell) => cell.trim()));
    const rooms = new Map(
      table.map(([, layer = '', , folders = '']) => [layer, folders.match(/[a-z]+\//g) ?? []]),
    );
    expect([...rooms.keys()]).toEqual([
      'surfaces',
      'messaging gateway',
      'tools',
      'integrations',
      'core',
      'platform services',
      'config',
    ]);
    for (const [layer, folders] of rooms) {
      expect({ layer, folders: folders.length > 0 }).toEqual({ layer, folders: true });
      for (const folder of folders) {
        const refused = planted.filter(({ from }) => from.startsWith(folder));
        expect({ folder, refused: refused.length > 0 }).toEqual({ folder, refused: true });
      }
    }
  });

  test('OS-02 the four tiers stand on each other: config below core, core below tools and vendors, those below the surfaces', () => {
    expectJudged(
      'config/planted-core.ts',
      'core/planted-tools.ts',
      'integrations/planted/api.ts',
      'store/planted-api.ts',
    );
  });

  test('OS-03 a module imports any lower tier, not only the next, and never a higher one', () => {
    expectJudged('cli/planted-free.ts', 'tools/planted-free.ts');
    expectJudged(
      'config/planted-store.ts',
      'core/planted-store.ts',
      'core/planted-cli.ts',
      'activities/planted-cli.ts',
    );
  });

  test('OS-04 surfaces and the gateway never import each other', () => {
    expectJudged(
      'api/planted-cli.ts',
      'cli/planted-api.ts',
      'cli/planted-gateway.ts',
      'gateway/planted-cli.ts',
      'gateway/planted-api.ts',
      'web/planted-api.ts',
    );
  });

  test('OS-05 a tool knows a vendor by what it is handed: the type is free, the import is refused', () => {
    expectJudged('tools/planted-handed.ts', 'tools/planted-vendor.ts');
  });

  test('OS-29 a client knows no agent, and whoever is no vendor folder takes no client in', () => {
    expectJudged(
      'integrations/planted/agent.ts',
      'integrations/planted/other.ts',
      'activities/planted-vendor.ts',
      'api/planted-vendor.ts',
      'tools/planted-vendor.ts',
      'tools/planted-handed.ts',
    );
  });

  test('OS-06 a vendor folder imports no tool, no surface, no gateway and no other vendor', () => {
    expectJudged(
      'integrations/planted/tool.ts',
      'integrations/planted/api.ts',
      'integrations/planted/gateway.ts',
      'integrations/planted/other.ts',
      'integrations/planted-too/client.ts',
    );
  });

  test('OS-07 parts of core are siblings: one may use another, never in a circle, and what both need is a leaf', () => {
    expectJudged(
      'core/analysis/planted-sibling.ts',
      'core/safety/planted-cycle.ts',
      'core/analysis/planted-cycle.ts',
      'core/schemas/planted-up.ts',
    );
  });

  test('OS-08 config imports nothing of ours, and anything may import it', () => {
    expectJudged('config/planted-core.ts', 'config/planted-store.ts', 'cli/planted-free.ts');
  });

  test('OS-09 nothing imports an entry point, so a surface can be deleted without touching what is below', () => {
    expectJudged('store/planted-api.ts', 'activities/planted-cli.ts', 'core/planted-cli.ts');
    for (const path of Object.keys(plants)) copy.remove(path);
    copy.remove('cli');
    const below = cruise(copy, ...productFiles(copy));
    for (const [path, [text]] of Object.entries(plants)) copy.write(path, text);
    expect(below).toEqual([]);
  });

  test('OS-10 one command fails on a violation, and there is no list of exceptions', () => {
    // The tree whole was cruised above: of what this needs, a little is enough.
    for (const path of ['bench', 'examples', 'integrations', 'test', 'web']) copy.remove(path);
    // Neither does it spare what a list says is known.
    const baseline = [
      {
        type: 'module',
        from: 'config/planted-core.ts',
        to: 'core/errors.ts',
        rule: { severity: 'error', name: 'config-is-a-leaf' },
      },
    ];
    copy.write('.dependency-cruiser-known-violations.json', JSON.stringify(baseline));
    const check = copy.run('npm', ['run', '--silent', 'check', '--', 'boundaries']);
    copy.remove('.dependency-cruiser-known-violations.json');
    expect(check.status).toBe(1);
    expect(check.output).toMatch(/^FAIL boundaries/m);
    expect(check.output).toContain('config-is-a-leaf: config/planted-core.ts');
  });

  test('OS-11 no second home for vendors or services: a new folder at the root is refused, and so is importing it', () => {
    expectJudged('vendors/planted.ts', 'services/planted.ts', 'activities/planted-vendors.ts');
  });

  test('OS-44 core has no I/O: no Node, no package, no store', () => {
    expectJudged('core/planted-fs.ts', 'core/safety/planted-package.ts', 'core/planted-store.ts');
  });

  test('OS-49 settings are data that import nothing: neither ours nor Node', () => {
    expectJudged('config/planted-core.ts', 'config/planted-node.ts', 'config/planted-data.ts');
  });
});
