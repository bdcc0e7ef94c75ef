import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { change, get, pathOf } from '../../shared/http';
import type { Wire } from '../../shared/wire';

/** A viewer watches, an operator commands the farm, an admin also says who may what. Each may what those before may. */
export const roles = ['viewer', 'operator', 'admin'] as const;
export type Role = (typeof roles)[number];

export type User = Wire['Shown'];

/** For scripts; it may at most what its user may, and `expiresAt` is null of one that does not expire. */
export type Token = Wire['Token'];

/** The one answer that has the secret. */
export type NewToken = Wire['Created'];

/** Something that somebody did or tried; `detail` may hold what a client sent. */
export type AuditLine = Wire['AuditEntry'];

const usersKey = ['users'];
const tokensKey = ['tokens'];
const auditKey = ['audit'];
const MOST_AUDITED = 1000;

export function useUsers() {
  return useQuery({ queryKey: usersKey, queryFn: ({ signal }) => get<User[]>(pathOf('users'), signal) });
}

export function useTokens() {
  return useQuery({ queryKey: tokensKey, queryFn: ({ signal }) => get<Token[]>(pathOf('tokens'), signal) });
}

/** The latest lines, the oldest first. */
export function useAudit() {
  return useQuery({
    queryKey: auditKey,
    queryFn: async ({ client, signal }) => {
      const known = client.getQueryData<AuditLine[]>(auditKey) ?? [];
      const last = known.at(-1);
      const behind = last === undefined ? '' : `after=${last.id}&`;
      const arrived = await get<AuditLine[]>(`${pathOf('audit')}?${behind}limit=${MOST_AUDITED}`, signal);
      return [...known, ...arrived.filter(({ id }) => last === undefined || id > last.id)].slice(-MOST_AUDITED);
    },
    refetchInterval: 5_000,
  });
}

export function useChangePassword() {
  return useMutation({
    mutationFn: (passwords: { current: string; next: string }) =>
      change('POST', pathOf('session', 'password'), { json: passwords }),
  });
}

/** A change of users or tokens; both lists are read again, because a user takes his tokens along. */
export function useAccessChange<Given, Made>(make: (given: Given) => Promise<Made>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: make,
    onSuccess: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: usersKey }),
        client.invalidateQueries({ queryKey: tokensKey }),
      ]),
  });
}

export function addUser(user: { name: string; role: Role; password: string }): Promise<User> {
  return change<User>('POST', pathOf('users'), { json: user });
}

export function changeUser({ name, ...changes }: { name: string; role?: Role; password?: string }): Promise<User> {
  return change<User>('PATCH', pathOf('users', name), { json: changes });
}

export function removeUser(name: string): Promise<void> {
  return change('DELETE', pathOf('users', name));
}

export function addToken(token: { name: string; role: Role; days: number }): Promise<NewToken> {
  return change<NewToken>('POST', pathOf('tokens'), { json: token });
}

export function revokeToken(id: string): Promise<void> {
  return change('DELETE', pathOf('tokens', id));
}

/** Those that somebody of this role may give away. */
export function rolesUpTo(role: Role): Role[] {
  return roles.slice(0, roles.indexOf(role) + 1);
}
