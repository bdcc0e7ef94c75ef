import { Button, Modal, NativeSelect, Stack, Text, TextInput } from '@mantine/core';
import { UserPlus } from 'lucide-react';
import { type SubmitEvent, useState } from 'react';
import { moment, UNKNOWN, visible } from '../../shared/format';
import { Ask } from '../../shared/ui/Ask';
import { ErrorNote } from '../../shared/ui/ErrorNote';
import { Loaded } from '../../shared/ui/Loaded';
import { Panel } from '../../shared/ui/Page';
import { Cell, Table } from '../../shared/ui/Table';
import { addUser, changeUser, removeUser, type Role, roles, useAccessChange, type User, useUsers } from './api';
import { Secret } from './PasswordPanel';

type Asked = { kind: 'none' } | { kind: 'add' } | { kind: 'role' | 'password' | 'remove'; user: User };

/** Who may sign in, and as what. */
export function UsersPanel({ self }: { self: string }) {
  const users = useUsers();
  const [asked, setAsked] = useState<Asked>({ kind: 'none' });
  const close = () => setAsked({ kind: 'none' });
  return (
    <Panel
      flush
      title="Users"
      tools={
        <Button
          size="xs"
          variant="default"
          leftSection={<UserPlus aria-hidden size={14} />}
          onClick={() => setAsked({ kind: 'add' })}
        >
          Add a user
        </Button>
      }
    >
      <Loaded query={users} what="the users">
        {(known) => (
          <Table
            label="Users"
            columns={[
              { name: 'Name' },
              { name: 'Role' },
              { name: 'Since' },
              { name: 'Last sign-in' },
              { name: 'Actions', hidden: true },
            ]}
          >
            {known.map((user) => (
              <tr key={user.name}>
                <th scope="row">
                  {visible(user.name)}
                  {user.name === self && ' (you)'}
                </th>
                <Cell>{user.role}</Cell>
                <Cell>{moment(user.createdAt)}</Cell>
                <Cell>{user.lastLoginAt === null ? UNKNOWN : moment(user.lastLoginAt)}</Cell>
                <Cell number>
                  <Button.Group style={{ justifyContent: 'flex-end' }}>
                    <UserButton
                      verb="Change the role"
                      whom={` of ${user.name}`}
                      onClick={() => setAsked({ kind: 'role', user })}
                    />
                    {user.name !== self && (
                      <UserButton
                        verb="Set the password"
                        whom={` of ${user.name}`}
                        onClick={() => setAsked({ kind: 'password', user })}
                      />
                    )}
                    {user.name !== self && (
                      <UserButton
                        verb="Remove"
                        whom={` ${user.name}`}
                        onClick={() => setAsked({ kind: 'remove', user })}
                      />
                    )}
                  </Button.Group>
                </Cell>
              </tr>
            ))}
          </Table>
        )}
      </Loaded>
      <Dialog asked={asked} onClose={close} />
    </Panel>
  );
}

function UserButton({ verb, whom, onClick }: { verb: string; whom: string; onClick: () => void }) {
  return (
    <Button variant="default" size="xs" onClick={onClick}>
      {verb}
      <span className="spoken">{visible(whom)}</span>
    </Button>
  );
}

function Dialog({ asked, onClose }: { asked: Asked; onClose: () => void }) {
  switch (asked.kind) {
    case 'none':
      return null;
    case 'add':
      return <AddUser onClose={onClose} />;
    case 'role':
      return <ChangeRole user={asked.user} onClose={onClose} />;
    case 'password':
      return <SetPassword user={asked.user} onClose={onClose} />;
    case 'remove':
      return <RemoveUser user={asked.user} onClose={onClose} />;
  }
}

function AddUser({ onClose }: { onClose: () => void }) {
  const add = useAccessChange(addUser);
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const value = (name: string) => (event.currentTarget.elements.namedItem(name) as HTMLInputElement).value;
    add.mutate(
      { name: value('name'), role: value('role') as Role, password: value('password') },
      { onSuccess: onClose },
    );
  };
  return (
    <Modal opened onClose={onClose} title={<Text fw={650}>Add a user</Text>} centered>
      <form onSubmit={submit} aria-label="Add a user">
        <Stack>
          <TextInput name="name" label="Name" autoComplete="off" required withAsterisk={false} data-autofocus />
          <NativeSelect name="role" label="Role" data={[...roles]} />
          <Secret name="password" label="Password" autoComplete="new-password" />
          {add.error !== null && <ErrorNote>{add.error.message}</ErrorNote>}
          <Button type="submit" loading={add.isPending}>
            Add the user
          </Button>
        </Stack>
      </form>
    </Modal>
  );
}

function ChangeRole({ user, onClose }: { user: User; onClose: () => void }) {
  const change = useAccessChange(changeUser);
  const [role, setRole] = useState<Role>(user.role);
  return (
    <Ask
      title={`Change the role of ${visible(user.name)}?`}
      effect={
        <Stack gap="sm">
          <NativeSelect
            label="Role"
            data={[...roles]}
            value={role}
            onChange={(event) => setRole(roles.find((known) => known === event.currentTarget.value) ?? user.role)}
          />
          <span>The sessions of {visible(user.name)} end; whoever it is signs in again.</span>
        </Stack>
      }
      verb={`Make ${visible(user.name)} ${role}`}
      run={() => change.mutateAsync({ name: user.name, role })}
      onClose={onClose}
    />
  );
}

function SetPassword({ user, onClose }: { user: User; onClose: () => void }) {
  const change = useAccessChange(changeUser);
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const { value } = event.currentTarget.elements.namedItem('password') as HTMLInputElement;
    change.mutate({ name: user.name, password: value }, { onSuccess: onClose });
  };
  return (
    <Modal opened onClose={onClose} title={<Text fw={650}>Set the password of {visible(user.name)}</Text>} centered>
      <form onSubmit={submit} aria-label={`Set the password of ${user.name}`}>
        <Stack>
          <Secret name="password" label="Password" autoComplete="new-password" />
          <Text size="sm">The sessions of {visible(user.name)} end.</Text>
          {change.error !== null && <ErrorNote>{change.error.message}</ErrorNote>}
          <Button type="submit" loading={change.isPending}>
            Set the password
          </Button>
        </Stack>
      </form>
    </Modal>
  );
}

function RemoveUser({ user, onClose }: { user: User; onClose: () => void }) {
  const remove = useAccessChange(removeUser);
  return (
    <Ask
      title={`Remove ${visible(user.name)}?`}
      effect={`Sessions and tokens of ${visible(user.name)} end at once. What was done under this name stays in the audit.`}
      verb={`Remove ${visible(user.name)}`}
      dangerous
      run={() => remove.mutateAsync(user.name)}
      onClose={onClose}
    />
  );
}
