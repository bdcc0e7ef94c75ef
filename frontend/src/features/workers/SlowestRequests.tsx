import { Empty, Loaded } from '../../shared/ui/Loaded';
import { Panel } from '../../shared/ui/Page';
import { RequestTable } from '../../shared/ui/RequestTable';
import { MOST_ASKED, useInFlight, type Worker } from './api';

const MOST_SHOWN = 10;

/** Requests under way, the oldest first: what somebody waits for, or what takes long because it is large. */
export function SlowestRequests({ workers }: { workers: Worker[] }) {
  const inFlight = useInFlight(workers);
  return (
    <Panel
      flush
      title="Slowest requests under way"
      note={workers.length > MOST_ASKED ? `of the ${MOST_ASKED} workers that send most` : undefined}
    >
      <Loaded query={inFlight} what="requests under way">
        {(requests) =>
          requests.length === 0 ? (
            <Empty>No request is under way. A quick one is over before anybody can look.</Empty>
          ) : (
            <RequestTable label="Slowest requests" requests={requests.slice(0, MOST_SHOWN)} withWorker />
          )
        }
      </Loaded>
    </Panel>
  );
}
