import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import styles from './LineChart.module.css';

/** One line; its place in the list chooses its colour. */
export type Series = { label: string; values: (number | null)[] };

type Props = {
  title: string;
  times: number[];
  series: Series[];
  seconds: number;
  write: (value: number | null) => string;
};

/** Between two lines of the grid; never less than one, so that no number stands there twice. */
const STEPS = Array.from({ length: 10 }, (_, power) => [1, 2, 5].map((digit) => digit * 10 ** power)).flat();

/** Lines over the last `seconds`, the newest at the right edge. The legend tells the numbers under the pointer. */
export function LineChart({ title, times, series, seconds, write }: Props) {
  const canvas = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const [pointed, setPointed] = useState<number | null>(null);
  const scheme = useComputedColorScheme();
  const lines = series.length;

  useEffect(() => {
    const target = canvas.current;
    if (target === null) return;
    const drawn = new uPlot(options(target, lines, write, setPointed), [[]], target);
    plot.current = drawn;
    const resized = new ResizeObserver(() => drawn.setSize({ width: target.clientWidth, height: target.clientHeight }));
    resized.observe(target);
    return () => {
      resized.disconnect();
      drawn.destroy();
      plot.current = null;
    };
  }, [lines, scheme, write]);

  useEffect(() => {
    const newest = times.at(-1);
    if (plot.current === null || newest === undefined) return;
    plot.current.batch(() => {
      plot.current?.setData([times, ...series.map(({ values }) => values)], false);
      plot.current?.setScale('x', { min: newest - seconds, max: newest });
    });
  }, [times, series, seconds, lines, scheme, write]);

  const shown = pointed ?? times.length - 1;
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
      <div ref={canvas} className={styles.canvas} role="img" aria-label={describe(title, series, write)} />
    </figure>
  );
}

function options(
  target: HTMLElement,
  lines: number,
  write: (value: number | null) => string,
  point: (index: number | null) => void,
): uPlot.Options {
  const style = getComputedStyle(target);
  const colour = (name: string) => style.getPropertyValue(name);
  const axis = {
    stroke: colour('--ink-dim'),
    font: `11px ${style.fontFamily}`,
    ticks: { show: false },
    grid: { stroke: colour('--hairline'), width: 1 },
  };
  return {
    width: target.clientWidth,
    height: target.clientHeight,
    legend: { show: false },
    padding: [8, 6, 0, 0],
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 6 } },
    scales: { y: { range: (_plot, _least, most) => [0, Math.max(1, most * 1.1)] } },
    axes: [
      { ...axis, size: 26, space: 70, values: (_plot, splits) => splits.map(clock) },
      {
        ...axis,
        size: 52,
        space: 36,
        incrs: STEPS,
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
    hooks: { setCursor: [(plot) => point(plot.cursor.idx ?? null)] },
  };
}

function clock(seconds: number): string {
  return new Date(seconds * 1000).toLocaleTimeString('en', { hour12: false });
}

/** What the picture says, for those who do not see it. */
function describe(title: string, series: Series[], write: (value: number | null) => string): string {
  const lines = series.map(({ label, values }) => {
    const known = values.filter((value) => value !== null);
    if (known.length === 0) return `${label}: no values yet`;
    return `${label}: now ${write(known.at(-1) ?? null)}, lowest ${write(Math.min(...known))}, highest ${write(Math.max(...known))}`;
  });
  return `${title}, last five minutes. ${lines.join('. ')}.`;
}
