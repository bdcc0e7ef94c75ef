import { Button } from '@mantine/core';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { count, timeOfDay, visible } from '../../shared/format';
import { Empty } from '../../shared/ui/Loaded';
import { ErrorNote, WarningNote } from '../../shared/ui/ErrorNote';
import { usePaused } from '../../shared/useHeld';
import type { LogLine, Wanted } from './api';
import styles from './LogTail.module.css';
import { partsOf } from './marked';
import { keepTail, type Link } from './tail';

const MOST_LINES = 2000;

type Shown = { lines: LogLine[]; total: number };

type Props = Wanted & { compact?: boolean; held?: boolean };

/** The end of a log as it is written. What it says is text, whoever wrote it. */
export function LogTail({ held = false, compact = false, ...wanted }: Props) {
  return <Tail key={`${wanted.id} ${wanted.level} ${wanted.search}`} wanted={wanted} held={held} compact={compact} />;
}

function Tail({ wanted, held, compact }: { wanted: Wanted; held: boolean; compact: boolean }) {
  const [attempt, setAttempt] = useState(0);
  const { link, shown: newest } = useTail(wanted, attempt);
  const stopped = usePaused() || held;
  const [kept, setKept] = useState<Shown | null>(null);
  if (stopped && kept === null) setKept(newest);
  if (!stopped && kept !== null) setKept(null);
  const shown = stopped && kept !== null ? kept : newest;
  const missed = newest.total - shown.total;

  return (
    <div className={styles.tail}>
      {link.kind === 'refused' && (
        <>
          <ErrorNote>{`The log ${wanted.id} cannot be followed. ${link.why}`}</ErrorNote>
          <Button variant="default" size="xs" onClick={() => setAttempt(attempt + 1)}>
            Try again
          </Button>
        </>
      )}
      {link.kind === 'cut' && <WarningNote>The log is not followed at the moment. Connecting again.</WarningNote>}
      {link.kind !== 'refused' && (
        <Lines
          lines={shown.lines}
          search={wanted.search}
          id={wanted.id}
          compact={compact}
          connecting={link.kind === 'connecting'}
        />
      )}
      <p className={styles.state} role="status">
        {stopped
          ? `Held. ${count(missed)} more lines since.`
          : link.kind === 'live'
            ? `Following. ${count(shown.lines.length)} lines.`
            : ''}
      </p>
    </div>
  );
}

function useTail(wanted: Wanted, attempt: number): { link: Link; shown: Shown } {
  const [link, setLink] = useState<Link>({ kind: 'connecting' });
  const [shown, setShown] = useState<Shown>({ lines: [], total: 0 });
  const { id, search, level } = wanted;
  useEffect(
    () =>
      keepTail(
        { id, search, level },
        {
          onLink: setLink,
          onLines: (lines) =>
            setShown(({ total }) => ({ lines: lines.slice(-MOST_LINES), total: total + lines.length })),
          onMore: (more) =>
            setShown(({ lines, total }) => ({
              lines: [...lines, ...more].slice(-MOST_LINES),
              total: total + more.length,
            })),
        },
      ),
    [id, search, level, attempt],
  );
  return { link, shown };
}

type LinesProps = { lines: LogLine[]; search: string; id: string; compact: boolean; connecting: boolean };

/** Stays at the end while one is there; whoever has scrolled up is left in peace. */
function Lines({ lines, search, id, compact, connecting }: LinesProps) {
  const box = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  useLayoutEffect(() => {
    if (box.current !== null && atEnd.current) box.current.scrollTop = box.current.scrollHeight;
  }, [lines]);
  return (
    <div
      ref={box}
      className={styles.lines}
      data-compact={compact}
      role="log"
      aria-live="off"
      aria-label={`Log ${id}`}
      tabIndex={0}
      onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
        atEnd.current = scrollHeight - scrollTop - clientHeight < 8;
      }}
    >
      {lines.length === 0 ? (
        <Empty>
          {connecting ? 'Connecting.' : search === '' ? 'Nothing has been written yet.' : 'No line holds this.'}
        </Empty>
      ) : (
        lines.map((line, index) => (
          <div key={index} className={styles.line} data-tone={toneOf(line.level)}>
            {line.level !== null && <span className={styles.head}>{headOf(line)} </span>}
            <Marked text={visible(line.text)} search={search} />
          </div>
        ))
      )}
    </div>
  );
}

/** The text with what was searched for marked. */
function Marked({ text, search }: { text: string; search: string }) {
  return partsOf(text, search).map((part, index) =>
    index % 2 === 0 ? (
      part
    ) : (
      <mark key={index} className={styles.found}>
        {part}
      </mark>
    ),
  );
}

/** Lines that have a level are told without what stood before it; others tell their time themselves. */
function headOf({ at, level }: LogLine): string {
  return `${at === null ? '' : timeOfDay(at)} ${level ?? ''}`.trim();
}

const tones: Record<string, string> = { ERROR: 'bad', WARN: 'moving' };

function toneOf(level: string | null): string | undefined {
  return level === null ? undefined : tones[level];
}
