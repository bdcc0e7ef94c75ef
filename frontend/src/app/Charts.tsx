import { useMemo } from 'react';
import { count, rate } from '../shared/format';
import { LineChart, type Series } from '../shared/ui/LineChart';
import { RING, type Sample } from './live/history';
import styles from './OverviewPage.module.css';

/** More lines than this cannot be told apart; then only the total is drawn. */
const MOST_LINES = 7;

export function Charts({ history, slots }: { history: Sample[]; slots: number[] }) {
  const times = useMemo(() => history.map((sample) => sample.at), [history]);
  return (
    <section className={styles.charts} aria-label="Last five minutes">
      <div className="panel">
        <LineChart
          title="Requests per second"
          times={times}
          series={requestLines(history, slots)}
          seconds={RING}
          write={rate}
        />
      </div>
      <div className="panel">
        <LineChart title="Connections" times={times} series={connectionLines(history)} seconds={RING} write={count} />
      </div>
    </section>
  );
}

function requestLines(history: Sample[], slots: number[]): Series[] {
  const total = { label: 'All', values: history.map((sample) => sample.requestsPerSecond) };
  if (slots.length < 2 || slots.length > MOST_LINES) return [total];
  return [
    total,
    ...slots.map((slot) => ({
      label: `Worker ${slot}`,
      values: history.map((sample) => sample.byWorker[slot] ?? null),
    })),
  ];
}

function connectionLines(history: Sample[]): Series[] {
  return [
    { label: 'Idle', values: history.map((sample) => sample.connections.idle) },
    { label: 'Reading', values: history.map((sample) => sample.connections.reading) },
    { label: 'Writing', values: history.map((sample) => sample.connections.writing) },
  ];
}
