import { execFile } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './install.js';

// `npm run check`: every gate, a line each; what a failing one printed follows. `--no-test` leaves the tests out; names of gates run those alone.

/** @typedef {readonly [name: string, run: () => Promise<string | null>]} Gate */

/** @type {readonly Gate[]} */
const gates = [
  ['typecheck', () => runScript('typecheck')],
  ['lint', () => runScript('lint')],
  ['boundaries', () => runScript('boundaries')],
  ['format', () => runScript('format')],
  ['unused', () => runScript('unused')],
  ['results', () => runScript('results')],
  ['generated', findStale],
  ['test', () => runScript('test')],
  ['build', () => runScript('build')],
];

/**
 * What is generated and committed: by which script, and where it writes.
 * @type {readonly (readonly [script: string, files: readonly string[]])[]}
 */
const generated = [
  ['index', ['tools/catalogue.ts', 'integrations/catalogue.ts', 'agents/policy-version.ts']],
  ['openapi', ['openapi.json', 'docs/ops-openapi.json']],
  ['schema', ['store/schema.sql']],
  ['json-schemas', ['docs/schemas/case.json', 'docs/schemas/report.json']],
  ['settings', ['.env.example', 'docs/configuration.md']],
  ['diagram', ['docs/ARCHITECTURE.md']],
  ['conformance', ['docs/conformance.md']],
];

/** These only read the tree: two run at a time. */
const readers = new Set(['typecheck', 'lint', 'boundaries', 'format', 'unused', 'results']);

/**
 * Runs a script of package.json and gives what it printed when it failed, null when it did not.
 * @param {string} name
 * @returns {Promise<string | null>}
 */
function runScript(name) {
  const options = { cwd: root, maxBuffer: 256 * 1_024 * 1_024 };
  return new Promise((resolve) => {
    execFile('npm', ['run', '--silent', name], options, (error, stdout, stderr) => {
      if (error === null) resolve(null);
      else resolve(`${stdout}${stderr}`.trim() || error.message);
    });
  });
}

/** Generates everything again, compares, and leaves the tree as it was. */
async function findStale() {
  const complaints = [];
  for (const [script, files] of generated) {
    const before = files.map(readOrNull);
    const failure = await runScript(script);
    const stale = files.filter((file, index) => readOrNull(file) !== before[index]);
    for (const [index, text] of before.entries()) {
      const file = files[index];
      if (text !== null && file !== undefined) writeFileSync(join(root, file), text);
    }
    if (failure !== null) complaints.push(`npm run ${script} failed:\n${failure}`);
    else
      for (const file of stale)
        complaints.push(`${file} is out of date: run \`npm run ${script}\` and commit it`);
  }
  return complaints.length === 0 ? null : complaints.join('\n');
}

/** @param {string} file */
function readOrNull(file) {
  const path = join(root, file);
  return existsSync(path) ? readFileSync(path, 'utf8') : null;
}

/** @param {readonly string[]} args */
function chooseGates(args) {
  const names = args.filter((arg) => arg !== '--no-test');
  const unknown = names.filter((name) => !gates.some(([gate]) => gate === name));
  if (unknown.length > 0) {
    console.error(
      `no such gate: ${unknown.join(', ')}; there are ${gates.map(([name]) => name).join(', ')}`,
    );
    process.exit(2);
  }
  if (names.length > 0) return gates.filter(([name]) => names.includes(name));
  return args.includes('--no-test') ? gates.filter(([name]) => name !== 'test') : gates;
}

if (!existsSync(join(root, 'node_modules'))) {
  console.error('the packages are not installed: run `npm ci` first');
  process.exit(5);
}
let failed = 0;

/** @param {Gate} gate */
async function runGate([name, run]) {
  const startedAt = performance.now();
  const complaint = await run();
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
  console.log(`${complaint === null ? 'ok  ' : 'FAIL'} ${name.padEnd(11)}${seconds.padStart(7)} s`);
  if (complaint !== null) {
    failed += 1;
    console.log(complaint);
  }
}

/** @param {Iterable<Gate>} queue */
async function runInTurn(queue) {
  for (const gate of queue) await runGate(gate);
}

const chosen = chooseGates(process.argv.slice(2));
const together = chosen.filter(([name]) => readers.has(name)).values();
await Promise.all([runInTurn(together), runInTurn(together)]);
await runInTurn(chosen.filter(([name]) => !readers.has(name)));
console.log(failed === 0 ? 'every gate is green' : `gates that failed: ${failed}`);
process.exitCode = failed === 0 ? 0 : 1;
