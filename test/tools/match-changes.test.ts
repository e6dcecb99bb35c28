import { expect, test } from '@jest/globals';
import type { Change, LogRecord } from '../../core/ports/telemetry.ts';
import { catalogue } from '../../tools/catalogue.ts';
import { contextOf } from './memory-telemetry.ts';

const window = { startAt: 1_790_000_000_000, endAt: 1_790_003_600_000 };
const onsetAt = window.startAt + 3_000_000;

const commit = (id: string, file: string, diff: string): Change => ({
  id,
  kind: 'commit',
  at: onsetAt - 600_000,
  title: 'tidy up',
  author: null,
  url: null,
  files: [file],
  diff,
  attributes: {},
});
const line = (body: string, row: number): LogRecord => ({
  at: onsetAt + 1_000 * row,
  body,
  row,
  service: 'orders',
  instance: null,
  severity: 'error',
  traceId: null,
  spanId: null,
});

test('match-changes reads diffs against what suffering services say since, and says why not', async () => {
  const tool = catalogue['match-changes'];
  if (tool === undefined) throw new Error('there is no such tool');
  const changes = [
    commit('c1', 'services/orders/notes.go', '+\tdb.Query("SELECT text FROM order_notes")'),
    commit('c2', 'services/orders/client.go', '-\ttimeout: 3s\n+\ttimeout: 9s'),
    commit('c3', 'services/mail/client.go', '-\ttimeout: 3s\n+\ttimeout: 1s'),
  ];
  const logs = [1, 2, 3].map((row) => line(`relation "order_notes" does not exist, ${row}`, row));
  const result = await tool.run(
    { services: ['orders'], symptoms: ['error ratio'] },
    contextOf({ window, changes, logs }, { earliestAt: onsetAt, latestAt: onsetAt }),
  );
  if (!result.ok) throw new Error(result.message);
  expect(
    result.digest.changes.map(({ id, match }) => [id, match?.services, match?.because]),
  ).toEqual([
    ['c1', ['orders'], expect.stringContaining('It brings in “order_notes”, of which')],
    ['c2', ['orders'], 'Its diff does nothing that leads to what is seen.'],
    ['c3', [], expect.stringContaining('does not lead to what is seen')],
  ]);
  expect(result.digest.notes[0]).toContain('1 of 3 changes');
  expect(result.evidence.map(({ key }) => key)).toEqual(['changes against symptoms']);
});
