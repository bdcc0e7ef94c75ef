import { Button, SegmentedControl, TextInput } from '@mantine/core';
import { useMemo, useState } from 'react';
import { count } from '../../shared/format';
import { Empty, Loaded } from '../../shared/ui/Loaded';
import { Page, Panel } from '../../shared/ui/Page';
import { useHeld } from '../../shared/useHeld';
import { type Event, useEvents } from './api';
import { CrashesPanel } from './CrashesPanel';
import { EventList } from './EventList';
import { filtered, groups } from './kinds';

const MOST_SHOWN = 200;

/** The journal, the latest first, and the crash reports that its events lead to. */
export function EventsPage() {
  const { data, ...query } = useEvents();
  const events = useHeld(data);
  const [words, setWords] = useState('');
  const [group, setGroup] = useState('All');
  return (
    <Page title="Events and crashes" note="What has happened to the farm and who had a hand in it.">
      <CrashesPanel />
      <Panel
        title="Events"
        tools={
          <>
            <SegmentedControl
              size="xs"
              aria-label="Kind of events"
              data={Object.keys(groups)}
              value={group}
              onChange={setGroup}
            />
            <TextInput
              size="xs"
              aria-label="Words in the events"
              placeholder="Words, such as worker 2 hang"
              value={words}
              onChange={(event) => setWords(event.currentTarget.value)}
            />
          </>
        }
      >
        <Loaded query={{ ...query, data: events }} what="the events">
          {(known) => <Filtered events={known} words={words} group={group} />}
        </Loaded>
      </Panel>
    </Page>
  );
}

function Filtered({ events, words, group }: { events: Event[]; words: string; group: string }) {
  const found = useMemo(() => filtered(events, { words, group }), [events, words, group]);
  const [shown, setShown] = useState(MOST_SHOWN);
  if (found.length === 0) {
    return <Empty>{events.length === 0 ? 'Nothing has happened yet.' : 'None of the events is of this kind.'}</Empty>;
  }
  return (
    <>
      <EventList events={found.slice(0, shown)} dates />
      {found.length > shown && (
        <Button variant="default" size="xs" mt="sm" onClick={() => setShown(shown + MOST_SHOWN)}>
          Show {count(Math.min(MOST_SHOWN, found.length - shown))} earlier ones
        </Button>
      )}
    </>
  );
}
