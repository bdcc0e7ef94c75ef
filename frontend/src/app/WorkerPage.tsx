import { useParams } from 'react-router';
import { useStatus } from '../features/farm/api';
import { LogTail } from '../features/logs/LogTail';
import { mayOperate } from '../features/session/api';
import { useWorkers } from '../features/workers/api';
import { WorkerView } from '../features/workers/WorkerView';
import { useOperations } from '../shared/operations';
import { useHeld } from '../shared/useHeld';
import { Empty } from '../shared/ui/Loaded';
import { Page, Panel } from '../shared/ui/Page';
import { useFrame } from './Frame';
import { RING } from './live/history';
import { useHistory, useTrails } from './live/useLive';
import { OverviewSkeleton } from './OverviewSkeleton';

/** One worker: what the region knows of it, what it is at, and what it wrote. */
export function WorkerPage() {
  const { session, resume } = useFrame();
  const slot = Number(useParams().slot);
  const { data: status } = useStatus();
  const { data: workers } = useWorkers();
  const operations = useOperations();
  const history = useHeld(useHistory());
  const trails = useTrails();
  const worker = useHeld(workers?.find((candidate) => candidate.slot === slot));

  if (status === undefined || workers === undefined) return <OverviewSkeleton />;
  if (worker === undefined) {
    return (
      <Page title={`Worker ${slot}`}>
        <Panel title="There is no such worker">
          <Empty>
            The workers are {workers.map((other) => other.slot).join(', ')}. It may have been here until the pool was
            made smaller.
          </Empty>
        </Panel>
      </Page>
    );
  }
  return (
    <WorkerView
      worker={worker}
      operations={operations.filter((operation) => operation.slot === slot)}
      trail={trails.findLast((trail) => trail.operation.slot === slot) ?? null}
      times={history.map((sample) => sample.at)}
      requests={history.map((sample) => sample.byWorker[slot] ?? null)}
      seconds={RING}
      at={status.at}
      mayOperate={mayOperate(session)}
      onSent={resume}
    >
      <Panel title="Output" note="what its processes wrote">
        <LogTail id={`worker-${slot}`} search="" level="" compact />
      </Panel>
    </WorkerView>
  );
}
