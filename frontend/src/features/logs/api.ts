import { useQuery } from '@tanstack/react-query';
import { get, pathOf } from '../../shared/http';
import type { Wire } from '../../shared/wire';

/** A log that can be read: the access log, that of admin, of the master, of a worker. */
export type Log = Wire['Log'];

/** A line as it was written; it may hold what a client sent. Time and level as far as it has them. */
export type LogLine = Wire['LogLine'];

/** What is wanted of a log: lines that hold `search`, in any case, and matter as much as `level`; empty for all. */
export type Wanted = { id: string; search: string; level: string };

export function useLogs() {
  return useQuery({
    queryKey: ['logs'],
    queryFn: ({ signal }) => get<Log[]>(pathOf('logs'), signal),
    refetchInterval: 10_000,
  });
}

/** The last lines that match, the oldest first. */
export async function fetchLines(wanted: Wanted, lines: number): Promise<LogLine[]> {
  const answer = await get<{ lines: LogLine[] }>(
    `${pathOf('logs', wanted.id)}?${queryOf(wanted, { lines: String(lines) })}`,
  );
  return answer.lines;
}

/** Where its lines come as they are written: events `line`. */
export function tailUrl(wanted: Wanted): string {
  return `${pathOf('logs', wanted.id, 'tail')}?${queryOf(wanted, {})}`;
}

function queryOf({ search, level }: Wanted, more: Record<string, string>): string {
  const query = new URLSearchParams(more);
  if (search !== '') query.set('search', search);
  if (level !== '') query.set('level', level.toLowerCase());
  return query.toString();
}
