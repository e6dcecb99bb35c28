import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { SeriesView } from '../../../core/schemas/evidence-views.ts';
import { quantityOf } from './quantity.ts';

type Series = SeriesView['series'][number];

const heightPixels = 190;

/** Draws one series into an element, as wide as that is, now and when it changes. Gives the way to take it away again. */
export function drawSeries(place: HTMLElement, series: Series): () => void {
  const chart = new uPlot(optionsOf(place, series), dataOf(series), place);
  const resize = new ResizeObserver(() =>
    chart.setSize({ width: place.clientWidth, height: heightPixels }),
  );
  resize.observe(place);
  return () => {
    resize.disconnect();
    chart.destroy();
  };
}

function dataOf({ points }: Series): uPlot.AlignedData {
  return [points.map(([at]) => at), points.map(([, value]) => value)];
}

function optionsOf(place: HTMLElement, series: Series): uPlot.Options {
  const colors = colorsOf(place);
  const { label, say } = quantityOf(series.unit);
  const axis = {
    stroke: colors.dim,
    grid: { stroke: colors.line, width: 1 },
    ticks: { show: false },
  };
  return {
    width: place.clientWidth,
    height: heightPixels,
    ms: 1,
    tzDate: (at) => uPlot.tzDate(new Date(at), 'Etc/UTC'),
    // To the right half a time of day, which stands in the middle below its mark.
    padding: [8, 30, 0, 0],
    cursor: { drag: { x: false, y: false }, points: { size: 7 } },
    legend: { live: true, markers: { show: false } },
    scales: {
      x: { time: true },
      y: { range: (_chart, least, most) => rangeOf(series, least, most) },
    },
    axes: [
      { ...axis, size: 28, values: (_chart, marks) => marks.map(clockOf) },
      {
        ...axis,
        size: (_chart, labels) => widthOf(labels),
        values: (_chart, marks) => marks.map(say),
      },
    ],
    series: [
      { label: 'Time', value: (_chart, at) => (Number.isFinite(at) ? `${clockOf(at)} UTC` : '–') },
      {
        label: label === '%' ? 'Share' : 'Value',
        stroke: colors.accent,
        width: 2,
        points: { show: series.points.length < 40, size: 4 },
        value: (_chart, value) => (Number.isFinite(value) ? say(value) : '–'),
      },
    ],
    hooks: { drawAxes: [(chart) => drawBackground(chart, series, colors)] },
  };
}

/** How much room the labels of an axis need: some units are words. */
function widthOf(labels: readonly string[] | null): number {
  return Math.max(64, ...(labels ?? []).map(({ length }) => 16 + 7 * length));
}

/** The band belongs into the picture also where the values lie far from it, and so does zero where all is positive. */
function rangeOf({ baseline }: Series, least: number, most: number): [number, number] {
  const low = Math.min(least, baseline?.low ?? least, least >= 0 ? 0 : least);
  const high = Math.max(most, baseline?.high ?? most);
  const room = (high - low || 1) * 0.08;
  return [low >= 0 ? low : low - room, high + room];
}

function drawBackground(chart: uPlot, { baseline, onset }: Series, colors: Colors): void {
  const { ctx: pen, bbox } = chart;
  const x = (at: number): number => clamp(chart.valToPos(at, 'x', true), bbox.left, bbox.width);
  const y = (value: number): number =>
    clamp(chart.valToPos(value, 'y', true), bbox.top, bbox.height);
  pen.save();
  if (baseline !== null) {
    const [top, bottom] = [y(baseline.high), y(baseline.low)];
    pen.fillStyle = colors.band;
    pen.fillRect(bbox.left, top, bbox.width, Math.max(bottom - top, 2));
  }
  if (onset !== null) {
    const [from, to] = [x(onset.earliestAt), x(onset.latestAt)];
    pen.fillStyle = colors.onset;
    pen.fillRect(from, bbox.top, Math.max(to - from, 2 * devicePixelRatio), bbox.height);
  }
  pen.restore();
}

function clamp(value: number, start: number, length: number): number {
  return Math.min(Math.max(value, start), start + length);
}

interface Colors {
  readonly accent: string;
  readonly dim: string;
  readonly line: string;
  readonly band: string;
  readonly onset: string;
}

function colorsOf(place: HTMLElement): Colors {
  const style = getComputedStyle(place);
  const read = (name: string): string => style.getPropertyValue(name).trim();
  return {
    accent: read('--hf-accent'),
    dim: read('--hf-dim'),
    line: read('--hf-line'),
    band: read('--hf-good-soft'),
    onset: read('--hf-fail'),
  };
}

function clockOf(at: number): string {
  return new Date(at).toISOString().slice(11, 19);
}
