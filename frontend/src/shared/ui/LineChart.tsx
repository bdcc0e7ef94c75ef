import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { clock } from '../format';
import styles from './LineChart.module.css';
import { useOnScreen } from './useOnScreen';

/** One line; its place in the list chooses its colour. */
export type Series = { label: string; values: (number | null)[] };

/** Something that happened at a moment, in seconds since the epoch. */
export type Marker = { at: number; label: string; tone: string };

type Props = {
  title: string;
  /** What stretch of time is shown, for those who do not see it: "last five minutes". */
  span: string;
  times: number[];
  series: Series[];
  from: number;
  to: number;
  markers: Marker[];
  write: (value: number | null) => string;
  /** Nothing between two whole numbers is written at the axis. */
  whole?: boolean;
};

/** Between two lines of the grid; never less than one, so that no number stands there twice. */
const STEPS = Array.from({ length: 13 }, (_, power) => [1, 2, 5].map((digit) => digit * 10 ** power)).flat();

/** How near to a marker the pointer must be, in pixels. */
const NEAR = 6;

/** Lines over a stretch of time. The legend tells the numbers under the pointer, and what happened there. */
export function LineChart({ title, span, times, series, from, to, markers, write, whole = false }: Props) {
  const canvas = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const drawnMarkers = useRef<Marker[]>(markers);
  const [pointed, setPointed] = useState<Pointed | null>(null);
  const seen = useOnScreen(canvas);
  const scheme = useComputedColorScheme();
  const lines = series.length;

  useEffect(() => {
    const target = canvas.current;
    if (target === null) return;
    const drawn = new uPlot(options(target, lines, write, whole, setPointed, drawnMarkers), [[]], target);
    plot.current = drawn;
    const resized = new ResizeObserver(() => drawn.setSize({ width: target.clientWidth, height: target.clientHeight }));
    resized.observe(target);
    return () => {
      resized.disconnect();
      drawn.destroy();
      plot.current = null;
    };
  }, [lines, scheme, write, whole]);

  useEffect(() => {
    if (plot.current === null || times.length === 0 || !seen) return;
    drawnMarkers.current = markers;
    plot.current.batch(() => {
      plot.current?.setData([times, ...series.map(({ values }) => values)], false);
      plot.current?.setScale('x', { min: from, max: to });
    });
  }, [times, series, from, to, markers, lines, scheme, write, whole, seen]);

  const shown = pointed?.index ?? times.length - 1;
  const near = pointed === null ? [] : markers.filter(({ at }) => Math.abs(at - pointed.at) <= pointed.reach);
  return (
    <figure className={styles.chart}>
      <figcaption className={styles.caption}>
        <span className={styles.title}>{title}</span>
        <span className={styles.legend}>
          {series.map(({ label, values }, index) => (
            <span key={label} className={styles.entry}>
              <i style={{ background: `var(--series-${index + 1})` }} />
              {label} <b>{write(values[shown] ?? null)}</b>
            </span>
          ))}
        </span>
      </figcaption>
      <div className={styles.stage}>
        <div
          ref={canvas}
          className={styles.canvas}
          role="img"
          aria-label={describe(title, span, series, markers, write)}
        />
        {pointed !== null && times[pointed.index] !== undefined && (
          <div className={styles.told} aria-hidden>
            {clock(times[pointed.index] ?? 0)}
            {near.slice(-3).map(({ at, label, tone }) => (
              <span key={`${at} ${label}`} data-tone={tone}>
                {label}
              </span>
            ))}
          </div>
        )}
      </div>
    </figure>
  );
}

/** A point under the pointer, where the pointer is, and how many seconds count as near to it. */
type Pointed = { index: number; at: number; reach: number };

function options(
  target: HTMLElement,
  lines: number,
  write: (value: number | null) => string,
  whole: boolean,
  point: (pointed: Pointed | null) => void,
  markers: { current: Marker[] },
): uPlot.Options {
  const style = getComputedStyle(target);
  const colour = (name: string) => style.getPropertyValue(name);
  const axis = {
    stroke: colour('--ink-dim'),
    font: `11px ${style.fontFamily}`,
    ticks: { show: false },
    grid: { stroke: colour('--hairline'), width: 1 },
  };
  const toneColour = (tone: string) => colour(`--${tone}-ink`) || colour('--ink-dim');
  return {
    width: target.clientWidth,
    height: target.clientHeight,
    legend: { show: false },
    // Half of a time stands to the right of the last mark.
    padding: [8, 28, 0, 0],
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 6 } },
    scales: { y: { range: (_plot, _least, most) => [0, Math.max(whole ? 1 : 1e-6, (most || 0) * 1.1)] } },
    axes: [
      { ...axis, size: 26, space: 70, values: (_plot, splits) => splits.map(clock) },
      {
        ...axis,
        size: 58,
        space: 36,
        ...(whole ? { incrs: STEPS } : {}),
        values: (_plot, splits) => splits.map((value) => (value === 0 ? '0' : write(value))),
      },
    ],
    series: [
      {},
      ...Array.from({ length: lines }, (_, index) => ({
        stroke: colour(`--series-${index + 1}`),
        width: 1.75,
        points: { show: false },
        ...(index === 0 ? { fill: `${colour('--series-1')}1a` } : {}),
      })),
    ],
    hooks: {
      setCursor: [(plot) => point(pointedOf(plot))],
      draw: [(plot) => drawMarkers(plot, markers.current, toneColour)],
    },
  };
}

/** Null when the pointer is elsewhere. */
function pointedOf(plot: uPlot): Pointed | null {
  const { idx, left } = plot.cursor;
  if (idx == null || left === undefined || left < 0) return null;
  const at = plot.posToVal(left, 'x');
  return { index: idx, at, reach: plot.posToVal(left + NEAR, 'x') - at };
}

/** A dashed line through the chart and a small triangle on top of it, where something happened. */
function drawMarkers(plot: uPlot, markers: Marker[], toneColour: (tone: string) => string): void {
  const { ctx, bbox } = plot;
  const { min, max } = plot.scales['x'] ?? {};
  if (min == null || max == null) return;
  const size = 5 * devicePixelRatio;
  ctx.save();
  for (const { at, tone } of markers) {
    if (at < min || at > max) continue;
    const x = Math.round(plot.valToPos(at, 'x', true)) + 0.5;
    ctx.strokeStyle = ctx.fillStyle = toneColour(tone);
    ctx.lineWidth = devicePixelRatio;
    ctx.setLineDash([3 * devicePixelRatio, 3 * devicePixelRatio]);
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    ctx.beginPath();
    ctx.moveTo(x - size, bbox.top);
    ctx.lineTo(x + size, bbox.top);
    ctx.lineTo(x, bbox.top + 1.4 * size);
    ctx.fill();
  }
  ctx.restore();
}

/** What the picture says, for those who do not see it. */
function describe(
  title: string,
  span: string,
  series: Series[],
  markers: Marker[],
  write: (value: number | null) => string,
): string {
  const lines = series.map(({ label, values }) => {
    const known = values.filter((value) => value !== null);
    if (known.length === 0) return `${label}: no values yet`;
    return `${label}: now ${write(known.at(-1) ?? null)}, lowest ${write(Math.min(...known))}, highest ${write(Math.max(...known))}`;
  });
  const happened = markers.length === 0 ? '' : ` ${markers.length} events are marked.`;
  return `${title}, ${span}. ${lines.join('. ')}.${happened}`;
}
