import { Button, Progress } from '@mantine/core';
import { Check, CircleSlash, CircleX, Loader } from 'lucide-react';
import { useState } from 'react';
import { short, visible } from '../format';
import { abortOperation, type Operation, useOrder } from '../operations';
import { ErrorNote } from './ErrorNote';
import styles from './OperationProgress.module.css';

/** How a command for the whole farm gets on, and the way to end it early where there is one. */
export function OperationProgress({ operation, mayAbort }: { operation: Operation; mayAbort: boolean }) {
  const { action, state, progress, detail } = operation;
  const running = state === 'RUNNING';
  const share = progress.total === 0 ? 0 : (100 * progress.done) / progress.total;
  const name = nameOf(operation);
  return (
    <section className={`panel ${styles.operation ?? ''}`} data-tone={tones[state]} aria-label={name}>
      <div className={styles.line}>
        <span className={styles.sign}>{sign(state)}</span>
        <p className={styles.headline} role="status">
          <strong>{name}</strong> {stage(operation)}
        </p>
        {running && mayAbort && abortable(action) && <Abort operation={operation} />}
      </div>
      {running && progress.total > 0 && <Progress value={share} size="sm" aria-label={`${name}: progress`} />}
      {detail !== '' && <p className={styles.detail}>{visible(detail)}</p>}
    </section>
  );
}

function Abort({ operation }: { operation: Operation }) {
  const order = useOrder();
  const [asked, setAsked] = useState(false);
  const back = operation.rollout !== null;
  return (
    <>
      {order.error !== null && <ErrorNote>{order.error.message}</ErrorNote>}
      <Button
        variant="default"
        size="xs"
        loading={order.isPending}
        disabled={asked && order.error === null}
        onClick={() => {
          setAsked(true);
          order.mutate(() => abortOperation(operation.id));
        }}
      >
        {back ? `Turn back to generation ${operation.rollout?.from ?? ''}` : 'Abort after this worker'}
      </Button>
    </>
  );
}

function abortable(action: Operation['action']): boolean {
  return action === 'rolling-restart' || action === 'reload' || action === 'upgrade';
}

const tones: Record<Operation['state'], string> = {
  RUNNING: 'starting',
  DONE: 'good',
  FAILED: 'bad',
  ABORTED: 'moving',
};

function sign(state: Operation['state']) {
  switch (state) {
    case 'RUNNING':
      return <Loader role="img" aria-label="running" size={16} />;
    case 'DONE':
      return <Check role="img" aria-label="done" size={16} strokeWidth={3} />;
    case 'FAILED':
      return <CircleX role="img" aria-label="failed" size={16} />;
    case 'ABORTED':
      return <CircleSlash role="img" aria-label="aborted" size={16} />;
  }
}

export function nameOf({ action, slot, resize, rollout }: Operation): string {
  switch (action) {
    case 'rolling-restart':
      return 'Rolling restart';
    case 'scale':
      return resize === null ? 'Scaling' : `Scaling from ${resize.from} to ${resize.to} workers`;
    case 'rebalance':
      return 'Rebalancing';
    case 'reload':
      return rollout === null ? 'Reload' : `Generation ${rollout.to}`;
    case 'upgrade':
      return rollout === null ? 'Release' : `Release as generation ${rollout.to}`;
    case 'restart':
      return `Restart of worker ${slot ?? ''}`;
    case 'start':
      return `Start of worker ${slot ?? ''}`;
    case 'stop':
      return `Stop of worker ${slot ?? ''}`;
    case 'drain':
      return `Drain of worker ${slot ?? ''}`;
    case 'kill':
      return `Kill of worker ${slot ?? ''}`;
  }
}

function stage(operation: Operation): string {
  const { state, actor, startedAt, finishedAt } = operation;
  const took = finishedAt === null ? null : (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000;
  switch (state) {
    case 'RUNNING':
      return `by ${visible(actor)}: ${where(operation)}`;
    case 'DONE':
      return `by ${visible(actor)} done in ${short(took)}`;
    case 'FAILED':
      return `by ${visible(actor)} failed after ${short(took)}`;
    case 'ABORTED':
      return `by ${visible(actor)} aborted after ${short(took)}`;
  }
}

function where({ rollout, slot, waiting, progress }: Operation): string {
  const workers = `${progress.done} of ${progress.total} workers done`;
  const turn = slot === null ? '' : `, worker ${slot} has its turn`;
  const rest = waiting.length === 0 ? '' : `, then ${waiting.join(', ')}`;
  if (rollout === null) return `${workers}${turn}${rest}`;
  const note = rollout.note === '' ? '' : ` (${rollout.note})`;
  switch (rollout.phase) {
    case 'REHEARSING':
      return `rehearsed out of sight${note}`;
    case 'LISTENING':
      return `the master takes up its addresses${note}`;
    case 'MOVING':
      return `${workers}${turn}${rest}${note}`;
    case 'RETURNING':
      return `turns back to generation ${rollout.from}: ${workers}${note}`;
  }
}
