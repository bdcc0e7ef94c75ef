import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { moment, visible } from '../../shared/format';
import type { Operation } from '../../shared/operations';
import { Loaded } from '../../shared/ui/Loaded';
import { OperationProgress } from '../../shared/ui/OperationProgress';
import { Page } from '../../shared/ui/Page';
import { useConfig } from './api';
import { EditPanel } from './EditPanel';
import { FilePanel } from './FilePanel';
import { HistoryPanel } from './HistoryPanel';
import { ReleasePanel } from './ReleasePanel';

type Props = {
  /** Reloads and upgrades that run, or have ended of late. */
  rollouts: Operation[];
  mayOperate: boolean;
  mayAdminister: boolean;
};

/** What runs, how it came to that, and the ways to something else. */
export function ConfigView({ rollouts, mayOperate, mayAdminister }: Props) {
  const config = useConfig();
  useFreshAfter(rollouts);
  const runs = config.data?.value;
  return (
    <Page
      title="Config"
      {...(runs === undefined
        ? {}
        : {
            note: `Generation ${runs.generation} by ${visible(runs.actor)}, ${moment(runs.at)}, from ${visible(runs.file)}`,
          })}
    >
      {rollouts.map((operation) => (
        <OperationProgress key={operation.id} operation={operation} mayAbort={mayOperate} />
      ))}
      <Loaded query={config} what="the configuration">
        {(current) => (
          <>
            {current.value.fileChanged && <FilePanel config={current.value} mayOperate={mayOperate} />}
            <EditPanel current={current} mayOperate={mayOperate} mayAdminister={mayAdminister} />
            <HistoryPanel current={current.value.generation} mayOperate={mayOperate} />
          </>
        )}
      </Loaded>
      <ReleasePanel mayOperate={mayOperate} />
    </Page>
  );
}

/** A rollout that began or ended has changed what there is to read. */
function useFreshAfter(rollouts: Operation[]): void {
  const client = useQueryClient();
  const seen = rollouts.map(({ id, state }) => `${id} ${state}`).join();
  useEffect(() => {
    void client.invalidateQueries({ queryKey: ['config'] });
  }, [client, seen]);
}
