import { TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { bytes, count, duration, exact, moment, rate, secondsBetween, UNKNOWN, visible } from '../../shared/format';
import type { Operation } from '../../shared/operations';
import { nameOf } from '../../shared/ui/OperationProgress';
import { Sparkline } from '../../shared/ui/Sparkline';
import { StatePill } from '../../shared/ui/StatePill';
import type { Worker } from './api';
import { RestartTrail } from './RestartTrail';
import type { Trail } from './trail';
import { WorkerActions } from './WorkerActions';
import styles from './WorkerTable.module.css';

type Props = {
  worker: Worker;
  /** Commands for this slot that run, or have ended of late. */
  operations: Operation[];
  trail: Trail | null;
  recent: (number | null)[];
  room: number;
  at: string;
  mayOperate: boolean;
  onSent: () => void;
};

export function WorkerRow({ worker, operations, trail, recent, room, at, mayOperate, onSent }: Props) {
  const { slot, state, detail, startedAt, heartbeatAgeSeconds, requestsPerSecond, processors, residentBytes } = worker;
  const { reading, writing, idle } = worker.connections;
  const told = operations.filter((operation) => !restarts(operation) && operation.state !== 'DONE');
  const restarting = operations.some((operation) => restarts(operation) && operation.state === 'RUNNING');
  return (
    <>
      <tr role="row" className={styles.row}>
        <th role="rowheader" scope="row" className={styles.slot}>
          <Link to={`/workers/${slot}`} aria-label={`Worker ${slot}, more`}>
            {slot}
          </Link>
        </th>
        <Cell name="State">
          <StatePill state={state} />
        </Cell>
        <Cell name="Process">
          <Processes worker={worker} />
        </Cell>
        <Cell name="Up for" title={moment(startedAt)}>
          {duration(secondsBetween(startedAt, at))}
        </Cell>
        <Cell name="Connections" title={`${reading} reading · ${writing} writing · ${idle} idle`} number>
          {count(reading + writing + idle)}
        </Cell>
        <Cell name="Requests/s" title={exact(requestsPerSecond)} number>
          {rate(requestsPerSecond)}
        </Cell>
        <Cell name="Last 5 min" wide>
          <Sparkline values={recent} room={room} />
        </Cell>
        <Cell name="Processor" title={`${exact(processors)} of a processor`} number>
          {rate(processors * 100)} %
        </Cell>
        <Cell name="Memory" title={`${exact(residentBytes)} bytes resident`} number>
          {bytes(residentBytes)}
        </Cell>
        <Cell name="Restarts" title={reasons(worker.restarts)} number>
          {count(Object.values(worker.restarts).reduce((sum, times) => sum + times, 0))}
        </Cell>
        <Cell name="Heartbeat" title="How long ago its slowest event loop last turned" number>
          <Heartbeat age={heartbeatAgeSeconds} />
        </Cell>
        {mayOperate && (
          <Cell name="Action">
            <WorkerActions worker={worker} restarting={restarting} onSent={onSent} />
          </Cell>
        )}
      </tr>
      {(trail !== null || detail !== '' || told.length > 0) && (
        <tr role="row" className={styles.below}>
          <td role="cell" colSpan={mayOperate ? 12 : 11}>
            {detail !== '' && <p className={styles.detail}>{visible(detail)}</p>}
            {told.map((operation) => (
              <p key={operation.id} className={styles.detail} role="status">
                {nameOf(operation)} by {visible(operation.actor)}: {operation.state.toLowerCase()}
                {operation.detail !== '' && `. ${visible(operation.detail)}`}
              </p>
            ))}
            {trail !== null && <RestartTrail trail={trail} />}
          </td>
        </tr>
      )}
    </>
  );
}

/** Alone, or as the one whose turn it is. */
function restarts({ action }: Operation): boolean {
  return action === 'restart' || action === 'rolling-restart';
}

type CellProps = { name: string; title?: string; number?: boolean; wide?: boolean; children: ReactNode };

function Cell({ name, title, number = false, wide = false, children }: CellProps) {
  return (
    <td role="cell" data-name={name} data-number={number} data-wide={wide} title={title}>
      {children}
    </td>
  );
}

/** One pid, or during a restart both, each with its own state. */
function Processes({ worker: { processes } }: { worker: Worker }) {
  const [only, ...others] = processes;
  if (only === undefined) return UNKNOWN;
  if (others.length === 0) return <span title={`seat ${only.seat}`}>pid {only.pid}</span>;
  return (
    <ul className={styles.processes}>
      {processes.map(({ seat, pid, state }) => (
        <li key={pid} title={`seat ${seat}`}>
          pid {pid} <StatePill state={state} size="small" />
        </li>
      ))}
    </ul>
  );
}

/** A loop that has not turned for three seconds counts as hung. */
const HUNG_SECONDS = 3;

function Heartbeat({ age }: { age: number | null }) {
  if (age === null) return UNKNOWN;
  if (age < HUNG_SECONDS) return `${age.toFixed(1)} s`;
  return (
    <span className={styles.hung}>
      <TriangleAlert role="img" aria-label="late" size={14} /> {age.toFixed(1)} s
    </span>
  );
}

function reasons(restarts: Record<string, number>): string {
  return Object.entries(restarts)
    .map(([reason, times]) => `${times} by ${reason}`)
    .join(' · ');
}
