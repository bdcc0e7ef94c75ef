import { type QueryClient, useQuery } from '@tanstack/react-query';
import { get, pathOf } from '../../shared/http';
import type { Wire } from '../../shared/wire';

/** Something that happened. `detail` may hold what a client sent. */
export type Event = {
  id: number;
  at: string;
  kind: string;
  actor: string;
  slot?: number | null;
  pid?: number | null;
  operation?: string | null;
  address?: string | null;
  crash?: string | null;
  cause?: string | null;
  detail?: string | null;
};

const eventsKey = ['events'];
const MOST = 1000;

/** The stream brings events at once; asking now and then finds what came while it was cut. */
const ASK_MILLIS = 5_000;

/** The latest thousand, the oldest first. */
export function useEvents() {
  return useQuery({
    queryKey: eventsKey,
    queryFn: ({ client, signal }) => askEvents(client, signal),
    refetchInterval: ASK_MILLIS,
  });
}

/** Those that are known, and those behind them. The stream may bring some while admin is asked. */
export async function askEvents(client: QueryClient, signal: AbortSignal): Promise<Event[]> {
  const known = () => client.getQueryData<Event[]>(eventsKey) ?? [];
  const last = known().at(-1);
  const behind = last === undefined ? '' : `after=${last.id}&`;
  const answer = await get<Event[]>(`/api/v1/events?${behind}limit=${MOST}`, signal);
  return append(known(), answer);
}

/** One that the stream brought. It is left to the next asking if the one before it, whose id is one less, is not known. */
export function writeEvent(client: QueryClient, event: Event): void {
  client.setQueryData<Event[]>(eventsKey, (known) =>
    known?.at(-1)?.id === event.id - 1 ? append(known, [event]) : known,
  );
}

export function append(known: Event[], arrived: Event[]): Event[] {
  const last = known.at(-1)?.id ?? -1;
  const newer = arrived.filter(({ id }) => id > last);
  return newer.length === 0 ? known : [...known, ...newer].slice(-MOST);
}

// ---- crashes

export type CrashSummary = Wire['Summary'];

export type CrashReport = Wire['CrashReport'];

export type CrashSecond = Wire['Gauges'];

/** The latest first. */
export function useCrashes() {
  return useQuery({
    queryKey: ['crashes'],
    queryFn: ({ signal }) => get<CrashSummary[]>('/api/v1/crashes', signal),
    refetchInterval: 5_000,
  });
}

export function useCrash(id: string) {
  return useQuery({
    queryKey: ['crash', id],
    queryFn: ({ signal }) => get<CrashReport>(pathOf('crashes', id), signal),
    // The report of a hang is not whole until its process has ended.
    refetchInterval: ({ state }) => (state.data?.end === null ? 2_000 : false),
  });
}
