import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef } from 'react';
import type { SeriesView as SeriesData } from '../../../core/schemas/evidence-views.ts';
import { formatSpan } from '../text/format.ts';
import { drawSeries } from './draw-series.ts';
import { quantityOf } from './quantity.ts';
import classes from './series-view.module.css';

type Series = SeriesData['series'][number];

interface SeriesViewProps {
  readonly data: SeriesData;
  readonly mostCharts?: number | undefined;
}

/** A chart for each series: its course, the band it kept to before, and when it left it. */
export function SeriesView({ data, mostCharts }: SeriesViewProps) {
  if (data.series.length === 0) return <p>There were no series.</p>;
  const shown = mostCharts === undefined ? data.series : telling(data.series).slice(0, mostCharts);
  return (
    <div className={classes['charts']}>
      {shown.map((series, index) => (
        <SeriesChart key={`${series.name} ${index}`} series={series} />
      ))}
    </div>
  );
}

/** Those in which something begins come first. */
function telling(series: readonly Series[]): readonly Series[] {
  return [
    ...series.filter(({ onset }) => onset !== null),
    ...series.filter(({ onset }) => onset === null),
  ];
}

function SeriesChart({ series }: { readonly series: Series }) {
  const place = useRef<HTMLDivElement>(null);
  const scheme = useComputedColorScheme('light');
  useEffect(() => {
    const { current } = place;
    if (current === null) return undefined;
    return drawSeries(current, series);
    // Colours are read when it is drawn.
  }, [series, scheme]);
  return (
    <figure className={classes['chart']}>
      <figcaption className={classes['caption']}>
        <b>{series.name}</b>
        <span>{describe(series)}</span>
      </figcaption>
      <div
        ref={place}
        className={classes['place']}
        role="img"
        aria-label={`${series.name}: ${describe(series)}`}
      />
    </figure>
  );
}

/** Says what the drawing shows, for those who do not see it. */
function describe({ points, baseline, onset, unit }: Series): string {
  const { say } = quantityOf(unit);
  const values = points.map(([, value]) => value);
  if (values.length === 0) return 'no values';
  const parts = [`${say(Math.min(...values))} to ${say(Math.max(...values))}`];
  if (baseline !== null) parts.push(`usually ${say(baseline.low)} to ${say(baseline.high)}`);
  if (onset !== null) parts.push(`begins ${formatSpan(onset.earliestAt, onset.latestAt)}`);
  return parts.join('; ');
}
