import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { Code } from '../../shared/ui/Code';
import { ErrorNote } from '../../shared/ui/ErrorNote';
import { Empty } from '../../shared/ui/Loaded';
import { Panel } from '../../shared/ui/Page';
import { fetchThreads } from './api';

/** What its threads do at this moment; asked for, because it costs the worker a pause. */
export function ThreadDump({ slot }: { slot: number }) {
  const dump = useMutation({ mutationFn: () => fetchThreads(slot) });
  return (
    <Panel
      title="Threads"
      tools={
        <Button variant="default" size="xs" loading={dump.isPending} onClick={() => dump.mutate()}>
          {dump.data === undefined ? 'Dump the threads' : 'Dump them again'}
        </Button>
      }
    >
      {dump.error !== null && <ErrorNote>{dump.error.message}</ErrorNote>}
      {dump.data === undefined ? (
        dump.error === null && <Empty>A dump tells what each of its threads is at.</Empty>
      ) : (
        <Code label={`Threads of worker ${slot}`} lines={dump.data.split('\n')} />
      )}
    </Panel>
  );
}
