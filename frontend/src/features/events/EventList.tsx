import { Anchor } from '@mantine/core';
import { Link } from 'react-router';
import { moment, timeOfDay, visible } from '../../shared/format';
import type { Event } from './api';
import styles from './EventList.module.css';
import { toneOf, wordsOf } from './kinds';

/** What happened, in the order given. Details may hold what a client sent. */
export function EventList({ events, dates = false }: { events: Event[]; dates?: boolean }) {
  return (
    <ol className={styles.events}>
      {events.map((event) => (
        <li key={event.id} className={styles.event} data-tone={toneOf(event)}>
          <time className={styles.at} dateTime={event.at} title={moment(event.at)}>
            {dates ? moment(event.at) : timeOfDay(event.at)}
          </time>
          <span className={styles.what}>
            <span className={styles.kind}>
              {wordsOf(event.kind)}
              {event.cause != null && event.cause !== '' && ` · ${event.cause}`}
            </span>
            <span className={styles.who}>
              {event.slot != null && (
                <Anchor component={Link} to={`/workers/${event.slot}`} inherit>{`worker ${event.slot}`}</Anchor>
              )}
              {event.pid != null && <span>pid {event.pid}</span>}
              <span>by {visible(event.actor)}</span>
              {event.address != null && <span>from {visible(event.address)}</span>}
              {event.crash != null && (
                <Anchor component={Link} to={`/events/crashes/${encodeURIComponent(event.crash)}`} inherit>
                  crash report
                </Anchor>
              )}
            </span>
            {event.detail != null && event.detail !== '' && (
              <span className={styles.detail}>{visible(event.detail)}</span>
            )}
          </span>
        </li>
      ))}
    </ol>
  );
}
