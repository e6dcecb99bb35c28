import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef } from 'react';
import type { CSSProperties } from 'react';
import type { WaterfallView as WaterfallData } from '../../../core/schemas/evidence-views.ts';
import { formatDuration } from '../text/format.ts';
import classes from './waterfall-view.module.css';

type Span = WaterfallData['spans'][number];

const rowPixels = 30;
const mostVisibleRows = 16;

/** One request as its spans: who waited for whom, and (solid) how long each alone held it up. Only rows in sight are drawn. */
export function WaterfallView({ data }: { readonly data: WaterfallData }) {
  const { spans, omittedSpans, traceId } = data;
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: spans.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPixels,
    overscan: 8,
  });
  const startAt = Math.min(...spans.map((span) => span.startAt));
  const endAt = Math.max(...spans.map((span) => span.startAt + span.durationMs));
  const scale = { startAt, lengthMs: Math.max(endAt - startAt, Number.EPSILON) };
  const height = Math.min(spans.length, mostVisibleRows) * rowPixels;
  return (
    <figure className={classes['figure']}>
      <figcaption className={classes['caption']}>
        <span>
          Trace <code>{traceId}</code>, {spans.length} spans, {formatDuration(endAt - startAt)}
        </span>
        <span className={classes['legend']}>
          <i data-part="critical" /> holds the request up <i data-part="whole" /> waits or runs
          beside <i data-part="failed" /> failed
        </span>
      </figcaption>
      <div
        ref={scroller}
        className={classes['scroller']}
        style={{ height }}
        tabIndex={0}
        role="region"
        aria-label="Spans"
      >
        <ol className={classes['rows']} style={{ height: rows.getTotalSize() }}>
          {rows.getVirtualItems().map(({ index, start }) => {
            const span = spans[index];
            return span && <SpanRow key={index} span={span} scale={scale} top={start} />;
          })}
        </ol>
      </div>
      {omittedSpans > 0 && <p>{omittedSpans} more spans were left out.</p>}
    </figure>
  );
}

interface Scale {
  readonly startAt: number;
  readonly lengthMs: number;
}

interface SpanRowProps {
  readonly span: Span;
  readonly scale: Scale;
  readonly top: number;
}

function SpanRow({ span, scale, top }: SpanRowProps) {
  const { service, name, kind, depth, durationMs, criticalMs, hasFailed, reason } = span;
  const critical = durationMs === 0 ? 0 : Math.min(criticalMs / durationMs, 1);
  const place: CSSProperties = {
    left: percent((span.startAt - scale.startAt) / scale.lengthMs),
    width: percent(durationMs / scale.lengthMs),
  };
  const says = [
    `${service}: ${name} (${kind})`,
    formatDuration(durationMs),
    `holds up for ${formatDuration(criticalMs)}`,
    ...(hasFailed ? [`failed: ${reason ?? 'no reason given'}`] : []),
  ].join(', ');
  return (
    <li
      className={classes['row']}
      style={{ transform: `translateY(${top}px)` }}
      aria-label={says}
      title={says}
    >
      <span className={classes['name']} style={{ paddingLeft: `${Math.min(depth, 12) * 0.75}rem` }}>
        <b>{service}</b> {name}
      </span>
      <span className={classes['track']} aria-hidden>
        <span className={classes['bar']} data-failed={hasFailed} style={place}>
          <span className={classes['critical']} style={{ width: percent(critical) }} />
        </span>
      </span>
      <span className={classes['duration']}>{formatDuration(durationMs)}</span>
    </li>
  );
}

function percent(ratio: number): string {
  return `${(ratio * 100).toFixed(3)}%`;
}
