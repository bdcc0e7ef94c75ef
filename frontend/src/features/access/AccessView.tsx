import { Page } from '../../shared/ui/Page';
import type { Role } from './api';
import { AuditPanel } from './AuditPanel';
import { PasswordPanel } from './PasswordPanel';
import { TokensPanel } from './TokensPanel';
import { UsersPanel } from './UsersPanel';

type Props = {
  user: string;
  role: Role;
  hasPassword: boolean;
  passwordIsInitial: boolean;
  onPasswordChanged: () => void;
};

/** Who may what, by which way, and who did what. */
export function AccessView({ user, role, hasPassword, passwordIsInitial, onPasswordChanged }: Props) {
  return (
    <Page title="Access" note={`You are ${user}, ${role}.`}>
      {hasPassword && <PasswordPanel user={user} initial={passwordIsInitial} onChanged={onPasswordChanged} />}
      {role === 'admin' && <UsersPanel self={user} />}
      {role !== 'viewer' && <TokensPanel role={role} mayMake={hasPassword} />}
      {role === 'admin' && <AuditPanel />}
    </Page>
  );
}
