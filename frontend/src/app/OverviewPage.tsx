import { memo, useCallback, useMemo, useState } from 'react';
import { type Status, useStatus } from '../features/farm/api';
import { Health } from '../features/farm/Health';
import { useTab } from '../features/farm/favicon';
import { Tile } from '../features/farm/Tile';
import { mayOperate, type Session } from '../features/session/api';
import { type Operation, useOperations, useWorkers, type Worker } from '../features/workers/api';
import type { Trail } from '../features/workers/trail';
import { WorkerTable } from '../features/workers/WorkerTable';
import { Charts } from './Charts';
import { RING, type Sample } from './live/history';
import { freshnessOf } from './live/freshness';
import { useHistory, useLive, useTrails } from './live/useLive';
import { useNow } from '../shared/useNow';
import { ErrorNote } from '../shared/ui/ErrorNote';
import { Header } from './Header';
import styles from './OverviewPage.module.css';
import { OverviewSkeleton } from './OverviewSkeleton';
import { tilesOf } from './tiles';

/** Everything the page shows, at one moment. */
type View = { status: Status; workers: Worker[]; operations: Operation[]; history: Sample[]; trails: Trail[] };

export function OverviewPage({ session }: { session: Session }) {
  const live = useLive();
  const now = useNow();
  const { data: status, error } = useStatus();
  const { data: workers } = useWorkers();
  const operations = useOperations();
  const history = useHistory();
  const trails = useTrails();
  const [paused, setPaused] = useState<View | null>(null);

  const newest = useMemo(
    () => (status && workers ? { status, workers, operations, history, trails } : null),
    [status, workers, operations, history, trails],
  );
  const resume = useCallback(() => setPaused(null), []);
  const view = paused ?? newest;
  const freshness = freshnessOf(live, now);
  const stale = freshness.kind === 'stale';
  useTab(
    stale || !newest ? 'unknown' : newest.status.health.state,
    stale ? 'No news from Drover' : (newest?.status.health.sentence ?? 'Connecting'),
  );

  return (
    <div className={styles.page}>
      <Header
        session={session}
        freshness={freshness}
        paused={paused !== null}
        onPause={() => setPaused(paused === null ? newest : null)}
      />
      <main className={styles.main} data-stale={stale}>
        {view === null && error && <ErrorNote>{`${error.message} Trying again.`}</ErrorNote>}
        {view === null ? <OverviewSkeleton /> : <Overview view={view} operator={mayOperate(session)} onSent={resume} />}
      </main>
    </div>
  );
}

type OverviewProps = { view: View; operator: boolean; onSent: () => void };

/** Drawn once per snapshot, not with each tick of the clock that ages it. */
const Overview = memo(function Overview({ view, operator, onSent }: OverviewProps) {
  const { status, workers, operations, history, trails } = view;
  const tiles = useMemo(() => tilesOf(status, history), [status, history]);
  return (
    <>
      <Health status={status} />
      <section className={styles.tiles} aria-label="Key numbers">
        {tiles.map((tile) => (
          <Tile key={tile.name} {...tile} />
        ))}
      </section>
      <section className={`panel ${styles.workers ?? ''}`} aria-labelledby="workers">
        <h2 id="workers">
          Workers
          <span>
            {status.workersUp} of {status.workersWanted} up
          </span>
        </h2>
        <WorkerTable
          workers={workers}
          operations={operations}
          trails={trails}
          recent={(slot) => history.map((sample) => sample.byWorker[slot] ?? null)}
          room={RING}
          at={status.at}
          mayOperate={operator}
          onSent={onSent}
        />
      </section>
      <Charts history={history} slots={workers.map((worker) => worker.slot)} />
      <p className={styles.spoken} aria-live="polite">
        {workers.map((worker) => `Worker ${worker.slot} ${worker.state}.`).join(' ')}
      </p>
    </>
  );
});
