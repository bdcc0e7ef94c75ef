import { Button, Divider, PasswordInput, TextInput } from '@mantine/core';
import { type SubmitEvent, useEffect, useState } from 'react';
import { Problem } from '../../shared/http';
import { CenteredPage } from '../../shared/ui/CenteredPage';
import { ErrorNote } from '../../shared/ui/ErrorNote';
import { refusedSignIn, useLogin, useSignIn } from './api';
import styles from './LoginPage.module.css';

/** A plain form with the names password managers look for; the browser holds the fields, not React. */
export function LoginPage() {
  const login = useLogin();
  const singleSignOn = useSignIn().data?.singleSignOn;
  const [refused] = useState(() => refusedSignIn(window.location.search));
  // Said once: neither a reload nor the next one who signs in here should read it again.
  useEffect(() => {
    if (refused !== undefined) window.history.replaceState(window.history.state, '', window.location.pathname);
  }, [refused]);

  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const password = event.currentTarget.elements.namedItem('password') as HTMLInputElement;
    login.mutate(
      { username: text(fields, 'username'), password: text(fields, 'password') },
      { onError: () => password.select() },
    );
  };

  return (
    <CenteredPage>
      <form className={`panel ${styles.form ?? ''}`} onSubmit={submit} aria-label="Sign in">
        {login.error ? <ErrorNote>{sentence(login.error)}</ErrorNote> : refused && <ErrorNote>{refused}</ErrorNote>}
        <TextInput name="username" label="User name" autoComplete="username" autoFocus required withAsterisk={false} />
        <PasswordInput
          name="password"
          label="Password"
          autoComplete="current-password"
          required
          withAsterisk={false}
          visibilityToggleButtonProps={{ 'aria-label': 'Show password', tabIndex: 0 }}
        />
        <Button type="submit" fullWidth mt="xs" loading={login.isPending}>
          Sign in
        </Button>
        {singleSignOn && (
          <>
            <Divider label="or" />
            <Button component="a" href={singleSignOn.path} variant="default" fullWidth>
              Sign in with {singleSignOn.name}
            </Button>
          </>
        )}
      </form>
    </CenteredPage>
  );
}

function text(fields: FormData, name: string): string {
  const value = fields.get(name);
  return typeof value === 'string' ? value : '';
}

function sentence(error: Error): string {
  if (!(error instanceof Problem)) return error.message;
  switch (error.status) {
    case 401:
      return 'User name or password is wrong.';
    case 429:
      return `Too many attempts. ${error.message}`;
    default:
      return error.message;
  }
}
