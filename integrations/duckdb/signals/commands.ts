import { problemOf, refuseUntyped, requireText } from './signal.ts';
import type { Signal } from './signal.ts';

/** What someone ran, and what it printed; a command may have printed nothing. */
export const commands: Signal = {
  kind: 'commands',
  columns: ['time', 'command', 'output', 'target', 'exit_code'],
  required: [['command'], ['output']],
  timeColumns: ['time'],
  serviceColumn: null,
  extra: 'dropped',
  blanks: { output: '' },
  rawColumns: `time TIMESTAMP, command VARCHAR, output VARCHAR, target VARCHAR, exit_code BIGINT`,
  typeTable: (clock) => `
    typed AS (
      SELECT * EXCLUDE (exit_code), ${clock.read('time')} AS given, coalesce(given, window_end()) AS instant, exit_code AS exit_text,
        try_cast(exit_code AS BIGINT) AS exit_code FROM stage)
    SELECT record, ${problemOf([
      requireText('command', 'command'),
      { field: 'output', when: 'output IS NULL', says: `'is required'` },
      refuseUntyped('time', 'time', 'given', clock.noun),
      refuseUntyped('exit_code', 'exit_text', 'exit_code', 'a whole number'),
    ])}, CASE WHEN NOT inside(instant) THEN 'outside' END AS dropped, NULL AS noted, instant AS time, clean(command) AS command,
      coalesce(clean(output), '') AS output, clean(target) AS target, exit_code FROM typed`,
  otlpKey: null,
  typeOtlp: null,
  identity: null,
  finish: `SELECT * EXCLUDE (file, record, problem, dropped, noted) FROM commands_raw WHERE dropped IS NULL ORDER BY time, file, record`,
};
