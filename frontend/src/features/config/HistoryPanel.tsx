import { Button, Modal, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { moment, visible } from '../../shared/format';
import { useOrder } from '../../shared/operations';
import { Ask } from '../../shared/ui/Ask';
import { Code } from '../../shared/ui/Code';
import { Loaded } from '../../shared/ui/Loaded';
import { Panel } from '../../shared/ui/Page';
import { Cell, Table } from '../../shared/ui/Table';
import { type Generation, rollBack, useDiff, useGeneration, useGenerations } from './api';
import { Changes } from './Changes';
import { Verdict } from './Verdict';

type Props = { current: number; mayOperate: boolean };

/** Every generation that was tried, the latest first; each can be looked at and, if it once ran, be taken up again. */
export function HistoryPanel({ current, mayOperate }: Props) {
  const generations = useGenerations();
  const [shown, setShown] = useState<number | null>(null);
  const [back, setBack] = useState<Generation | null>(null);
  const order = useOrder();
  return (
    <Panel flush title="Generations" note="20 are kept">
      <Loaded query={generations} what="the generations">
        {(known) => (
          <Table
            label="Generations"
            columns={[
              { name: 'Number', number: true },
              { name: 'When' },
              { name: 'By' },
              { name: 'Origin' },
              { name: 'Worker' },
              { name: 'Verdict' },
              { name: 'What was said' },
              { name: 'Actions', hidden: true },
            ]}
          >
            {known.map((one) => (
              <tr key={one.number} aria-current={one.number === current}>
                <Cell number>
                  <strong>{one.number}</strong>
                </Cell>
                <Cell>{moment(one.at)}</Cell>
                <Cell>{visible(one.actor)}</Cell>
                <Cell>{one.origin}</Cell>
                <Cell>{visible(one.worker)}</Cell>
                <Cell>
                  <Verdict verdict={one.verdict} runs={one.number === current} />
                </Cell>
                <td style={{ whiteSpace: 'normal', minWidth: '12rem' }}>{visible(one.detail)}</td>
                <Cell number>
                  <Button.Group style={{ justifyContent: 'flex-end' }}>
                    <Button variant="default" size="xs" onClick={() => setShown(one.number)}>
                      Show<span className="spoken"> generation {one.number}</span>
                    </Button>
                    {mayOperate && one.number !== current && one.verdict === 'ACCEPTED' && (
                      <Button variant="default" size="xs" onClick={() => setBack(one)}>
                        Roll back<span className="spoken"> to generation {one.number}</span>
                      </Button>
                    )}
                  </Button.Group>
                </Cell>
              </tr>
            ))}
          </Table>
        )}
      </Loaded>
      {shown !== null && <Shown number={shown} onClose={() => setShown(null)} />}
      {back !== null && (
        <Ask
          title={`Roll back to generation ${back.number}?`}
          effect={<BackTo generation={back} />}
          verb={`Roll back to generation ${back.number}`}
          dangerous
          run={() => order.mutateAsync(() => rollBack(back.number))}
          onClose={() => setBack(null)}
        />
      )}
    </Panel>
  );
}

function BackTo({ generation }: { generation: Generation }) {
  const diff = useDiff(generation.number);
  return (
    <Stack gap="sm">
      <span>
        Its text and worker {visible(generation.worker)} are taken up as a new generation, even if something is found no
        more. The workers follow one by one, and no connection is closed.
      </span>
      <Loaded query={diff} what="what it changes">
        {({ changes }) => <Changes changes={changes} />}
      </Loaded>
    </Stack>
  );
}

function Shown({ number, onClose }: { number: number; onClose: () => void }) {
  const generation = useGeneration(number);
  const diff = useDiff(number);
  return (
    <Modal opened onClose={onClose} size="xl" title={<Text fw={650}>Generation {number}</Text>} centered>
      <Stack>
        <Loaded query={diff} what="what differs from what runs">
          {({ changes }) => <Changes changes={changes} />}
        </Loaded>
        <Loaded query={generation} what="its text">
          {({ text }) => <Code label={`Text of generation ${number}`} lines={text.split('\n')} />}
        </Loaded>
      </Stack>
    </Modal>
  );
}
