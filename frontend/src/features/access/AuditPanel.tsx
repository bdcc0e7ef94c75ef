import { Button, TextInput } from '@mantine/core';
import { useMemo, useState } from 'react';
import { count, moment, visible } from '../../shared/format';
import { Empty, Loaded } from '../../shared/ui/Loaded';
import { Panel } from '../../shared/ui/Page';
import { Cell, Table } from '../../shared/ui/Table';
import { useHeld } from '../../shared/useHeld';
import { type AuditLine, useAudit } from './api';

const MOST_SHOWN = 50;

/** Who did or tried what, the latest first. */
export function AuditPanel() {
  const { data, ...query } = useAudit();
  const lines = useHeld(data);
  const [words, setWords] = useState('');
  return (
    <Panel
      flush
      title="Audit"
      note="every sign-in and every change"
      tools={
        <TextInput
          size="xs"
          aria-label="Words in the audit"
          placeholder="Words, such as anna refused"
          value={words}
          onChange={(event) => setWords(event.currentTarget.value)}
        />
      }
    >
      <Loaded query={{ ...query, data: lines }} what="the audit">
        {(known) => <Lines lines={known} words={words} />}
      </Loaded>
    </Panel>
  );
}

function Lines({ lines, words }: { lines: AuditLine[]; words: string }) {
  const [shown, setShown] = useState(MOST_SHOWN);
  const found = useMemo(() => matching(lines, words), [lines, words]);
  if (found.length === 0) {
    return <Empty>{lines.length === 0 ? 'Nobody has done anything yet.' : 'No line holds these words.'}</Empty>;
  }
  return (
    <>
      <Table
        label="Audit"
        columns={[
          { name: 'When' },
          { name: 'Who' },
          { name: 'From' },
          { name: 'Did' },
          { name: 'To' },
          { name: 'Outcome' },
          { name: 'Detail' },
        ]}
      >
        {found.slice(0, shown).map(({ id, at, user, address, action, target, outcome, detail }) => (
          <tr key={id}>
            <Cell>{moment(at)}</Cell>
            <Cell>{visible(user)}</Cell>
            <Cell>{visible(address)}</Cell>
            <Cell>{visible(action)}</Cell>
            <Cell>{visible(target)}</Cell>
            <Cell>{visible(outcome)}</Cell>
            <td style={{ whiteSpace: 'normal', overflowWrap: 'anywhere', minWidth: '12rem' }}>
              {visible(detail ?? '')}
            </td>
          </tr>
        ))}
      </Table>
      {found.length > shown && (
        <Button variant="default" size="xs" m="md" onClick={() => setShown(shown + MOST_SHOWN)}>
          Show {count(Math.min(MOST_SHOWN, found.length - shown))} earlier ones
        </Button>
      )}
    </>
  );
}

/** The latest first, each holding all of the words somewhere. */
function matching(lines: AuditLine[], words: string): AuditLine[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  const textOf = (line: AuditLine) =>
    [line.user, line.address, line.action, line.target, line.outcome, line.detail].join(' ').toLowerCase();
  return lines.filter((line) => wanted.every((word) => textOf(line).includes(word))).reverse();
}
