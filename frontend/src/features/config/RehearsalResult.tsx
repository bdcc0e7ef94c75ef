import { count, visible } from '../../shared/format';
import { Panel } from '../../shared/ui/Page';
import { Cell, Table } from '../../shared/ui/Table';
import type { Outcome, Rehearsal } from './api';

/** The recorded requests that would be answered otherwise. */
export function RehearsalResult({ rehearsal: { requests, compared, differences } }: { rehearsal: Rehearsal }) {
  return (
    <Panel
      flush
      title="Rehearsal"
      note={`${count(differences.length)} of ${count(compared)} addresses would be answered otherwise; from the last ${count(requests)} requests`}
    >
      <Table label="Rehearsal" columns={[{ name: 'Address' }, { name: 'Now' }, { name: 'Then' }]}>
        {differences.map(({ host, path, before, after }) => (
          <tr key={`${host}${path}`}>
            <Cell text>{visible(`${host}${path}`)}</Cell>
            <Cell>{outcome(before)}</Cell>
            <Cell>{outcome(after)}</Cell>
          </tr>
        ))}
      </Table>
    </Panel>
  );
}

function outcome({ status, location }: Outcome): string {
  const answer = status === null ? 'no answer' : String(status);
  return location == null ? answer : `${answer} to ${visible(location)}`;
}
