import { Check, CircleX, Loader } from 'lucide-react';
import styles from './RestartTrail.module.css';
import type { Step, Trail } from './trail';

type Stage = 'STARTING' | 'DRAINING' | 'UP';

const tones: Record<Stage, string> = { STARTING: 'starting', DRAINING: 'moving', UP: 'good' };
const way: Stage[] = ['STARTING', 'DRAINING', 'UP'];

/** A restart as it happens: which state was reached when, and what each process does in it. */
export function RestartTrail({ trail }: { trail: Trail }) {
  const { operation, steps } = trail;
  return (
    <section className={styles.trail} aria-label={`Restart of worker ${operation.slot}`}>
      <p className={styles.headline} role="status">
        {headline(trail)}
      </p>
      {operation.state === 'FAILED' || operation.state === 'ABORTED' ? (
        <p className={styles.failure}>
          <CircleX aria-hidden size={16} /> {operation.detail}
        </p>
      ) : (
        steps.length > 0 && (
          <ol className={styles.way}>
            {way.map((state) => (
              <Station key={state} state={state} reached={reachedAt(steps, state)} trail={trail} />
            ))}
          </ol>
        )
      )}
    </section>
  );
}

type Progress = 'ahead' | 'now' | 'done';

function Station({ state, reached, trail }: { state: Stage; reached: Step | undefined; trail: Trail }) {
  const over = trail.operation.state === 'DONE';
  const progress: Progress = over || overtaken(trail.steps, state) ? 'done' : reached ? 'now' : 'ahead';
  return (
    <li
      className={styles.station}
      data-progress={progress}
      data-tone={progress === 'done' ? 'good' : tones[state]}
      aria-current={progress === 'now' ? 'step' : undefined}
    >
      <span className={styles.sign}>{sign(progress)}</span>
      <span className={styles.state}>
        {state}
        {reached && <span className={styles.clock}>after {reached.seconds.toFixed(1)} s</span>}
      </span>
      <span className={styles.what}>{what(state, trail)}</span>
    </li>
  );
}

function sign(progress: Progress) {
  switch (progress) {
    case 'done':
      return <Check role="img" aria-label="done" size={14} strokeWidth={3} />;
    case 'now':
      return <Loader role="img" aria-label="now" size={14} strokeWidth={2.5} />;
    case 'ahead':
      return null;
  }
}

function reachedAt(steps: Step[], state: Stage): Step | undefined {
  return steps.findLast((step) => step.state === state);
}

/** Quick states can fall between two snapshots; a later one shows that they are over. */
function overtaken(steps: Step[], state: Stage): boolean {
  return steps.some((step) => way.findIndex((stage) => stage === step.state) > way.indexOf(state));
}

function what(state: Stage, { predecessor, successor }: Trail): string {
  const old = predecessor === null ? 'the old process' : `pid ${predecessor}`;
  const next = successor === null ? 'the new process' : `pid ${successor}`;
  switch (state) {
    case 'STARTING':
      return `${next} starts, ${old} serves on`;
    case 'DRAINING':
      return `${next} serves, ${old} finishes its connections`;
    case 'UP':
      return `${next} serves alone`;
  }
}

function headline({ operation, predecessor, successor }: Trail): string {
  const who = `Restart of worker ${operation.slot} by ${operation.actor}`;
  const pids = predecessor !== null && successor !== null ? `: pid ${predecessor} → ${successor}` : '';
  switch (operation.state) {
    case 'RUNNING':
      return `${who}${pids}`;
    case 'DONE':
      return `${who} done in ${took(operation.startedAt, operation.finishedAt)} s${pids}`;
    case 'FAILED':
      return `${who} failed`;
    case 'ABORTED':
      return `${who} aborted`;
  }
}

function took(startedAt: string, finishedAt: string | null): string {
  return finishedAt === null ? '?' : ((Date.parse(finishedAt) - Date.parse(startedAt)) / 1000).toFixed(1);
}
