import { Anchor } from '@mantine/core';
import { Link, useParams } from 'react-router';
import { bytes, count, duration, moment, rate, secondsBetween, short, timeOfDay, visible } from '../../shared/format';
import { Code } from '../../shared/ui/Code';
import { Facts } from '../../shared/ui/Facts';
import { Empty, Loaded } from '../../shared/ui/Loaded';
import { Page, Panel } from '../../shared/ui/Page';
import { FinishedTable, RequestTable } from '../../shared/ui/RequestTable';
import { Cell, Table } from '../../shared/ui/Table';
import { type CrashReport, type CrashSecond, useCrash } from './api';
import { endOf } from './CrashesPanel';

/** One crash report in full; which request hurt stands first. */
export function CrashPage() {
  const { id = '' } = useParams();
  const crash = useCrash(id);
  return (
    <Page
      title={
        crash.data === undefined ? 'Crash report' : `Worker ${crash.data.worker.slot}: ${visible(crash.data.cause)}`
      }
      note={visible(id)}
      tools={
        <Anchor component={Link} to="/events" size="sm">
          All events and crashes
        </Anchor>
      }
    >
      <Loaded query={crash} what="this crash report">
        {(report) => <Report report={report} />}
      </Loaded>
    </Page>
  );
}

function Report({ report }: { report: CrashReport }) {
  const { worker, inFlight, finished, lastMinute, log, threads, errorFile } = report;
  return (
    <>
      <Panel title="What happened">
        <Facts
          facts={[
            ['Found', moment(report.at)],
            ['Cause', visible(report.cause)],
            ['Ended by', endOf(report)],
            ['Process', `pid ${worker.pid}, seat ${worker.seat}, generation ${worker.generation}`],
            ['Version', visible(worker.version)],
            ['Had been up for', duration(secondsBetween(worker.startedAt, report.at))],
          ]}
        />
      </Panel>
      <Panel flush title="Requests under way" note={`${count(report.requestsInFlight)}, the oldest first`}>
        {inFlight.length === 0 ? (
          <Empty>It was at no request.</Empty>
        ) : (
          <RequestTable label="Requests under way" requests={inFlight} />
        )}
      </Panel>
      <Panel flush title="Finished last" note="the last first">
        {finished.length === 0 ? (
          <Empty>It had finished no request.</Empty>
        ) : (
          <FinishedTable label="Finished last" requests={finished} since="Before" />
        )}
      </Panel>
      <Panel flush title="Its last minute">
        {lastMinute.length === 0 ? <Empty>Admin did not see it.</Empty> : <LastMinute seconds={lastMinute} />}
      </Panel>
      {threads.length > 0 && (
        <Panel title="Threads">
          <Code label="Threads" lines={threads} />
        </Panel>
      )}
      {errorFile.length > 0 && (
        <Panel title="What the JVM wrote of its crash">
          <Code label="Error file" lines={errorFile} />
        </Panel>
      )}
      <Panel title="Log" note="the slot's last lines">
        {log.length === 0 ? <Empty>It had written nothing.</Empty> : <Code label="Log" lines={log} />}
      </Panel>
    </>
  );
}

function LastMinute({ seconds }: { seconds: CrashSecond[] }) {
  return (
    <Table
      label="Its last minute"
      columns={[
        { name: 'When' },
        { name: 'Requests/s', number: true },
        { name: 'Reading', number: true },
        { name: 'Writing', number: true },
        { name: 'Idle', number: true },
        { name: 'Waiting for a file', number: true },
        { name: 'Heap', number: true },
        { name: 'Loop lag', number: true },
      ]}
    >
      {seconds.toReversed().map((second) => (
        <tr key={second.at}>
          <th scope="row" title={moment(second.at)}>
            {timeOfDay(second.at)}
          </th>
          <Cell number>{rate(second.requestsPerSecond)}</Cell>
          <Cell number>{count(second.reading)}</Cell>
          <Cell number>{count(second.writing)}</Cell>
          <Cell number>{count(second.idle)}</Cell>
          <Cell number>{count(second.fileQueue)}</Cell>
          <Cell number>{bytes(second.heapBytes)}</Cell>
          <Cell number>{short(second.loopLagSeconds)}</Cell>
        </tr>
      ))}
    </Table>
  );
}
