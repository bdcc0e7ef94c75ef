import { WorkerRow } from './WorkerRow';
import styles from './WorkerTable.module.css';
import type { Operation } from '../../shared/operations';
import type { Worker } from './api';
import type { Trail } from './trail';

type Props = {
  workers: Worker[];
  operations: Operation[];
  trails: Trail[];
  /** Requests per second of the last five minutes, by slot. */
  recent: (slot: number) => (number | null)[];
  room: number;
  at: string;
  mayOperate: boolean;
  onSent: () => void;
};

/** Rows on a wide screen, cards on a phone; the roles are spelled out because a grid would lose them. */
export function WorkerTable({ workers, operations, trails, recent, room, at, mayOperate, onSent }: Props) {
  return (
    <table className={styles.table} role="table" aria-label="Workers" data-actions={mayOperate}>
      <thead role="rowgroup">
        <tr role="row" className={styles.head}>
          <Head>Slot</Head>
          <Head>State</Head>
          <Head>Process</Head>
          <Head>Up for</Head>
          <Head number>Connections</Head>
          <Head number>Requests/s</Head>
          <Head>Last 5 min</Head>
          <Head number>Processor</Head>
          <Head number>Memory</Head>
          <Head number>Restarts</Head>
          <Head number>Heartbeat</Head>
          {mayOperate && <Head number>Action</Head>}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {workers.map((worker) => (
          <WorkerRow
            key={worker.slot}
            worker={worker}
            operations={operations.filter(({ slot }) => slot === worker.slot)}
            trail={trails.findLast((trail) => trail.operation.slot === worker.slot) ?? null}
            recent={recent(worker.slot)}
            room={room}
            at={at}
            mayOperate={mayOperate}
            onSent={onSent}
          />
        ))}
      </tbody>
    </table>
  );
}

function Head({ number = false, children }: { number?: boolean; children: string }) {
  return (
    <th role="columnheader" scope="col" data-number={number}>
      {children}
    </th>
  );
}
