import { bytes, count, exact, short, visible } from '../format';
import { Cell, Table } from './Table';

/** What is told of any request. What a client sent is text and nothing else. */
type Told = {
  loop: number;
  connection: number;
  method: string;
  host: string;
  path: string;
  client: string;
  bytes: number;
};

type Underway = Told & { worker?: number; phase: string; ageSeconds: number; phaseSeconds: number };

type Finished = Told & { status: number | null; agoSeconds: number; tookSeconds: number };

const told = [{ name: 'Request' }, { name: 'Client' }, { name: 'Sent', number: true }];

type UnderwayProps = { label: string; requests: Underway[]; withWorker?: boolean };

/** Requests that are, or were at a crash, not answered yet. */
export function RequestTable({ label, requests, withWorker = false }: UnderwayProps) {
  return (
    <Table
      label={label}
      columns={[
        { name: 'Age', number: true },
        ...(withWorker ? [{ name: 'Worker', number: true }] : []),
        { name: 'Phase' },
        ...told,
      ]}
    >
      {requests.map((request, index) => (
        <tr key={index}>
          <Cell number title={`in this phase for ${short(request.phaseSeconds)}`}>
            {short(request.ageSeconds)}
          </Cell>
          {withWorker && <Cell number>{request.worker}</Cell>}
          <Cell>{visible(request.phase)}</Cell>
          <ToldCells request={request} />
        </tr>
      ))}
    </Table>
  );
}

type FinishedProps = { label: string; requests: Finished[]; since: 'Ago' | 'Before' };

/** What was finished last, with how it ended; `since` names what its age is counted to: now, or a crash. */
export function FinishedTable({ label, requests, since }: FinishedProps) {
  return (
    <Table
      label={label}
      columns={[
        { name: since, number: true },
        { name: 'Took', number: true },
        { name: 'Status', number: true },
        ...told,
      ]}
    >
      {requests.map((request, index) => (
        <tr key={index}>
          <Cell number>{short(request.agoSeconds)}</Cell>
          <Cell number>{short(request.tookSeconds)}</Cell>
          <Cell number>{count(request.status)}</Cell>
          <ToldCells request={request} />
        </tr>
      ))}
    </Table>
  );
}

function ToldCells({ request: { loop, connection, method, host, path, client, bytes: sent } }: { request: Told }) {
  return (
    <>
      <Cell text title={`connection ${connection} of loop ${loop}`}>
        {visible(`${method} ${host}${path}`)}
      </Cell>
      <Cell>{visible(client)}</Cell>
      <Cell number title={`${exact(sent)} bytes`}>
        {bytes(sent)}
      </Cell>
    </>
  );
}
