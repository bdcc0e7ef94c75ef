import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { RotateCw } from 'lucide-react';
import { useState } from 'react';
import { count } from '../../shared/format';
import { ErrorNote } from '../../shared/ui/ErrorNote';
import { useRestartWorker, type Worker } from './api';

type Restart = { kind: 'idle' } | { kind: 'asking' } | { kind: 'sent' } | { kind: 'refused'; why: string };

/** The button, the question before it, and the answer if it is no. What follows a yes is told by the trail. */
export function RestartWorker({ worker, running, onSent }: { worker: Worker; running: boolean; onSent: () => void }) {
  const [restart, setRestart] = useState<Restart>({ kind: 'idle' });
  const command = useRestartWorker();
  const close = () => setRestart({ kind: 'idle' });

  const send = () => {
    setRestart({ kind: 'sent' });
    command.mutate(worker.slot, {
      onSuccess: () => {
        close();
        onSent();
      },
      onError: (problem) => setRestart({ kind: 'refused', why: problem.message }),
    });
  };

  return (
    <>
      <Button
        variant="default"
        size="xs"
        leftSection={<RotateCw aria-hidden size={14} />}
        aria-label={running ? `Worker ${worker.slot} is restarting` : `Restart worker ${worker.slot}`}
        // Not `disabled`, which would take the focus away from whoever pressed it.
        aria-disabled={running}
        {...(running ? { 'data-disabled': true } : {})}
        onClick={() => running || setRestart({ kind: 'asking' })}
      >
        {running ? 'Restarting' : 'Restart'}
      </Button>
      <Modal
        opened={restart.kind !== 'idle'}
        onClose={close}
        title={<Text fw={650}>Restart worker {worker.slot}?</Text>}
        centered
      >
        <Stack>
          <Text size="sm">{effect(worker)}</Text>
          {restart.kind === 'refused' && <ErrorNote>{restart.why}</ErrorNote>}
          <Group justify="flex-end">
            <Button variant="default" onClick={close} data-autofocus>
              Cancel
            </Button>
            <Button onClick={send} loading={restart.kind === 'sent'}>
              Restart worker {worker.slot}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}

function effect({ connections: { reading, writing, idle }, pid }: Worker): string {
  const open = reading + writing + idle;
  const successor = 'New connections go to its successor as soon as that is up.';
  if (pid === null) return 'No process runs in this slot; a new one is started.';
  switch (open) {
    case 0:
      return `The old process, pid ${pid}, has no open connections. ${successor}`;
    case 1:
      return `Its 1 connection finishes on the old process, pid ${pid}. ${successor}`;
    default:
      return `Its ${count(open)} connections finish on the old process, pid ${pid}. ${successor}`;
  }
}
