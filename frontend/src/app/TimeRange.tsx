import { ActionIcon, SegmentedControl, Slider } from '@mantine/core';
import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useState } from 'react';
import { DAY, type Range, spans, stretchTo } from './range';
import styles from './TimeRange.module.css';

type Props = { range: Range; now: number; onChange: (range: Range) => void };

const LIVE = 'live';

/** Live, or how much of the past, and where in the last day that lies. */
export function TimeRange({ range, now, onChange }: Props) {
  const seconds = range.kind === 'past' ? range.stretch.to - range.stretch.from : null;
  const choose = (value: string) =>
    onChange(
      value === LIVE
        ? { kind: 'live' }
        : {
            kind: 'past',
            stretch: stretchTo(range.kind === 'past' ? range.stretch.to : now, Number(value), now),
          },
    );
  return (
    <section className={styles.range} aria-label="Time range">
      <SegmentedControl
        size="xs"
        aria-label="How much is shown"
        value={seconds === null ? LIVE : String(seconds)}
        onChange={choose}
        data={[{ value: LIVE, label: 'Live' }, ...spans.map((span) => ({ value: String(span), label: nameOf(span) }))]}
      />
      {range.kind === 'past' && (
        <Scrubber
          key={`${range.stretch.from}-${range.stretch.to}`}
          to={range.stretch.to}
          seconds={range.stretch.to - range.stretch.from}
          now={now}
          onChange={onChange}
        />
      )}
    </section>
  );
}

type ScrubberProps = { to: number; seconds: number; now: number; onChange: Props['onChange'] };

/** Back and forth in the last day; what is looked for is fetched when the handle is let go. */
function Scrubber({ to, seconds, now, onChange }: ScrubberProps) {
  const [end, setEnd] = useState(to);
  const go = (there: number) => onChange({ kind: 'past', stretch: stretchTo(there, seconds, now) });
  return (
    <div className={styles.scrubber}>
      <ActionIcon
        variant="default"
        aria-label="Earlier"
        disabled={to - seconds <= now - DAY}
        onClick={() => go(to - seconds / 2)}
      >
        <ChevronLeft aria-hidden size={16} />
      </ActionIcon>
      {seconds < DAY && (
        <Slider
          className={styles.slider ?? ''}
          size="sm"
          min={Math.floor(now - DAY + seconds)}
          max={Math.floor(now)}
          step={Math.max(10, seconds / 60)}
          value={end}
          onChange={setEnd}
          onChangeEnd={go}
          label={null}
          thumbLabel="End of what is shown"
          thumbProps={{ 'aria-valuetext': written(end) }}
        />
      )}
      <ActionIcon variant="default" aria-label="Later" disabled={to >= now - 1} onClick={() => go(to + seconds / 2)}>
        <ChevronRight aria-hidden size={16} />
      </ActionIcon>
      <span className={styles.words}>
        {written(end - seconds)} – {written(end)}
      </span>
    </div>
  );
}

function nameOf(seconds: number): string {
  return seconds < 3600 ? `${seconds / 60} min` : `${seconds / 3600} h`;
}

function written(seconds: number): string {
  return new Date(seconds * 1000).toLocaleString('en', {
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
}
