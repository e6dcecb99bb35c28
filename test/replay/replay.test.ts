import { cp, readFile, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DeterminismViolationError } from '@temporalio/workflow';
import { Worker, bundleWorkflowCode } from '@temporalio/worker';
import { projectRoot } from '../../scripts/project-root.ts';
import { historiesDir } from '../support/history.ts';
import { bundleFile } from '../support/built-product.ts';
import { openTestFolder } from '../support/test-folder.ts';

/** A recorded history: which path of which workflow, and under which id it ran. */
interface Recorded {
  readonly path: string;
  readonly workflowId: string;
  readonly history: unknown;
}

const paths = [
  'happy',
  'cancelled',
  'cap-reached',
  'continued',
  'specialist-failed',
  'approved',
  'rejected',
  'withdrawn',
  'refused',
  'expired',
  'sweep',
  'live',
  'second-look-failed',
  'google-and-model',
  'model-lost',
];

let recorded: readonly Recorded[] = [];

beforeAll(async () => {
  const files = (await readdir(historiesDir)).filter((name) => name.endsWith('.json')).toSorted();
  recorded = await Promise.all(
    files.map(async (file) => {
      const [path = '', id = ''] = file.slice(0, -'.json'.length).split('@');
      const text = await readFile(join(historiesDir, file), 'utf8');
      return { path, workflowId: decodeURIComponent(id), history: JSON.parse(text) as unknown };
    }),
  );
});

describe('recorded histories', () => {
  test('there is one of every path', () => {
    expect([...new Set(recorded.map(({ path }) => path))].toSorted()).toEqual(paths.toSorted());
  });

  test('each replays on the workflows as they are now', async () => {
    for (const { path, workflowId, history } of recorded) {
      const replay = Worker.runReplayHistory(
        { workflowBundle: { codePath: bundleFile } },
        history,
        workflowId,
      ).then(
        () => 'replayed',
        (error: unknown) => String(error),
      );
      expect({ path, workflowId, outcome: await replay }).toEqual({
        path,
        workflowId,
        outcome: 'replayed',
      });
    }
  });
});

describe('a workflow that was broken', () => {
  const folders = openTestFolder('broken');
  let folder = '';

  beforeAll(async () => {
    folder = folders.open();
    for (const name of ['workflows', 'agents', 'core', 'package.json']) {
      await cp(join(projectRoot(), name), join(folder, name), { recursive: true });
    }
    await symlink(join(projectRoot(), 'node_modules'), join(folder, 'node_modules'));
  });

  afterAll(() => folders.remove());

  test('fails the replay', async () => {
    const file = join(folder, 'workflows', 'investigation.ts');
    const text = await readFile(file, 'utf8');
    const broken = text.replace('await this.verify();', '');
    expect(broken).not.toBe(text);
    await writeFile(file, broken);
    const { code } = await bundleWorkflowCode({
      workflowsPath: join(folder, 'workflows', 'index.ts'),
    });
    const happy = recorded.find(
      ({ path, workflowId }) => path === 'happy' && !workflowId.includes('/'),
    );
    expect(happy).toBeDefined();
    await expect(
      Worker.runReplayHistory({ workflowBundle: { code } }, happy?.history, happy?.workflowId),
    ).rejects.toThrow(DeterminismViolationError);
  });
});
