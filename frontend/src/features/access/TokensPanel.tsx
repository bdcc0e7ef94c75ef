import { Button, CopyButton, Modal, NativeSelect, NumberInput, Stack, Text, TextInput } from '@mantine/core';
import { KeyRound } from 'lucide-react';
import { type SubmitEvent, useState } from 'react';
import { moment, UNKNOWN, visible } from '../../shared/format';
import { Ask } from '../../shared/ui/Ask';
import { DoneNote, ErrorNote } from '../../shared/ui/ErrorNote';
import { Empty, Loaded } from '../../shared/ui/Loaded';
import { Panel } from '../../shared/ui/Page';
import { Cell, Table } from '../../shared/ui/Table';
import styles from './Access.module.css';
import {
  addToken,
  type NewToken,
  revokeToken,
  type Role,
  rolesUpTo,
  type Token,
  useAccessChange,
  useTokens,
} from './api';

/** What scripts show instead of a session; an admin sees everybody's, others their own. Users of a provider make none. */
export function TokensPanel({ role, mayMake }: { role: Role; mayMake: boolean }) {
  const tokens = useTokens();
  const revoke = useAccessChange(revokeToken);
  const [adding, setAdding] = useState(false);
  const [revoked, setRevoked] = useState<Token | null>(null);
  return (
    <Panel
      flush
      title="Tokens"
      note="for scripts: Authorization: Bearer …"
      tools={
        mayMake && (
          <Button
            size="xs"
            variant="default"
            leftSection={<KeyRound aria-hidden size={14} />}
            onClick={() => setAdding(true)}
          >
            Make a token
          </Button>
        )
      }
    >
      <Loaded query={tokens} what="the tokens">
        {(known) =>
          known.length === 0 ? (
            <Empty>There is no token.</Empty>
          ) : (
            <Table
              label="Tokens"
              columns={[
                { name: 'Name' },
                { name: 'User' },
                { name: 'Role' },
                { name: 'Since' },
                { name: 'Expires' },
                { name: 'Last used' },
                { name: 'Actions', hidden: true },
              ]}
            >
              {known.map((token) => (
                <tr key={token.id}>
                  <th scope="row">{visible(token.name)}</th>
                  <Cell>{visible(token.user)}</Cell>
                  <Cell>{token.role}</Cell>
                  <Cell>{moment(token.createdAt)}</Cell>
                  <Cell>{token.expiresAt === null ? 'never' : moment(token.expiresAt)}</Cell>
                  <Cell>{token.lastUsedAt === null ? UNKNOWN : moment(token.lastUsedAt)}</Cell>
                  <Cell number>
                    <Button variant="default" size="xs" onClick={() => setRevoked(token)}>
                      Revoke<span className="spoken"> the token {visible(token.name)}</span>
                    </Button>
                  </Cell>
                </tr>
              ))}
            </Table>
          )
        }
      </Loaded>
      {adding && <MakeToken role={role} onClose={() => setAdding(false)} />}
      {revoked !== null && (
        <Ask
          title={`Revoke the token ${visible(revoked.name)}?`}
          effect="Scripts that show it are refused at once."
          verb={`Revoke ${visible(revoked.name)}`}
          dangerous
          run={() => revoke.mutateAsync(revoked.id)}
          onClose={() => setRevoked(null)}
        />
      )}
    </Panel>
  );
}

const MOST_DAYS = 366;

function MakeToken({ role, onClose }: { role: Role; onClose: () => void }) {
  const add = useAccessChange(addToken);
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const value = (name: string) => (event.currentTarget.elements.namedItem(name) as HTMLInputElement).value;
    add.mutate({ name: value('name'), role: value('role') as Role, days: Number(value('days')) });
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={<Text fw={650}>Make a token</Text>}
      centered
      closeOnClickOutside={!add.isSuccess}
    >
      {add.data === undefined ? (
        <form onSubmit={submit} aria-label="Make a token">
          <Stack>
            <TextInput
              name="name"
              label="Name"
              description="What it is for"
              autoComplete="off"
              required
              withAsterisk={false}
              data-autofocus
            />
            <NativeSelect name="role" label="Role" data={rolesUpTo(role)} />
            <NumberInput
              name="days"
              label="Days until it expires"
              defaultValue={90}
              min={1}
              max={MOST_DAYS}
              allowDecimal={false}
              clampBehavior="strict"
            />
            {add.error !== null && <ErrorNote>{add.error.message}</ErrorNote>}
            <Button type="submit" loading={add.isPending}>
              Make the token
            </Button>
          </Stack>
        </form>
      ) : (
        <Made token={add.data} onClose={onClose} />
      )}
    </Modal>
  );
}

/** The one time that the secret can be seen. */
function Made({ token, onClose }: { token: NewToken; onClose: () => void }) {
  return (
    <Stack>
      <DoneNote>The token {visible(token.name)} is made. Its secret is shown this once.</DoneNote>
      <div className={styles.secret}>
        <code aria-label="Secret">{token.secret}</code>
        <CopyButton value={token.secret}>
          {({ copied, copy }) => (
            <Button variant="default" size="xs" onClick={copy}>
              {copied ? 'Copied' : 'Copy'}
            </Button>
          )}
        </CopyButton>
      </div>
      <Button onClick={onClose}>I have kept it</Button>
    </Stack>
  );
}
