import { ActionIcon, Button, Menu } from '@mantine/core';
import { CirclePlay, CircleStop, Ellipsis, type LucideIcon, RotateCw, Skull, Waves } from 'lucide-react';
import { useState } from 'react';
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

/** What one does most, as a button; the rest in a menu; a question before each. What follows a yes is told by the row. */
export function WorkerActions({ worker, restarting, onSent }: Props) {
  const [asked, setAsked] = useState<Act | null>(null);
  const order = useOrder();
  const possible = acts.filter((act) => act.applies(worker));
  const first = possible.find(({ action }) => action === 'start') ?? possible[0];
  const others = possible.filter((act) => act !== first);
  return (
    <div className={styles.actions}>
      {first !== undefined && (
        <First act={first} worker={worker} restarting={restarting} onAsk={() => setAsked(first)} />
      )}
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <ActionIcon
            variant="default"
            size={30}
            aria-label={`More for worker ${worker.slot}`}
            disabled={others.length === 0}
          >
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
                onClick={() => setAsked(act)}
                {...(act.dangerous ? { className: styles.dangerous } : {})}
              >
                {act.verb} worker {worker.slot}
              </Menu.Item>
            );
          })}
        </Menu.Dropdown>
      </Menu>
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

function First({
  act,
  worker,
  restarting,
  onAsk,
}: {
  act: Act;
  worker: Worker;
  restarting: boolean;
  onAsk: () => void;
}) {
  const Icon = icons[act.action];
  const busy = restarting && act.action === 'restart';
  return (
    <Button
      variant="default"
      size="xs"
      leftSection={<Icon aria-hidden size={14} />}
      aria-label={busy ? `Worker ${worker.slot} is restarting` : `${act.verb} worker ${worker.slot}`}
      // Not `disabled`, which would take the focus away from whoever pressed it.
      aria-disabled={busy}
      {...(busy ? { 'data-disabled': true } : {})}
      onClick={() => busy || onAsk()}
    >
      {busy ? 'Restarting' : act.verb}
    </Button>
  );
}
