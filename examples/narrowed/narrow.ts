import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { parse, stringify } from 'yaml';

/** Writes the cases beside this file: the bundled recordings, of which only part is left. `npx tsx examples/narrowed/narrow.ts` */

/** What is left of a recording. Kinds of telemetry that are not named are left out whole. */
interface Cut {
  /** Folder of the recording in `examples/incidents`. */
  readonly of: string;
  readonly logs?: (line: { readonly service: string; readonly at: number }) => boolean;
  readonly spans?: (span: Span, service: string) => boolean;
  readonly hasChanges?: true;
  /** Who calls whom in all traces of the recording, as a service map would say. */
  readonly hasTopology?: true;
}

interface Attribute {
  readonly key: string;
  readonly value: { readonly stringValue?: string };
}
interface Span {
  readonly name: string;
  readonly kind: number;
  readonly attributes: readonly Attribute[];
}
interface Export {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] };
    readonly scopeSpans: readonly { readonly spans: readonly Span[] }[];
  }[];
}

/** Kinds of span in OTLP. */
const serving = 2;
const calling = 3;
/** Requests served are all that is measured: who calls whom, and what runs short, is not. */
const metric = 'http.server.request.duration';
const isHarmed = ({ service }: { readonly service: string }): boolean =>
  service === 'gateway' || service === 'checkout';
/** What payments calls to pay money back, its only calls of these names. */
const ofRefunds: ReadonlySet<string> = new Set(['UPDATE charges', 'POST /refunds']);
/** While checkout's lines did not arrive: since before it began, and until almost the end. */
const silence = {
  startAt: Date.parse('2026-11-21T10:59:20.000Z'),
  endAt: Date.parse('2026-11-21T11:00:52.400Z'),
};

const cuts: Readonly<Record<string, Cut>> = {
  aggregation: {
    of: 'shop-c9e3',
    logs: isHarmed,
    spans: ({ kind, name }, service) =>
      service === 'payments' && kind === serving && name.endsWith('/refund'),
    hasTopology: true,
  },
  trace: {
    of: 'shop-0fa1',
    spans: ({ kind, name }, service) =>
      (service === 'payments' && kind === calling && ofRefunds.has(name)) ||
      (service === 'gateway' && kind === serving && name === 'GET /products'),
    hasChanges: true,
  },
  log: {
    of: 'shop-c9e3',
    logs: ({ service, at }) =>
      service === 'payments' ||
      (service === 'checkout' && (at < silence.startAt || at >= silence.endAt)),
  },
  change: { of: 'shop-c9e3', logs: isHarmed, hasChanges: true },
};

function cut(name: string, { of, logs, spans, hasChanges, hasTopology }: Cut): void {
  const from = path.join(import.meta.dirname, '..', 'incidents', of);
  const to = path.join(import.meta.dirname, name);
  rmSync(to, { recursive: true, force: true });
  mkdirSync(to);
  const telemetry: Record<string, unknown> = {};
  const write = (kind: string, file: string, format: string, lines: readonly string[]): void => {
    const text = `${lines.join('\n')}\n`;
    const isZipped = file.endsWith('.gz');
    writeFileSync(path.join(to, file), isZipped ? gzipSync(text, { level: 9 }) : text);
    telemetry[kind] = [{ files: [file], format }];
  };
  const [header = '', ...rows] = linesOf(path.join(from, 'metrics.csv.gz'));
  const measured = rows.filter((row) => row.split(',')[1] === metric);
  write('metrics', 'metrics.csv.gz', 'csv', [header, ...measured]);
  if (logs !== undefined) {
    const kept = linesOf(path.join(from, 'logs.jsonl.gz')).filter((line) => {
      const { service, time } = JSON.parse(line) as { service: string; time: string };
      return logs({ service, at: Date.parse(time) });
    });
    write('logs', 'logs.jsonl.gz', 'jsonl', kept);
  }
  const exports = linesOf(path.join(from, 'traces.jsonl.gz')).map(
    (line) => JSON.parse(line) as Export,
  );
  if (spans !== undefined) {
    const kept = exports
      .map((one) => withSpans(one, spans))
      .filter(({ resourceSpans }) => resourceSpans.length > 0);
    write(
      'traces',
      'traces.jsonl.gz',
      'otlp-json',
      kept.map((one) => JSON.stringify(one)),
    );
  }
  if (hasChanges === true) {
    write('changes', 'changes.jsonl', 'jsonl', linesOf(path.join(from, 'changes.jsonl')));
  }
  if (hasTopology === true) {
    write('topology', 'topology.csv', 'csv', ['from,to,kind', ...callsIn(exports)]);
  }
  const manifest = parse(readFileSync(path.join(from, 'incident.yaml'), 'utf8')) as object;
  const text = stringify({ ...manifest, name, telemetry });
  writeFileSync(path.join(to, 'incident.yaml'), text);
}

function linesOf(file: string): readonly string[] {
  const bytes = readFileSync(file);
  const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  return text.trimEnd().split('\n');
}

function withSpans({ resourceSpans }: Export, isKept: NonNullable<Cut['spans']>): Export {
  return {
    resourceSpans: resourceSpans.flatMap(({ resource, scopeSpans }) => {
      const service = textOf(resource.attributes, 'service.name');
      const scopes = scopeSpans.flatMap((scope) => {
        const spans = scope.spans.filter((span) => isKept(span, service));
        return spans.length === 0 ? [] : [{ ...scope, spans }];
      });
      return scopes.length === 0 ? [] : [{ resource, scopeSpans: scopes }];
    }),
  };
}

function callsIn(exports: readonly Export[]): readonly string[] {
  const calls = new Set<string>();
  for (const { resource, scopeSpans } of exports.flatMap(({ resourceSpans }) => resourceSpans)) {
    const from = textOf(resource.attributes, 'service.name');
    for (const { attributes } of scopeSpans.flatMap(({ spans }) => spans)) {
      const to = textOf(attributes, 'peer.service');
      if (to !== '') calls.add(`${from},${to},call`);
    }
  }
  return [...calls].sort();
}

function textOf(attributes: readonly Attribute[], key: string): string {
  return attributes.find((one) => one.key === key)?.value.stringValue ?? '';
}

for (const [name, one] of Object.entries(cuts)) cut(name, one);
