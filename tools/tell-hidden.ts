import { hiddenDependencies } from '../core/analysis/traces/hidden-dependencies.ts';
import type { HiddenDependency } from '../core/analysis/traces/hidden-dependencies.ts';
import { isAppError } from '../core/errors.ts';
import type { Relation } from '../core/ports/telemetry.ts';
import type { ToolContext } from '../core/ports/tool.ts';
import type { Dependency } from '../core/schemas/digest.ts';
import type { EvidenceDraft } from '../core/schemas/evidence.ts';
import { cutText, draftEvidence } from './draft-evidence.ts';
import { tableData } from './evidence-data.ts';
import type { Traces } from './read-traces.ts';

const maxRelations = 20_000;
const maxNoteLength = 240;

/** Tells the dependencies that are easily overlooked: those that nobody wrote down where a topology was, and those of which only their callers speak. */
export async function tellHidden(
  context: ToolContext,
  traces: Traces,
  dependencies: readonly Dependency[],
): Promise<{ readonly evidence: readonly EvidenceDraft[]; readonly notes: readonly string[] }> {
  const hidden = await findHidden(context, traces, dependencies);
  return hidden.length === 0
    ? { evidence: [], notes: [] }
    : { evidence: [draftHidden(hidden, traces, context)], notes: sayHidden(hidden) };
}

/** A topology that cannot be read, or not whole, says nothing of what is missing in it. */
async function findHidden(
  { telemetry, window, signal }: ToolContext,
  traces: Traces,
  dependencies: readonly Dependency[],
): Promise<readonly HiddenDependency[]> {
  let declared: readonly Relation[] | null = null;
  try {
    const read = await telemetry.records('topology', { window, limit: maxRelations }, signal);
    declared = read.truncated === null ? read.rows : null;
  } catch (error) {
    if (!isAppError(error) || error.code !== 'invalid.case') throw error;
  }
  return hiddenDependencies(dependencies, { reporting: traces.services, declared });
}

function draftHidden(
  hidden: readonly HiddenDependency[],
  traces: Traces,
  context: ToolContext,
): EvidenceDraft {
  return draftEvidence({
    key: 'hidden dependencies',
    kind: 'topology',
    title: 'Dependencies that are easily overlooked, by the traces',
    read: traces.read,
    window: context.window,
    view: 'table',
    data: tableData(
      ['caller', 'callee', 'kind', 'calls', 'how it is known'],
      hidden.map(({ from, to, calls, isSilent, isUndeclared }) => [
        ...[from.name, to.name, to.kind, calls],
        [
          ...(isSilent ? ['seen only from its callers'] : []),
          ...(isUndeclared ? ['called, but not in the topology given'] : []),
        ].join('; '),
      ]),
    ),
  });
}

function sayHidden(hidden: readonly HiddenDependency[]): readonly string[] {
  const namesOf = (those: readonly HiddenDependency[]): string =>
    [...new Set(those.map(({ to }) => to.name))].join(', ');
  const silent = hidden.filter(({ isSilent }) => isSilent);
  const undeclared = hidden.filter(({ isUndeclared }) => isUndeclared);
  return [
    ...(silent.length === 0 ? [] : [`seen only from their callers: ${namesOf(silent)}`]),
    ...(undeclared.length === 0
      ? []
      : [`called, but not in the topology given: ${namesOf(undeclared)}`]),
  ].map((note) => cutText(note, maxNoteLength));
}
