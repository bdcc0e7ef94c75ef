import { ActionIcon, Button, Menu } from '@mantine/core';
import { CirclePlay, CircleStop, Ellipsis, type LucideIcon, RotateCw, Skull, Waves } from 'lucide-react';
import { memo, useState } from 'react';
import { useOrder } from '../../shared/operations';
import { Ask } from '../../shared/ui/Ask';
import { type Act, acts } from './actions';
import { orderWorker, type Worker, type WorkerAction } from './api';
import styles from './WorkerActions.module.css';

const icons: Record<WorkerAction, LucideIcon> = {
  restart: RotateCw,
  start: CirclePlay,
  drain: Waves,
  stop: CircleStop,
  kill: Skull,
};

type Props = { worker: Worker; restarting: boolean; onSent: () => void };

/** What can be done to a worker, and a question before it. What follows a yes is told by the row. */
export function WorkerActions({ worker, restarting, onSent }: Props) {
  const [asked, setAsked] = useState<Act | null>(null);
  const order = useOrder();
  const possible = acts.filter((act) => act.applies(worker)).map(({ action }) => action);
  return (
    <div className={styles.actions}>
      <Buttons slot={worker.slot} possible={possible.join(' ')} restarting={restarting} onAsk={setAsked} />
      {asked !== null && (
        <Ask
          title={`${asked.verb} worker ${worker.slot}?`}
          effect={asked.effect(worker)}
          verb={`${asked.verb} worker ${worker.slot}`}
          dangerous={asked.dangerous}
          run={async () => {
            await order.mutateAsync(() => orderWorker(worker.slot, asked.action));
            onSent();
          }}
          onClose={() => setAsked(null)}
        />
      )}
    </div>
  );
}

type ButtonsProps = {
  slot: number;
  /** The actions that make sense now, as one text: it is the same as long as they are. */
  possible: string;
  restarting: boolean;
  onAsk: (act: Act) => void;
};

/** What one does most, as a button; the rest in a menu. Not drawn anew with each snapshot: with 64 workers that is felt. */
const Buttons = memo(function Buttons({ slot, possible, restarting, onAsk }: ButtonsProps) {
  const known = acts.filter(({ action }) => possible.split(' ').includes(action));
  const first = known.find(({ action }) => action === 'start') ?? known[0];
  const others = known.filter((act) => act !== first);
  return (
    <>
      {first !== undefined && <First act={first} slot={slot} restarting={restarting} onAsk={() => onAsk(first)} />}
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <ActionIcon variant="default" size={30} aria-label={`More for worker ${slot}`} disabled={others.length === 0}>
            <Ellipsis aria-hidden size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {others.map((act) => {
            const Icon = icons[act.action];
            return (
              <Menu.Item
                key={act.action}
                leftSection={<Icon aria-hidden size={15} />}
                onClick={() => onAsk(act)}
                {...(act.dangerous ? { className: styles.dangerous } : {})}
              >
                {act.verb} worker {slot}
              </Menu.Item>
            );
          })}
        </Menu.Dropdown>
      </Menu>
    </>
  );
});

type FirstProps = { act: Act; slot: number; restarting: boolean; onAsk: () => void };

function First({ act, slot, restarting, onAsk }: FirstProps) {
  const Icon = icons[act.action];
  const busy = restarting && act.action === 'restart';
  return (
    <Button
      variant="default"
      size="xs"
      leftSection={<Icon aria-hidden size={14} />}
      aria-label={busy ? `Worker ${slot} is restarting` : `${act.verb} worker ${slot}`}
      // Not `disabled`, which would take the focus away from whoever pressed it.
      aria-disabled={busy}
      {...(busy ? { 'data-disabled': true } : {})}
      onClick={() => busy || onAsk()}
    >
      {busy ? 'Restarting' : act.verb}
    </Button>
  );
}
