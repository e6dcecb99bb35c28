import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { copyProject } from './project-copy.ts';
import type { ProjectCopy } from './project-copy.ts';

/** What is planted, by file, and the rule that has to refuse it. */
const plants: Readonly<Record<string, readonly [text: string, rule: string]>> = {
  'core/planted-now.ts': ['export const at = Date.now();\n', 'no-restricted-properties'],
  'core/planted-random.ts': ['export const luck = Math.random();\n', 'no-restricted-properties'],
  'core/planted-fetch.ts': [
    "export const get = () => fetch('http://x');\n",
    'no-restricted-globals',
  ],
  'core/planted-environment.ts': [
    "export const home = process.env['HOME'];\n",
    'no-restricted-globals',
  ],
  'core/planted-buffer.ts': ["export const bytes = Buffer.from('x');\n", 'no-restricted-globals'],
  'agents/planted-timer.ts': [
    'export const wait = () => setTimeout(() => undefined, 1);\n',
    'no-restricted-globals',
  ],
  'agents/planted-id.ts': [
    'export const id = () => crypto.randomUUID();\n',
    'no-restricted-globals',
  ],
  'workflows/planted-proxy.ts': [
    "import { proxyActivities } from '@temporalio/workflow';\nexport const bare = proxyActivities({ startToCloseTimeout: '1h' });\n",
    'no-restricted-imports',
  ],
  'workflows/planted-local.ts': [
    "import { proxyLocalActivities } from '@temporalio/workflow';\nexport const bare = proxyLocalActivities({ startToCloseTimeout: '1s' });\n",
    'no-restricted-imports',
  ],
  'store/planted-floating.ts': [
    'const later = async (): Promise<void> => undefined;\nexport const forget = (): void => {\n  later();\n};\n',
    'no-floating-promises',
  ],
  'store/planted-switch.ts': [
    "export function say(kind: 'a' | 'b'): string {\n  switch (kind) {\n    case 'a':\n      return 'a';\n  }\n  return '';\n}\n",
    'switch-exhaustiveness-check',
  ],
  'store/plantedName.ts': ['export const name = 1;\n', 'filename-case'],
  'store/planted-default.ts': ['export default 1;\n', 'no-default-export'],
  'store/planted-any.ts': [
    'export const loose = (value: any): unknown => value;\n',
    'no-explicit-any',
  ],
  'store/planted-long.ts': [
    Array.from({ length: 401 }, (_unused, index) => `export const line${index} = ${index};\n`).join(
      '',
    ),
    'max-lines',
  ],
  'test/planted-only.test.ts': [
    "import { expect, test } from '@jest/globals';\ntest.only('alone', () => expect(1).toBe(1));\n",
    'no-focused-tests',
  ],
  'test/planted-mock.test.ts': [
    "import { expect, jest, test } from '@jest/globals';\njest.mock('../core/errors.ts');\ntest('mocked', () => expect(1).toBe(1));\n",
    'no-restricted-jest-methods',
  ],
};

let copy: ProjectCopy;
let found: readonly {
  readonly filename: string;
  readonly code: string;
  readonly message: string;
  readonly help?: string;
}[];

beforeAll(() => {
  copy = copyProject();
  for (const [path, [text]] of Object.entries(plants)) copy.write(path, text);
  found = JSON.parse(copy.run('oxlint', ['--format', 'json']).stdout).diagnostics;
});
afterAll(() => copy.dispose());

const rulesAgainst = (path: string): readonly string[] =>
  found
    .filter(({ filename }) => filename === path)
    .map(({ code }) => code.replace(/^.*\((.*)\)$/, '$1'));

function expectRefused(...paths: readonly string[]): void {
  for (const path of paths) {
    expect({ path, rules: rulesAgainst(path) }).toEqual({
      path,
      rules: expect.arrayContaining([plants[path]?.[1]]),
    });
  }
}

describe('npm run lint', () => {
  test('finds nothing in the tree as it is', () => {
    const inTree = found.filter(({ filename }) => plants[filename] === undefined);
    expect(inTree.map(({ filename, code }) => `${filename} ${code}`)).toEqual([]);
  });

  test('refuses each plant by its rule', () => {
    expectRefused(...Object.keys(plants));
  });

  test('OS-44 core and agents take clock, chance, environment and network as arguments', () => {
    const pure = Object.keys(plants).filter((path) => /^(core|agents)\//.test(path));
    expect(pure.length).toBeGreaterThan(5);
    expectRefused(...pure);
    for (const { message, help = '' } of found.filter(({ filename }) => pure.includes(filename))) {
      expect(message + help).toContain('Take it as an argument');
    }
  });
});
