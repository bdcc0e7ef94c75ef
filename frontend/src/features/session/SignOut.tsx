import { ActionIcon, Tooltip } from '@mantine/core';
import { LogOut } from 'lucide-react';
import { useLogout } from './api';

export function SignOut({ user }: { user: string }) {
  const logout = useLogout();
  return (
    <Tooltip
      label={logout.error?.message ?? `Sign out ${user}`}
      {...(logout.error ? { opened: true, color: 'rust' } : {})}
    >
      <ActionIcon
        variant="subtle"
        color="gray"
        size="lg"
        aria-label="Sign out"
        loading={logout.isPending}
        onClick={() => logout.mutate()}
      >
        <LogOut aria-hidden size={18} />
      </ActionIcon>
    </Tooltip>
  );
}
