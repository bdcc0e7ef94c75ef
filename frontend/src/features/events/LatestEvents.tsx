import { Anchor } from '@mantine/core';
import { Link } from 'react-router';
import { Empty } from '../../shared/ui/Loaded';
import { Panel } from '../../shared/ui/Page';
import type { Event } from './api';
import { EventList } from './EventList';

const MOST_SHOWN = 8;

export function LatestEvents({ events }: { events: Event[] }) {
  return (
    <Panel
      title="Latest events"
      tools={
        <Anchor component={Link} to="/events" size="sm">
          All events
        </Anchor>
      }
    >
      {events.length === 0 ? (
        <Empty>Nothing has happened yet.</Empty>
      ) : (
        <EventList events={events.slice(-MOST_SHOWN).reverse()} />
      )}
    </Panel>
  );
}
