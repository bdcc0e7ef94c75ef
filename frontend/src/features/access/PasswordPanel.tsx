import { Button, Group, PasswordInput } from '@mantine/core';
import { type SubmitEvent, useState } from 'react';
import { Problem } from '../../shared/http';
import { DoneNote, ErrorNote, WarningNote } from '../../shared/ui/ErrorNote';
import { Panel } from '../../shared/ui/Page';
import { useChangePassword } from './api';
import styles from './Access.module.css';

type Props = { user: string; initial: boolean; onChanged: () => void };

/** One's own password. The browser holds the fields, with the names password managers look for. */
export function PasswordPanel({ user, initial, onChanged }: Props) {
  const change = useChangePassword();
  const [differ, setDiffer] = useState(false);

  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const value = (name: string) => (form.elements.namedItem(name) as HTMLInputElement).value;
    const same = value('next') === value('again');
    setDiffer(!same);
    if (!same) return;
    change.mutate(
      { current: value('current'), next: value('next') },
      {
        onSuccess: () => {
          form.reset();
          onChanged();
        },
      },
    );
  };

  return (
    <Panel title="Your password">
      <form className={styles.form} onSubmit={submit} aria-label="Change your password">
        {initial && (
          <WarningNote>Drover or somebody else has chosen this password. Choose one that only you know.</WarningNote>
        )}
        <input type="text" name="username" autoComplete="username" value={user} readOnly hidden />
        <div className={styles.fields}>
          <Secret name="current" label="Present password" autoComplete="current-password" />
          <Secret name="next" label="New password" autoComplete="new-password" />
          <Secret name="again" label="New password again" autoComplete="new-password" />
        </div>
        {differ && <ErrorNote>The new password was typed in two ways.</ErrorNote>}
        {!differ && change.error !== null && <ErrorNote>{sentence(change.error)}</ErrorNote>}
        {change.isSuccess && <DoneNote>Your password is changed. Your other sessions have ended.</DoneNote>}
        <Group>
          <Button type="submit" size="sm" loading={change.isPending}>
            Change the password
          </Button>
        </Group>
      </form>
    </Panel>
  );
}

export function Secret({ name, label, autoComplete }: { name: string; label: string; autoComplete: string }) {
  return (
    <PasswordInput
      name={name}
      label={label}
      autoComplete={autoComplete}
      required
      withAsterisk={false}
      visibilityToggleButtonProps={{ 'aria-label': `Show the ${label.toLowerCase()}`, tabIndex: 0 }}
    />
  );
}

function sentence(error: Error): string {
  return error instanceof Problem && error.status === 403
    ? `The present password is wrong. ${error.message}`
    : error.message;
}
