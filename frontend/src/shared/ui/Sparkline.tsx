import styles from './Sparkline.module.css';

const WIDTH = 240;
const HEIGHT = 48;
const MARGIN = 2;

type Props = { values: (number | null)[]; room: number; top?: number | undefined };

/** A line without axes, the newest value at the right edge; `room` is how many values fill the width. */
export function Sparkline({ values, room, top }: Props) {
  const highest = top ?? Math.max(1e-9, ...values.map((value) => value ?? 0)) * 1.08;
  const x = (index: number) => WIDTH - ((values.length - 1 - index) * WIDTH) / (room - 1);
  const y = (value: number) => HEIGHT - MARGIN - (Math.min(value, highest) / highest) * (HEIGHT - 2 * MARGIN);
  const runs = unbroken(values).map((run) =>
    run.map(({ index, value }) => `${x(index).toFixed(1)},${y(value).toFixed(1)}`),
  );
  return (
    <svg className={styles.sparkline} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden>
      {runs.map((points) => (
        <g key={points[0]}>
          <path className={styles.area} d={areaUnder(points)} />
          <polyline className={styles.line} points={points.join(' ')} vectorEffect="non-scaling-stroke" />
        </g>
      ))}
    </svg>
  );
}

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

function areaUnder(points: string[]): string {
  const left = points[0]?.split(',')[0] ?? '0';
  const right = points.at(-1)?.split(',')[0] ?? '0';
  return `M${left},${HEIGHT} L${points.join(' L')} L${right},${HEIGHT} Z`;
}
