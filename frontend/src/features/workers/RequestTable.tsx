import { bytes, count, exact, short, visible } from '../../shared/format';
import { Cell, Table } from '../../shared/ui/Table';
import type { RecordedRequest } from './api';

type Props = { label: string; requests: RecordedRequest[]; withWorker: boolean };

/** Requests as the flight recorder has them. What a client sent is text and nothing else. */
export function RequestTable({ label, requests, withWorker }: Props) {
  return (
    <Table
      label={label}
      columns={[
        { name: 'Age', number: true },
        ...(withWorker ? [{ name: 'Worker', number: true }] : []),
        { name: 'Phase' },
        { name: 'Request' },
        { name: 'Client' },
        { name: 'Sent', number: true },
      ]}
    >
      {requests.map((request) => (
        <tr
          key={`${request.worker}-${request.pid}-${request.loop}-${request.connection}-${request.method}-${request.path}`}
        >
          <Cell number title={`in this phase for ${short(request.phaseSeconds)}`}>
            {short(request.ageSeconds)}
          </Cell>
          {withWorker && <Cell number>{request.worker}</Cell>}
          <Cell>{request.phase}</Cell>
          <Cell text title={`connection ${request.connection} of loop ${request.loop}`}>
            {visible(`${request.method} ${request.host}${request.path}`)}
          </Cell>
          <Cell>{visible(request.client)}</Cell>
          <Cell number title={`${exact(request.bytes)} bytes`}>
            {bytes(request.bytes)}
          </Cell>
        </tr>
      ))}
    </Table>
  );
}

/** What was finished last, with how it ended. */
export function FinishedTable({ label, requests }: { label: string; requests: RecordedRequest[] }) {
  return (
    <Table
      label={label}
      columns={[
        { name: 'Ago', number: true },
        { name: 'Took', number: true },
        { name: 'Status', number: true },
        { name: 'Request' },
        { name: 'Client' },
        { name: 'Sent', number: true },
      ]}
    >
      {requests.map((request, index) => (
        <tr key={index}>
          <Cell number>{short(request.phaseSeconds)}</Cell>
          <Cell number>{short(Math.max(0, request.ageSeconds - request.phaseSeconds))}</Cell>
          <Cell number>{count(request.status)}</Cell>
          <Cell text title={`connection ${request.connection} of loop ${request.loop}`}>
            {visible(`${request.method} ${request.host}${request.path}`)}
          </Cell>
          <Cell>{visible(request.client)}</Cell>
          <Cell number title={`${exact(request.bytes)} bytes`}>
            {bytes(request.bytes)}
          </Cell>
        </tr>
      ))}
    </Table>
  );
}
