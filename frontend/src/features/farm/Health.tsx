import { CircleCheck, CircleX, TriangleAlert } from 'lucide-react';
import { duration, moment, secondsBetween } from '../../shared/format';
import { StatePill } from '../../shared/ui/StatePill';
import type { Health as HealthState, Status } from './api';
import styles from './Health.module.css';

/** The one sentence, and the facts one asks for next. */
export function Health({ status }: { status: Status }) {
  const { health, master, listening, version, startedAt, at } = status;
  return (
    <section className={styles.health} data-tone={tones[health.state]} aria-label="Health">
      <span className={styles.icon}>{icon(health.state)}</span>
      <div>
        <div role="status">
          <h1 className={styles.sentence}>{health.sentence}</h1>
        </div>
        <dl className={styles.facts}>
          <Fact name="Listening on">{listening.length === 0 ? 'no address' : listening.join(', ')}</Fact>
          <Fact name="Master">
            <StatePill state={master.state} size="small" />
            {master.pid !== null && <span title={moment(master.startedAt)}>pid {master.pid}</span>}
          </Fact>
          <Fact name="Up for">
            <span title={`since ${moment(startedAt)}`}>{duration(secondsBetween(startedAt, at))}</span>
          </Fact>
          <Fact name="Version">{version}</Fact>
        </dl>
      </div>
    </section>
  );
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

const tones: Record<HealthState['state'], string> = { ok: 'good', degraded: 'moving', down: 'bad' };

function icon(state: HealthState['state']) {
  switch (state) {
    case 'ok':
      return <CircleCheck role="img" aria-label="ok" size={30} />;
    case 'degraded':
      return <TriangleAlert role="img" aria-label="degraded" size={30} />;
    case 'down':
      return <CircleX role="img" aria-label="down" size={30} />;
  }
}
