import type { ReactNode } from 'react';
import {
  bytes,
  count,
  duration,
  exact,
  moment,
  rate,
  secondsBetween,
  short,
  UNKNOWN,
  visible,
} from '../../shared/format';
import type { Operation } from '../../shared/operations';
import { Facts } from '../../shared/ui/Facts';
import { LineChart } from '../../shared/ui/LineChart';
import { Empty, Loaded } from '../../shared/ui/Loaded';
import { Page, Panel } from '../../shared/ui/Page';
import { FinishedTable, RequestTable } from '../../shared/ui/RequestTable';
import { StatePill } from '../../shared/ui/StatePill';
import { Cell, Table } from '../../shared/ui/Table';
import { useRequests, useWorker, type EventLoop, type RecordedRequest, type Worker, type WorkerDetail } from './api';
import { RestartTrail } from './RestartTrail';
import { ThreadDump } from './ThreadDump';
import type { Trail } from './trail';
import { WorkerActions } from './WorkerActions';

type Props = {
  worker: Worker;
  /** Commands for this slot that run, or have ended of late. */
  operations: Operation[];
  trail: Trail | null;
  times: number[];
  requests: (number | null)[];
  seconds: number;
  at: string;
  mayOperate: boolean;
  onSent: () => void;
  /** What other features know of it. */
  children: ReactNode;
};

const noMarkers: never[] = [];

/** Everything that is known of one worker. Its counters outlive its processes. */
export function WorkerView({
  worker,
  operations,
  trail,
  times,
  requests,
  seconds,
  at,
  mayOperate,
  onSent,
  children,
}: Props) {
  const { slot, state, detail } = worker;
  const newest = times.at(-1) ?? 0;
  const restarting = operations.some(
    (operation) =>
      operation.state === 'RUNNING' && (operation.action === 'restart' || operation.action === 'rolling-restart'),
  );
  return (
    <Page
      title={`Worker ${slot}`}
      {...(detail === '' ? {} : { note: visible(detail) })}
      tools={mayOperate && <WorkerActions worker={worker} restarting={restarting} onSent={onSent} />}
    >
      {trail !== null && (
        <Panel title="Restart">
          <RestartTrail trail={trail} />
        </Panel>
      )}
      <Panel title="Now">
        <Facts facts={factsOf(worker, at)} />
      </Panel>
      <div className="panel">
        <div style={{ padding: '1.125rem 1.375rem' }}>
          <LineChart
            title="Requests per second"
            span="last five minutes"
            times={times}
            series={[{ label: `Worker ${slot}`, values: requests }]}
            from={newest - seconds}
            to={newest}
            markers={noMarkers}
            write={rate}
            whole
          />
        </div>
      </div>
      <Inside slot={slot} />
      <Requests slot={slot} />
      {children}
      {mayOperate && state !== 'VACANT' && state !== 'STOPPED' && <ThreadDump slot={slot} />}
    </Page>
  );
}

function factsOf(worker: Worker, at: string): [string, ReactNode][] {
  const { reading, writing, idle } = worker.connections;
  return [
    ['State', <StatePill key="state" state={worker.state} />],
    [
      'Processes',
      worker.processes.length === 0
        ? UNKNOWN
        : worker.processes
            .map(({ pid, seat, generation }) => `pid ${pid} (seat ${seat}, generation ${generation})`)
            .join(', '),
    ],
    [
      'Up for',
      <span key="up" title={moment(worker.startedAt)}>
        {duration(secondsBetween(worker.startedAt, at))}
      </span>,
    ],
    ['Requests', `${rate(worker.requestsPerSecond)}/s`],
    ['Connections', `${count(reading)} reading · ${count(writing)} writing · ${count(idle)} idle`],
    ['Processor', `${rate(worker.processors * 100)} %`],
    [
      'Resident memory',
      <span key="memory" title={`${exact(worker.residentBytes)} bytes`}>
        {bytes(worker.residentBytes)}
      </span>,
    ],
    ['Heartbeat', worker.heartbeatAgeSeconds === null ? UNKNOWN : `${worker.heartbeatAgeSeconds.toFixed(1)} s ago`],
    [
      'Restarts',
      Object.entries(worker.restarts)
        .map(([reason, times]) => `${count(times)} by ${reason}`)
        .join(' · '),
    ],
  ];
}

/** Its event loops, its heap, its garbage collector. */
function Inside({ slot }: { slot: number }) {
  const worker = useWorker(slot);
  return (
    <>
      <Panel flush title="Event loops">
        <Loaded query={worker} what="its event loops">
          {({ loops = [] }) =>
            loops.length === 0 ? <Empty>No process has event loops here.</Empty> : <Loops loops={loops} />
          }
        </Loaded>
      </Panel>
      <Panel title="Memory">
        <Loaded query={worker} what="its memory">
          {(detail) => <Facts facts={memoryOf(detail)} />}
        </Loaded>
      </Panel>
    </>
  );
}

function Loops({ loops }: { loops: EventLoop[] }) {
  return (
    <Table
      label="Event loops"
      columns={[
        { name: 'Loop' },
        { name: 'Process', number: true },
        { name: 'Lag', number: true },
        { name: 'Heartbeat', number: true },
        { name: 'Reading', number: true },
        { name: 'Writing', number: true },
        { name: 'Idle', number: true },
      ]}
    >
      {loops.map(({ pid, loop, lagSeconds, heartbeatAgeSeconds, connections }) => (
        <tr key={`${pid}-${loop}`}>
          <th scope="row">{loop}</th>
          <Cell number>{pid}</Cell>
          <Cell number>{short(lagSeconds)}</Cell>
          <Cell number>{short(heartbeatAgeSeconds)}</Cell>
          <Cell number>{count(connections.reading)}</Cell>
          <Cell number>{count(connections.writing)}</Cell>
          <Cell number>{count(connections.idle)}</Cell>
        </tr>
      ))}
    </Table>
  );
}

function memoryOf({ memory, gc, residentBytes }: WorkerDetail): [string, ReactNode][] {
  return [
    ['Resident', bytes(memory?.residentBytes ?? residentBytes)],
    ['Heap in use', bytes(memory?.heapUsed ?? null)],
    ['Heap at most', bytes(memory?.heapMax ?? null)],
    ['Time spent on collecting garbage', short(gc?.seconds ?? null)],
  ];
}

function Requests({ slot }: { slot: number }) {
  const requests = useRequests(slot);
  return (
    <>
      <Panel flush title="Requests under way" note="the oldest first">
        <Loaded query={requests} what="its requests">
          {({ inFlight }) =>
            inFlight.length === 0 ? (
              <Empty>No request is under way.</Empty>
            ) : (
              <RequestTable label="Requests under way" requests={inFlight} />
            )
          }
        </Loaded>
      </Panel>
      <Panel flush title="Finished last" note="the last first">
        <Loaded query={requests} what="its requests">
          {({ finished }) =>
            finished.length === 0 ? (
              <Empty>It has finished no request yet.</Empty>
            ) : (
              <FinishedTable label="Finished last" requests={finished.slice(0, MOST_FINISHED).map(ended)} since="Ago" />
            )
          }
        </Loaded>
      </Panel>
    </>
  );
}

const MOST_FINISHED = 20;

/** Of a finished one the phase is that it is over. */
function ended(request: RecordedRequest) {
  const { ageSeconds, phaseSeconds } = request;
  return { ...request, agoSeconds: phaseSeconds, tookSeconds: Math.max(0, ageSeconds - phaseSeconds) };
}
