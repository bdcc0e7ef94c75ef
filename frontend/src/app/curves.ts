import { type History, type Stretch, timesOf } from '../features/history/api';
import type { Series } from '../shared/ui/LineChart';
import { RING, type Sample } from './live/history';

/** What the four charts draw, of the last minutes or of a stretch of the past. */
export type Curves = {
  /** For those who do not see them. */
  span: string;
  from: number;
  to: number;
  times: number[];
  requests: Series[];
  connections: Series[];
  throughput: Series[];
  /** Known of the last minutes only. */
  firstByte: Series[] | null;
  errors: Series[] | null;
};

/** More lines than this cannot be told apart; then only the total is drawn. */
const MOST_LINES = 7;

export function liveCurves(history: Sample[], slots: number[]): Curves {
  const to = history.at(-1)?.at ?? 0;
  const line = (label: string, value: (sample: Sample) => number | null) => ({ label, values: history.map(value) });
  const workers = slots.length < 2 || slots.length > MOST_LINES ? [] : slots;
  return {
    span: 'last five minutes',
    from: to - RING,
    to,
    times: history.map((sample) => sample.at),
    requests: [
      line('All', (sample) => sample.requestsPerSecond),
      ...workers.map((slot) => line(`Worker ${slot}`, (sample) => sample.byWorker[slot] ?? null)),
    ],
    connections: [
      line('Idle', (sample) => sample.connections.idle),
      line('Reading', (sample) => sample.connections.reading),
      line('Writing', (sample) => sample.connections.writing),
    ],
    throughput: [line('Sent', (sample) => sample.bytesPerSecond)],
    firstByte: [line('p50', (sample) => sample.p50), line('p99', (sample) => sample.p99)],
    errors: null,
  };
}

export function pastCurves(history: History, { from, to }: Stretch): Curves {
  const { columns } = history;
  return {
    span: `${Math.round((to - from) / 60)} minutes of the past`,
    from,
    to,
    times: timesOf(history),
    requests: [{ label: 'All', values: columns.requestsPerSecond }],
    connections: [
      { label: 'Idle', values: columns.idle },
      { label: 'Reading', values: columns.reading },
      { label: 'Writing', values: columns.writing },
    ],
    throughput: [{ label: 'Sent', values: columns.bytesPerSecond }],
    firstByte: null,
    errors: [{ label: '5xx', values: columns.errorsPerSecond }],
  };
}
