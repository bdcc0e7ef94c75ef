import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { type ReactNode, useEffect, useState } from 'react';
import { ErrorNote } from './ErrorNote';

type Answer = { kind: 'asking' } | { kind: 'sent' } | { kind: 'refused'; why: string };

type Props = {
  /** A question: "Stop worker 2?" */
  title: string;
  /** What a yes will do, in numbers if there are any. */
  effect: ReactNode;
  /** What the button says: the effect again, never "OK". */
  verb: string;
  dangerous?: boolean;
  run: () => Promise<unknown>;
  onClose: () => void;
};

/** The question before a command, and the answer if it is no. It is closed when the command was accepted. */
export function Ask({ title, effect, verb, dangerous = false, run, onClose }: Props) {
  const [answer, setAnswer] = useState<Answer>({ kind: 'asking' });
  const [asker] = useState(() => document.activeElement);

  // The dialog is gone, not closed, so it cannot give the focus back itself.
  useEffect(
    () => () => {
      if (asker instanceof HTMLElement) {
        asker.focus();
      }
    },
    [asker],
  );

  const send = () => {
    setAnswer({ kind: 'sent' });
    run().then(onClose, (problem: unknown) =>
      setAnswer({ kind: 'refused', why: problem instanceof Error ? problem.message : String(problem) }),
    );
  };

  return (
    <Modal opened onClose={onClose} title={<Text fw={650}>{title}</Text>} centered>
      <Stack>
        <Text size="sm" component="div">
          {effect}
        </Text>
        {answer.kind === 'refused' && <ErrorNote>{answer.why}</ErrorNote>}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            Cancel
          </Button>
          <Button onClick={send} loading={answer.kind === 'sent'} {...(dangerous ? { color: 'rust' } : {})}>
            {verb}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
