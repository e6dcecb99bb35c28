import { describe, expect, test } from '@jest/globals';
import { readReports } from '../../../core/score/read-reports.ts';
import { readTruths } from '../../../core/score/read-truths.ts';
import { reportOf } from './samples.ts';

const header = 'case,verdict,entity_kind,entity_names,fault_kind,change_id,onset';
const read = (...rows: readonly string[]) => readTruths([header, ...rows].join('\n'), 'truth.csv');

describe('readTruths', () => {
  test('reads names, and nothing where a column is empty', () => {
    const row = 'a,cause-found,database,"ledger, main|ledger-db",,,2026-11-20T10:05:00+02:00';
    const { rows } = read(row, '', 'b,no-cause-found,,,,,');
    expect(rows.get('a')).toEqual({
      text: row,
      truth: {
        ...{ case: 'a', verdict: 'cause-found', entityKind: 'database' },
        ...{ entityNames: ['ledger, main', 'ledger-db'], faultKind: null, changeId: null },
        onset: '2026-11-20T10:05:00+02:00',
      },
    });
    expect(rows.get('b')?.truth).toMatchObject({ verdict: 'no-cause-found', entityNames: [] });
  });

  test('takes columns in any order, others beside them, a byte order mark and CRLF', () => {
    const text =
      '\uFEFFonset,note,change_id,fault_kind,entity_names,entity_kind,verdict,case\r\n,seen,r-1,bad-deploy,cart,service,cause-found,a\r\n';
    expect(readTruths(text, 'truth.csv').rows.get('a')?.truth).toMatchObject({
      ...{ changeId: 'r-1', faultKind: 'bad-deploy', entityNames: ['cart'] },
    });
  });

  test.each([
    ['a,found,service,cart,,,', 'truth.csv:2: verdict: '],
    ['a,cause-found,pod,cart,,,', 'truth.csv:2: entity_kind: '],
    ['a,cause-found,service,cart,bad-luck,,', 'truth.csv:2: fault_kind: '],
    ['a,cause-found,service,cart,,,yesterday', 'truth.csv:2: onset: '],
    ['a,cause-found,service,,,,', 'truth.csv:2: entity_names: names nothing'],
    ['a,no-cause-found,service,cart,,,', 'truth.csv:2: entity_names: names a cause'],
    [',no-cause-found,,,,,', 'truth.csv:2: case: names no case'],
    ['a,no-cause-found', 'truth.csv:2: has 2 fields where the header has 7'],
    ['a,no-cause-found,,,,,\na,no-cause-found,,,,,', 'truth.csv:3: case: a has a row already'],
  ])('refuses %j and says where', (rows, says) => {
    expect(() => read(rows)).toThrow(
      expect.objectContaining({ code: 'invalid.truth', message: expect.stringContaining(says) }),
    );
  });

  test('refuses a header that lacks a column', () => {
    expect(() => readTruths('case,verdict\n', 'truth.csv')).toThrow(
      'truth.csv:1: the header lacks entity_kind, entity_names, fault_kind, change_id, onset',
    );
  });
});

describe('readReports', () => {
  test('reads what another program writes, with no more than is graded', () => {
    const least = { case: 'a', verdict: 'no-cause-found', causes: [], ranking: [] };
    const [first, second] = readReports(
      `${JSON.stringify(least)}\n\n${JSON.stringify(reportOf())}\n`,
      'x',
    );
    expect(first).toMatchObject({ ...least, gaps: [], cost: {} });
    expect(second).toEqual(reportOf());
  });

  test.each([
    ['{', 'runs.jsonl:1: no report: : '],
    ['{"case":"a","verdict":"guessed","causes":[],"ranking":[]}', 'verdict: '],
    ['{"case":"a","verdict":"cause-found","causes":[{}],"ranking":[]}', 'causes.0.entity: '],
  ])('refuses %s and says where', (text, says) => {
    expect(() => readReports(text, 'runs.jsonl')).toThrow(
      expect.objectContaining({ code: 'invalid.request', message: expect.stringContaining(says) }),
    );
  });
});
