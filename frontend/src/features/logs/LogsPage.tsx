import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { Pause, Play } from 'lucide-react';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { bytes } from '../../shared/format';
import { Empty, Loaded } from '../../shared/ui/Loaded';
import { Page, Panel } from '../../shared/ui/Page';
import { type Log, useLogs } from './api';
import { LogTail } from './LogTail';

const levels = [
  { value: '', label: 'All' },
  { value: 'INFO', label: 'Info and worse' },
  { value: 'WARN', label: 'Warn and worse' },
  { value: 'ERROR', label: 'Error' },
];

/** Any of Drover's logs, as it is written. */
export function LogsPage() {
  const logs = useLogs();
  return (
    <Page title="Logs" note="The access log of all workers, and what each process wrote, as it is written.">
      <Loaded query={logs} what="the logs">
        {(known) =>
          known.length === 0 ? (
            <Panel title="No logs">
              <Empty>Nothing has been written yet.</Empty>
            </Panel>
          ) : (
            <Follow logs={known} />
          )
        }
      </Loaded>
    </Page>
  );
}

/** Which log, and what of it, stands in the address. */
function Follow({ logs }: { logs: Log[] }) {
  const [query, setQuery] = useSearchParams();
  const [held, setHeld] = useState(false);
  const log = logs.find(({ id }) => id === query.get('log')) ?? logs[0];
  const level = levels.find(({ value }) => value === query.get('level'))?.value ?? '';
  const [search, setSearch] = useState(query.get('search') ?? '');
  const [settled] = useDebouncedValue(search, 300);
  if (log === undefined) return null;
  // Requests have no level.
  const hasLevels = log.id !== 'access';

  const choose = (changes: Record<string, string>) =>
    setQuery({ log: log.id, level, search, ...changes }, { replace: true });
  return (
    <Panel
      title={log.id}
      note={bytes(log.bytes)}
      tools={
        <>
          <NativeSelect
            size="xs"
            label="Log"
            data={logs.map(({ id }) => id)}
            value={log.id}
            onChange={(event) => choose({ log: event.currentTarget.value })}
          />
          {hasLevels && (
            <NativeSelect
              size="xs"
              label="Level"
              data={levels}
              value={level}
              onChange={(event) => choose({ level: event.currentTarget.value })}
            />
          )}
          <TextInput
            size="xs"
            label="Search"
            placeholder="text, not a pattern"
            value={search}
            onChange={(event) => setSearch(event.currentTarget.value)}
            onBlur={() => choose({})}
          />
          <Button
            variant="default"
            size="xs"
            leftSection={held ? <Play aria-hidden size={14} /> : <Pause aria-hidden size={14} />}
            onClick={() => setHeld(!held)}
          >
            {held ? 'Follow the log' : 'Hold the log'}
          </Button>
        </>
      }
    >
      <LogTail id={log.id} search={settled} level={hasLevels ? level : ''} held={held} />
    </Panel>
  );
}
