import { describe, expect, test } from '@jest/globals';
import ts from 'typescript';
import * as optionSets from '../../workflows/activity-options.ts';
import { nodesOf, parse, placeOf, sourcesOf } from './source-files.ts';

const unitsMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

function toMs(duration: unknown): number {
  const [, count, unit] = /^([0-9.]+) ?(ms|s|m|h)$/.exec(String(duration)) ?? [];
  return typeof duration === 'number'
    ? duration
    : Number(count) * (unitsMs[unit ?? ''] ?? Number.NaN);
}

/** What an option set lacks: a bound on the attempt, on the retries, or a heartbeat where an attempt may last longer than a second. */
function gapsOf(options: Readonly<Record<string, unknown>>): readonly string[] {
  const attemptMs = toMs(options['startToCloseTimeout']);
  const attempts = (options['retry'] as { maximumAttempts?: number } | undefined)?.maximumAttempts;
  const heartbeatMs = toMs(options['heartbeatTimeout']);
  return [
    ...(attemptMs > 0 && attemptMs <= 600_000 ? [] : ['startToCloseTimeout']),
    ...(attempts !== undefined && attempts >= 1 && attempts <= 1_000
      ? []
      : ['retry.maximumAttempts']),
    ...(attemptMs <= 1_000 || (heartbeatMs > 0 && heartbeatMs <= 10_000)
      ? []
      : ['heartbeatTimeout']),
  ];
}

/** Calls of `proxyActivities` whose options are not a set of `activity-options.ts`, or that are made outside `steps.ts`. */
function strayProxies(source: ts.SourceFile): readonly string[] {
  const imported = new Set(
    nodesOf(source, ts.isImportDeclaration)
      .filter(({ moduleSpecifier }) => moduleSpecifier.getText() === "'./activity-options.ts'")
      .flatMap((declaration) => nodesOf(declaration.getSourceFile(), ts.isImportSpecifier))
      .map(({ name }) => name.text),
  );
  return nodesOf(source, ts.isCallExpression)
    .filter(({ expression }) =>
      /(^|[.])(proxy(Local)?Activities|schedule(Local)?Activity)$/.test(expression.getText()),
    )
    .filter(({ arguments: [options] }) => {
      const isSet =
        options !== undefined &&
        ts.isIdentifier(options) &&
        imported.has(options.text) &&
        options.text in optionSets;
      return !isSet || source.fileName !== 'workflows/steps.ts';
    })
    .map(placeOf);
}

describe('activity options', () => {
  test('every set bounds the attempt and the retries, and notices a dead worker within 10 s', () => {
    const sets = Object.entries(optionSets);
    expect(sets.length).toBeGreaterThan(2);
    for (const [name, options] of sets)
      expect({ name, gaps: gapsOf(options) }).toEqual({ name, gaps: [] });
  });

  test.each([
    [{ heartbeatTimeout: '10s', retry: { maximumAttempts: 3 } }, 'startToCloseTimeout'],
    [{ startToCloseTimeout: '30s', heartbeatTimeout: '10s' }, 'retry.maximumAttempts'],
    [
      { startToCloseTimeout: '30s', heartbeatTimeout: '10s', retry: { maximumAttempts: 0 } },
      'retry.maximumAttempts',
    ],
    [{ startToCloseTimeout: '30s', retry: { maximumAttempts: 3 } }, 'heartbeatTimeout'],
    [
      { startToCloseTimeout: '30s', heartbeatTimeout: '1m', retry: { maximumAttempts: 3 } },
      'heartbeatTimeout',
    ],
  ])('a set like %j is found out by its %s', (options, gap) => {
    expect(gapsOf(options)).toContain(gap);
  });

  test('no proxy is made with other options, or in another file than the one for steps', () => {
    const text = `import { readOptions } from './activity-options.ts';
proxyActivities<A>(readOptions);
proxyActivities<A>({ ...readOptions, retry: {} });
workflow.proxyLocalActivities(readOptions, {});`;
    expect(strayProxies(parse('workflows/steps.ts', text))).toEqual(['workflows/steps.ts:3']);
    expect(strayProxies(parse('workflows/other.ts', text))).toHaveLength(3);
    expect(sourcesOf('workflows').flatMap(strayProxies)).toEqual([]);
  });
});
