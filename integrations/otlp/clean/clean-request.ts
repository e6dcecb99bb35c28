import { setImmediate as letOthersRun } from 'node:timers/promises';
import type { RawResource } from '../decode-request.ts';
import type { Fields, OtlpSignal } from '../signals.ts';
import { cleanAttributes } from './clean-attributes.ts';
import { createLines } from './request-lines.ts';
import { cleanLog } from './clean-log.ts';
import { cleanMetric, cleanPoint } from './clean-metric.ts';
import { cleanSpan } from './clean-span.ts';
import { createCleaning, longest } from './cleaning.ts';
import type { Cleaning, RejectReason, RepairReason, Times } from './cleaning.ts';
import type { SeriesLimit } from './series-limit.ts';

/** What is kept of an export request. */
export interface CleanRequest {
  /** Export requests in JSON that hold the good items, each to be one line; none where there is no good item. */
  readonly lines: readonly string[];
  readonly accepted: number;
  readonly rejected: ReadonlyMap<RejectReason, number>;
  readonly repairs: ReadonlyMap<RepairReason, number>;
}

/** After so many items other requests get their turn. */
const itemsAtOnce = 400;
/** No line may be much longer than the others: see `createLines`. */
const maxItemCharacters = 200_000;
const unknownService = 'unknown_service';
const rebuild = { traces: cleanSpan, logs: cleanLog } as const;

/**
 * Goes through an export request item by item: keeps the good ones, rebuilt of the members that are known, secrets masked; counts the others by what is wrong
 * with them. What has no service is of `unknown_service`.
 */
export async function cleanRequest(
  signal: OtlpSignal,
  request: readonly RawResource[],
  options: { readonly times: Times; readonly limit: SeriesLimit },
): Promise<CleanRequest> {
  const tally = createTally(createCleaning(options.times));
  const lines = createLines(signal);
  const { limit } = options;
  for (const { resource, scopes } of request) {
    const head = cleanResource(resource, tally, limit);
    for (const { scope, items } of scopes) {
      lines.begin(head.json, cleanScope(scope, tally.cleaning));
      const fault = head.fault ?? tally.cleaning.takeFault();
      for (const item of items) {
        if (tally.looked() % itemsAtOnce === 0) await letOthersRun();
        const line =
          signal === 'metrics'
            ? await keepMetric(item, { tally, fault, limit, head })
            : tally.settle(rebuild[signal](item, tally.cleaning), fault);
        if (line !== null) lines.add(line);
      }
    }
  }
  return { lines: lines.end(), ...tally.result() };
}

interface Tally {
  readonly cleaning: Cleaning;
  /** How many items have been looked at, this one included. */
  looked(): number;
  /** Gives the item in JSON, or counts why it is not kept; `outer` is what is wrong with all around it. */
  settle(item: object, outer: RejectReason | null): string | null;
  result(): Omit<CleanRequest, 'lines'>;
}

function createTally(cleaning: Cleaning): Tally {
  const rejected = new Map<RejectReason, number>();
  let looked = 0;
  let accepted = 0;
  return {
    cleaning,
    looked: () => (looked += 1),
    settle: (item, outer) => {
      const fault = cleaning.takeFault() ?? outer;
      if (fault !== null) {
        rejected.set(fault, (rejected.get(fault) ?? 0) + 1);
        return null;
      }
      const json = JSON.stringify(item);
      if (json.length > maxItemCharacters) {
        rejected.set('too-large', (rejected.get('too-large') ?? 0) + 1);
        return null;
      }
      accepted += 1;
      return json;
    },
    result: () => ({ accepted, rejected, repairs: cleaning.repairs }),
  };
}

interface Head {
  readonly json: string;
  readonly fault: RejectReason | null;
}

function cleanResource(resource: Fields, tally: Tally, limit: SeriesLimit): Head {
  const { cleaning } = tally;
  const { attributes } = cleanAttributes(resource['attributes'], cleaning);
  let service = serviceOf(attributes);
  let all = attributes;
  if (service === null) {
    cleaning.repair('no-service');
    service = unknownService;
    all = [{ key: 'service.name', value: { stringValue: service } }, ...attributes];
  }
  const fault = cleaning.takeFault();
  const isAdmitted = fault !== null || limit.admitService(service);
  return {
    json: JSON.stringify({ attributes: all }),
    fault: isAdmitted ? fault : 'too-many-services',
  };
}

function serviceOf(attributes: readonly object[]): string | null {
  for (const attribute of attributes as readonly { key: string; value: Fields }[]) {
    const name = attribute.value['stringValue'];
    if (attribute.key === 'service.name' && typeof name === 'string' && name.trim() !== '') {
      return name;
    }
  }
  return null;
}

function cleanScope(scope: Fields, cleaning: Cleaning): string {
  const version = cleaning.text(scope['version'], longest.name);
  return JSON.stringify({
    name: cleaning.text(scope['name'], longest.name),
    ...(version === '' ? {} : { version }),
  });
}

interface Around {
  readonly tally: Tally;
  /** What is wrong with all of the scope. */
  readonly fault: RejectReason | null;
  readonly limit: SeriesLimit;
  readonly head: Head;
}

async function keepMetric(metric: Fields, around: Around): Promise<string | null> {
  const { tally, limit, head } = around;
  const { name, points, isDistribution, withPoints } = cleanMetric(metric, tally.cleaning);
  const outer = tally.cleaning.takeFault() ?? around.fault;
  const kept: string[] = [];
  for (const point of points) {
    if (tally.looked() % itemsAtOnce === 0) await letOthersRun();
    const item = cleanPoint(point, isDistribution, tally.cleaning);
    if (outer === null) {
      const isAdmitted = limit.admitSeries(name, head.json + JSON.stringify(item.attributes));
      if (!isAdmitted) tally.cleaning.fail('too-many-series');
    }
    const line = tally.settle(item, outer);
    if (line !== null) kept.push(line);
  }
  return kept.length === 0 ? null : withPoints(kept);
}
