import { Button, NumberInput, Text } from '@mantine/core';
import { RotateCw, Scale, SlidersHorizontal } from 'lucide-react';
import { useState } from 'react';
import { count } from '../../shared/format';
import { type Operation, useOrder } from '../../shared/operations';
import { Ask } from '../../shared/ui/Ask';
import { rebalance, restartAll, scale, type Worker } from './api';
import styles from './FarmActions.module.css';

const MOST_WORKERS = 64;

type Props = { wanted: number; workers: Worker[]; operations: Operation[]; onSent: () => void };

/** Commands for all workers. While one of them runs, its progress stands above the table. */
export function FarmActions({ wanted, workers, operations, onSent }: Props) {
  const [asked, setAsked] = useState<'restart' | 'scale' | 'rebalance' | null>(null);
  const [size, setSize] = useState(wanted);
  const order = useOrder();
  const rolling = operations.some(({ action, state }) => action === 'rolling-restart' && state === 'RUNNING');
  const send = async (command: () => Promise<Operation>) => {
    await order.mutateAsync(command);
    onSent();
  };
  const close = () => setAsked(null);
  const idle = workers.reduce((sum, { connections }) => sum + connections.idle, 0);
  const moved = workers.filter((worker) => worker.wanted === 'UP').length;
  return (
    <Button.Group className={styles.actions ?? ''}>
      <Button
        variant="default"
        size="xs"
        leftSection={<RotateCw aria-hidden size={14} />}
        disabled={rolling}
        onClick={() => setAsked('restart')}
      >
        Rolling restart
      </Button>
      <Button
        variant="default"
        size="xs"
        leftSection={<SlidersHorizontal aria-hidden size={14} />}
        onClick={() => {
          setSize(wanted);
          setAsked('scale');
        }}
      >
        Scale
      </Button>
      <Button
        variant="default"
        size="xs"
        leftSection={<Scale aria-hidden size={14} />}
        onClick={() => setAsked('rebalance')}
      >
        Rebalance
      </Button>
      {asked === 'restart' && (
        <Ask
          title="Restart all workers?"
          effect={`${count(moved)} workers are restarted one after the other. Each one's connections go on with the others; nothing is cut off. It can be aborted.`}
          verb={`Restart ${count(moved)} workers`}
          run={() => send(restartAll)}
          onClose={close}
        />
      )}
      {asked === 'scale' && (
        <Ask
          title="How many workers?"
          effect={
            <>
              <NumberInput
                label="Workers"
                value={size}
                onChange={(value) => setSize(Number(value))}
                min={1}
                max={MOST_WORKERS}
                allowDecimal={false}
                clampBehavior="strict"
                data-autofocus
              />
              <Text size="sm" mt="sm" role="status">
                {scaled(wanted, size)}
              </Text>
            </>
          }
          verb={`Scale to ${size}`}
          dangerous={size < wanted}
          run={() => send(() => scale(size))}
          onClose={close}
        />
      )}
      {asked === 'rebalance' && (
        <Ask
          title="Rebalance the connections?"
          effect={`Connections are spread evenly over the workers; ${count(idle)} are idle and move at once, others as soon as their request is answered.`}
          verb="Rebalance"
          run={() => send(rebalance)}
          onClose={close}
        />
      )}
    </Button.Group>
  );
}

function scaled(from: number, to: number): string {
  if (to === from) return `There are ${from} now.`;
  if (to > from) return `Workers ${from + 1} to ${to} are started; connections are spread over them.`;
  return to === from - 1
    ? `Worker ${from} drains: its connections go on with the others.`
    : `Workers ${to + 1} to ${from} drain: their connections go on with the others.`;
}
