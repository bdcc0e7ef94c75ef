import { memo, useRef } from 'react';
import styles from './Sparkline.module.css';
import { useOnScreen } from './useOnScreen';

const WIDTH = 240;
const HEIGHT = 48;
const MARGIN = 2;

type Props = { values: (number | null)[]; room: number; top?: number | undefined };

/** A line without axes, the newest value at the right edge; `room` is how many values fill the width. */
export function Sparkline(props: Props) {
  const picture = useRef<SVGSVGElement>(null);
  const seen = useOnScreen(picture);
  return (
    <svg
      ref={picture}
      className={styles.sparkline}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      aria-hidden
    >
      <Lines {...props} seen={seen} />
    </svg>
  );
}

/** As they were when somebody saw them last. */
const Lines = memo(
  function Lines({ values, room, top }: Props & { seen: boolean }) {
    const highest = top ?? Math.max(1e-9, ...values.map((value) => value ?? 0)) * 1.08;
    const x = (index: number) => (WIDTH - ((values.length - 1 - index) * WIDTH) / (room - 1)).toFixed(1);
    const y = (value: number) => HEIGHT - MARGIN - (Math.min(value, highest) / highest) * (HEIGHT - 2 * MARGIN);
    return unbroken(values).map((run, index) => {
      const left = x(run[0]?.index ?? 0);
      const right = x(run.at(-1)?.index ?? 0);
      const points = run.map(({ index, value }) => `${x(index)},${y(value).toFixed(1)}`).join(' ');
      return (
        <g key={index}>
          <path className={styles.area} d={`M${left},${HEIGHT} L${points} L${right},${HEIGHT} Z`} />
          <polyline className={styles.line} points={points} vectorEffect="non-scaling-stroke" />
        </g>
      );
    });
  },
  (_before, { seen }) => !seen,
);

type Point = { index: number; value: number };

/** Where nothing is known the line has a gap. */
function unbroken(values: (number | null)[]): Point[][] {
  const runs: Point[][] = [];
  values.forEach((value, index) => {
    if (value === null) return;
    if (index === 0 || values[index - 1] === null || runs.length === 0) runs.push([]);
    runs.at(-1)?.push({ index, value });
  });
  return runs.filter((run) => run.length > 1);
}
