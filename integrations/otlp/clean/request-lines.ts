import { otlpSignals } from '../signals.ts';
import type { OtlpSignal } from '../signals.ts';

/** Builds export requests in JSON of items in JSON. */
export interface RequestLines {
  /** The items that follow are of this resource and scope. */
  begin(resource: string, scope: string): void;
  add(item: string): void;
  /** Gives the requests; each holds at least one item. */
  end(): readonly string[];
}

/** A request that has grown to this is followed by another: DuckDB, which reads them, holds some 2,000 lines in memory at a time. */
const fullCharacters = 32_000;

export function createLines(signal: OtlpSignal): RequestLines {
  const { resources, scopes, items } = otlpSignals[signal];
  const lines: string[] = [];
  let groups: string[] = [];
  let characters = 0;
  let around = { resource: '{}', scope: '{}' };
  let members: string[] = [];
  const endGroup = (): void => {
    if (members.length === 0) return;
    const { resource, scope } = around;
    const list = `[{"scope":${scope},"${items}":[${members.join(',')}]}]`;
    groups.push(`{"resource":${resource},"${scopes}":${list}}`);
    members = [];
  };
  const endLine = (): void => {
    endGroup();
    if (groups.length > 0) lines.push(`{"${resources}":[${groups.join(',')}]}`);
    groups = [];
    characters = 0;
  };
  return {
    begin: (resource, scope) => {
      endGroup();
      around = { resource, scope };
    },
    add: (item) => {
      members.push(item);
      characters += item.length;
      if (characters >= fullCharacters) endLine();
    },
    end: () => {
      endLine();
      return lines;
    },
  };
}
