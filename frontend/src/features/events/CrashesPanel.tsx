import { Anchor } from '@mantine/core';
import { Link } from 'react-router';
import { count, moment, visible } from '../../shared/format';
import { Empty, Loaded } from '../../shared/ui/Loaded';
import { Panel } from '../../shared/ui/Page';
import { Cell, Table } from '../../shared/ui/Table';
import { type CrashSummary, useCrashes } from './api';

/** Workers that crashed or hung, the latest first. */
export function CrashesPanel() {
  const crashes = useCrashes();
  return (
    <Panel flush title="Crash reports" note="the last 50, for 30 days">
      <Loaded query={crashes} what="the crash reports">
        {(reports) =>
          reports.length === 0 ? (
            <Empty>No worker has crashed or hung. May it stay so.</Empty>
          ) : (
            <Table
              label="Crash reports"
              columns={[
                { name: 'When' },
                { name: 'Worker', number: true },
                { name: 'Cause' },
                { name: 'Ended by' },
                { name: 'Process', number: true },
                { name: 'Requests under way', number: true },
              ]}
            >
              {reports.map((report) => (
                <tr key={report.id}>
                  <th scope="row">
                    <Anchor component={Link} to={`/events/crashes/${encodeURIComponent(report.id)}`} inherit>
                      {moment(report.at)}
                    </Anchor>
                  </th>
                  <Cell number>{report.worker.slot}</Cell>
                  <Cell>{visible(report.cause)}</Cell>
                  <Cell>{endOf(report)}</Cell>
                  <Cell number>{report.worker.pid}</Cell>
                  <Cell number>{count(report.requestsInFlight)}</Cell>
                </tr>
              ))}
            </Table>
          )
        }
      </Loaded>
    </Panel>
  );
}

export function endOf({ end }: CrashSummary): string {
  if (end === null) return 'still there';
  if (end.signal != null) return visible(end.signal);
  return end.exitCode == null ? 'unknown' : `exit code ${end.exitCode}`;
}
