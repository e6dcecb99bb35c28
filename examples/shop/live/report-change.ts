import type { PlannedChange } from '../recorder/plan.ts';

const nanosecondsPerMs = 1_000_000n;

/** Tells a collector of a change, as whoever carries changes out would: a log record whose event is `change`. */
export async function reportChange(
  otlpUrl: string,
  change: PlannedChange,
  atMs: number,
): Promise<void> {
  const { kind, id, revision, title, author, files, diff } = change;
  const told = { kind, id, revision, title, author, files: files.join(', '), diff };
  const attributes = Object.entries(told).flatMap(([name, value]) =>
    value === undefined ? [] : [attribute(`change.${name}`, value)],
  );
  const record = {
    timeUnixNano: String(BigInt(Math.round(atMs)) * nanosecondsPerMs),
    severityText: 'INFO',
    eventName: 'change',
    body: { stringValue: title },
    attributes,
  };
  const response = await fetch(`${otlpUrl}/v1/logs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      resourceLogs: [
        {
          resource: { attributes: [attribute('service.name', change.service)] },
          scopeLogs: [{ scope: { name: 'changes' }, logRecords: [record] }],
        },
      ],
    }),
  });
  if (!response.ok) throw new Error(`the collector answered a change with ${response.status}`);
}

const attribute = (key: string, value: string): object => ({ key, value: { stringValue: value } });
