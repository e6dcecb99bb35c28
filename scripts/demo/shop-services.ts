import { fork, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { ServiceRegistry } from '../../config/service-registry.ts';
import { z } from '../../core/schemas/z.ts';
import { isBuilt, projectRoot } from '../project-root.ts';

export interface ShopServices {
  /** Entries of the service registry. */
  readonly services: ServiceRegistry['services'];
  stop(): Promise<void>;
}

const names = ['gateway', 'checkout', 'payments'] as const;
const readyMs = 30_000;
const changeSchema = z.object({
  time: z.string(),
  kind: z.string(),
  service: z.string().optional(),
  revision: z.string().optional(),
});
const readySchema = z.object({ ready: z.literal(true), port: z.int() });

/**
 * Starts the services of the demo shop as they stood at the end of a recorded incident: each serves the release that its last deploy of the recording
 * shipped, and knows the one before. They are what a proposed roll-back really acts on, and they end with this process. What they remember is kept under
 * `stateDir` until then.
 */
export async function startShopServices(caseDir: string, stateDir: string): Promise<ShopServices> {
  mkdirSync(stateDir, { recursive: true });
  const shopDir = mkdtempSync(join(stateDir, 'demo-shop-'));
  const started: { readonly child: ChildProcess; readonly ended: Promise<void> }[] = [];
  const stop = async (): Promise<void> => {
    for (const { child } of started) child.kill('SIGTERM');
    await Promise.all(started.map(({ ended }) => ended));
    rmSync(shopDir, { recursive: true, force: true });
  };
  try {
    const services = await Promise.all(
      names.map(async (name) => {
        const token = randomBytes(18).toString('base64url');
        const child = launch(name, shopDir, token, releasesOf(caseDir, name));
        const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
        started.push({ child, ended });
        return { name, url: `http://127.0.0.1:${await portOf(name, child)}`, token };
      }),
    );
    return { services, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The releases that the recorded changes name, newest last; a service without any runs its first. */
function releasesOf(caseDir: string, service: string): readonly string[] {
  const lines = readFileSync(join(caseDir, 'changes.jsonl'), 'utf8').split('\n').filter(Boolean);
  return lines
    .map((line) => changeSchema.parse(JSON.parse(line)))
    .filter((change) => change.kind === 'deploy' && change.service === service)
    .toSorted((a, b) => Date.parse(a.time) - Date.parse(b.time))
    .flatMap(({ revision }) => (revision === undefined ? [] : [revision]));
}

function launch(
  name: string,
  shopDir: string,
  token: string,
  releases: readonly string[],
): ChildProcess {
  const root = projectRoot();
  const [program, execArgv] = isBuilt()
    ? [join(root, 'dist', 'examples', 'shop', 'service.js'), []]
    : [join(root, 'examples', 'shop', 'service.ts'), ['--import', 'tsx']];
  const revision = releases.at(-1) ?? `${name}-r1`;
  const previous = releases.at(-2) ?? releaseBefore(revision);
  return fork(
    program,
    ['--name', name, '--state', shopDir, '--revision', revision, '--previous-revision', previous],
    {
      execArgv,
      cwd: root,
      env: { PATH: process.env['PATH'], SHOP_OPS_TOKEN: token },
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    },
  );
}

/** Releases are numbered: `checkout-r119` comes after `checkout-r118`. */
function releaseBefore(revision: string): string {
  return revision.replace(/\d+$/, (number) => String(Math.max(0, Number(number) - 1)));
}

function portOf(name: string, child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`the shop's ${name} did not start`)), readyMs);
    child.once('exit', () => {
      clearTimeout(timer);
      reject(new Error(`the shop's ${name} ended at once`));
    });
    child.on('message', (message) => {
      const ready = readySchema.safeParse(message);
      if (!ready.success) return;
      clearTimeout(timer);
      resolve(ready.data.port);
    });
  });
}
