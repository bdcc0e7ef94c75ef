import { type QueryClient, notifyManager, skipToken, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { writeEvent } from '../../features/events/api';
import { fetchStatus, statusKey } from '../../features/farm/api';
import { fetchHistory, type History } from '../../features/history/api';
import { fetchSession, forgetSession } from '../../features/session/api';
import { workersKey } from '../../features/workers/api';
import { followTrails, type Trail } from '../../features/workers/trail';
import { mergeOperations, type Operation, operationsKey, writeOperation } from '../../shared/operations';
import { appendSample, RING, type Sample, seeded } from './history';
import { keepStream, type Link, type Snapshot } from './stream';

const historyKey = ['history'];
const trailsKey = ['trails'];
const noSamples: Sample[] = [];
const noTrails: Trail[] = [];

/** The link to the stream, and when it last brought something (browser's monotonic milliseconds). */
export type Live = { link: Link; receivedAt: number | null };

/** Opens the one stream of the dashboard and writes what it brings into the query cache. */
export function useLive(): Live {
  const client = useQueryClient();
  const [link, setLink] = useState<Link>({ kind: 'connecting' });
  const [receivedAt, setReceivedAt] = useState<number | null>(null);

  useEffect(
    () =>
      keepStream('/api/v1/stream', {
        onLink: (next) => setLink((before) => (before.kind === next.kind ? before : next)),
        onSnapshot: (snapshot) => {
          writeSnapshot(client, snapshot);
          setReceivedAt(performance.now());
        },
        onEvent: (event) => writeEvent(client, event),
        onOperation: (operation) => writeOperation(client, operation),
        mayReconnect: () => stillSignedIn(client),
      }),
    [client],
  );

  const { data: before } = useQuery({
    queryKey: ['before'],
    queryFn: ({ signal }) => fetchBefore(signal),
    staleTime: Infinity,
  });
  useEffect(() => {
    if (before) client.setQueryData<Sample[]>(historyKey, (ring = []) => seeded(ring, before));
  }, [client, before]);
  return { link, receivedAt };
}

export function useHistory(): Sample[] {
  return useQuery<Sample[]>({ queryKey: historyKey, queryFn: skipToken }).data ?? noSamples;
}

export function useTrails(): Trail[] {
  return useQuery<Trail[]>({ queryKey: trailsKey, queryFn: skipToken }).data ?? noTrails;
}

/** One snapshot, one rendering: status, workers and operations never disagree on the screen. */
export function writeSnapshot(client: QueryClient, { status, workers, operations }: Snapshot): void {
  const known = client.getQueryData<Operation[]>(operationsKey) ?? [];
  const current = mergeOperations(known, operations, status.at);
  notifyManager.batch(() => {
    client.setQueryData(statusKey, status);
    client.setQueryData(workersKey, workers);
    client.setQueryData(operationsKey, current);
    client.setQueryData<Sample[]>(historyKey, (ring = []) => appendSample(ring, status, workers));
    client.setQueryData<Trail[]>(trailsKey, (trails = []) => followTrails(trails, current, workers, status.at));
  });
}

/** The five minutes before the page was opened, as far as admin remembers them. */
async function fetchBefore(signal: AbortSignal): Promise<History> {
  const to = Math.floor(Date.parse((await fetchStatus(signal)).at) / 1000);
  return fetchHistory({ from: to - RING, to }, 1, signal);
}

async function stillSignedIn(client: QueryClient): Promise<boolean> {
  try {
    if ((await fetchSession()) !== null) return true;
    await forgetSession(client);
    return false;
  } catch {
    return true; // Nobody answers: that is the stream's to retry, and no reason to sign anyone out.
  }
}
