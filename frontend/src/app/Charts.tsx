import { useMemo } from 'react';
import type { Event } from '../features/events/api';
import { marks, toneOf, wordsOf } from '../features/events/kinds';
import { bytes, count, rate, short, visible } from '../shared/format';
import { LineChart, type Marker, type Series } from '../shared/ui/LineChart';
import type { Curves } from './curves';
import styles from './OverviewPage.module.css';

/** Four charts of one stretch of time, each marked with what happened in it. */
export function Charts({ curves, events }: { curves: Curves; events: Event[] }) {
  const { from, to, span, times } = curves;
  const markers = useMemo(() => markersOf(events, from, to), [events, from, to]);
  const chart = (title: string, series: Series[], write: (value: number | null) => string, whole: boolean) => (
    <div className="panel">
      <LineChart {...{ title, series, write, whole, times, from, to, span, markers }} />
    </div>
  );
  return (
    <section className={styles.charts} aria-label={`Charts: ${span}`}>
      {chart('Requests per second', curves.requests, rate, true)}
      {chart('Connections', curves.connections, count, true)}
      {chart('Throughput', curves.throughput, bytesPerSecond, true)}
      {curves.firstByte !== null && chart('Time to first byte', curves.firstByte, short, false)}
      {curves.errors !== null && chart('5xx answers per second', curves.errors, rate, false)}
    </section>
  );
}

function bytesPerSecond(value: number | null): string {
  return value === null ? bytes(null) : `${bytes(value)}/s`;
}

function markersOf(events: Event[], from: number, to: number): Marker[] {
  return events
    .filter(marks)
    .map((event) => ({ at: Date.parse(event.at) / 1000, label: labelOf(event), tone: toneOf(event) }))
    .filter(({ at }) => at >= from && at <= to);
}

function labelOf({ kind, slot, cause, actor }: Event): string {
  const who = slot == null ? '' : ` ${slot}`;
  const why = cause == null ? '' : ` (${cause})`;
  return visible(`${wordsOf(kind)}${who}${why}${kind.startsWith('command') ? ` by ${actor}` : ''}`);
}
