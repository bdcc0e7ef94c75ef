import { memo, useDeferredValue, useMemo } from 'react';
import { LatestEvents } from '../features/events/LatestEvents';
import { type Event, useEvents } from '../features/events/api';
import { type Status, useStatus } from '../features/farm/api';
import { Health } from '../features/farm/Health';
import { Tile, type TileProps } from '../features/farm/Tile';
import { usePast } from '../features/history/api';
import { mayOperate } from '../features/session/api';
import { useWorkers, type Worker } from '../features/workers/api';
import { FarmActions } from '../features/workers/FarmActions';
import { SlowestRequests } from '../features/workers/SlowestRequests';
import type { Trail } from '../features/workers/trail';
import { WorkerTable } from '../features/workers/WorkerTable';
import { type Operation, useOperations } from '../shared/operations';
import { useHeld } from '../shared/useHeld';
import { ErrorNote } from '../shared/ui/ErrorNote';
import { Empty, Loaded } from '../shared/ui/Loaded';
import { OperationProgress } from '../shared/ui/OperationProgress';
import { Panel } from '../shared/ui/Page';
import { Charts } from './Charts';
import { liveCurves, pastCurves } from './curves';
import { useFrame } from './Frame';
import { RING, type Sample } from './live/history';
import { useHistory, useTrails } from './live/useLive';
import styles from './OverviewPage.module.css';
import { OverviewSkeleton } from './OverviewSkeleton';
import { pastTilesOf, tilesOf } from './tiles';
import { TimeRange } from './TimeRange';
import { type Range, useRange } from './range';

/** Everything the page shows, at one moment. */
type View = {
  status: Status;
  workers: Worker[];
  operations: Operation[];
  history: Sample[];
  trails: Trail[];
  events: Event[];
};

const noEvents: Event[] = [];

export function OverviewPage() {
  const { session, resume } = useFrame();
  const { data: status, error } = useStatus();
  const { data: workers } = useWorkers();
  const { data: events = noEvents } = useEvents();
  const operations = useOperations();
  const history = useHistory();
  const trails = useTrails();
  const [range, setRange] = useRange();

  const newest = useMemo(
    () => (status && workers ? { status, workers, operations, history, trails, events } : null),
    [status, workers, operations, history, trails, events],
  );
  // Drawn in small steps, so that with many workers the page answers meanwhile.
  const view = useDeferredValue(useHeld(newest));

  if (view === null) {
    return (
      <>
        {error && <ErrorNote>{`${error.message} Trying again.`}</ErrorNote>}
        <OverviewSkeleton />
      </>
    );
  }
  return <Overview view={view} operator={mayOperate(session)} onSent={resume} range={range} onRange={setRange} />;
}

type OverviewProps = {
  view: View;
  operator: boolean;
  onSent: () => void;
  range: Range;
  onRange: (range: Range) => void;
};

/** Drawn once per snapshot, not with each tick of the clock that ages it. */
const Overview = memo(function Overview({ view, operator, onSent, range, onRange }: OverviewProps) {
  const { status, workers, operations, history, trails, events } = view;
  const { past, tiles, curves } = useFigures(view, range);
  return (
    <>
      <Health status={status} />
      <TimeRange range={range} now={Date.parse(status.at) / 1000} onChange={onRange} />
      {range.kind === 'live' ? (
        <Tiles tiles={tiles} />
      ) : (
        <Loaded query={past} what="the past">
          {() => <Tiles tiles={tiles} />}
        </Loaded>
      )}
      {operations.filter(isOfFarm).map((operation) => (
        <OperationProgress key={operation.id} operation={operation} mayAbort={operator} />
      ))}
      <section className={`panel ${styles.workers ?? ''}`} aria-labelledby="workers">
        <div className={styles.bar}>
          <h2 id="workers">
            Workers
            <span>
              {status.workersUp} of {status.workersWanted} up
              {range.kind === 'past' && ', as they are now'}
            </span>
          </h2>
          {operator && (
            <FarmActions wanted={status.workersWanted} workers={workers} operations={operations} onSent={onSent} />
          )}
        </div>
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
      {curves !== null && <Charts curves={curves} events={events} />}
      <div className={styles.below}>
        <SlowestRequests workers={workers} />
        <LatestEvents events={events} />
      </div>
      <p className="spoken" aria-live="polite">
        {workers.map((worker) => `Worker ${worker.slot} ${worker.state}.`).join(' ')}
      </p>
    </>
  );
});

/** Commands for one worker are told in its row. */
function isOfFarm({ action }: Operation): boolean {
  return (
    action === 'rolling-restart' ||
    action === 'scale' ||
    action === 'rebalance' ||
    action === 'reload' ||
    action === 'upgrade'
  );
}

/** The tiles and the charts of the range; null while nothing of it is known. */
function useFigures({ status, workers, history }: View, range: Range) {
  const past = usePast(range.kind === 'past' ? range.stretch : null);
  const live = range.kind === 'live';
  const remembered = past.data;
  const slots = workers.map((worker) => worker.slot).join();
  const tiles = useMemo(() => {
    if (live) return tilesOf(status, history);
    return remembered === undefined ? null : pastTilesOf(remembered);
  }, [live, status, history, remembered]);
  const curves = useMemo(() => {
    if (range.kind === 'live') return liveCurves(history, slots.split(',').map(Number));
    return remembered === undefined ? null : pastCurves(remembered, range.stretch);
  }, [range, history, slots, remembered]);
  return { past, tiles, curves };
}

function Tiles({ tiles }: { tiles: TileProps[] | null }) {
  if (tiles === null) {
    return (
      <Panel title="Nothing is known of this time">
        <Empty>Admin did not run then, or it is more than a day ago.</Empty>
      </Panel>
    );
  }
  return (
    <section className={styles.tiles} aria-label="Key numbers">
      {tiles.map((tile) => (
        <Tile key={tile.name} {...tile} />
      ))}
    </section>
  );
}
