import { Button, Checkbox } from '@mantine/core';
import { useState } from 'react';
import { visible } from '../../shared/format';
import { useOrder } from '../../shared/operations';
import { Ask } from '../../shared/ui/Ask';
import { ErrorNote } from '../../shared/ui/ErrorNote';
import { Loaded } from '../../shared/ui/Loaded';
import { Panel } from '../../shared/ui/Page';
import { type Config, mistakeOf, reloadFile, useFileDiff } from './api';
import { Changes } from './Changes';

/** Another text stands in the file than runs: what it would change, and the way to take it up. */
export function FilePanel({ config, mayOperate }: { config: Config; mayOperate: boolean }) {
  const diff = useFileDiff(true);
  const [asked, setAsked] = useState(false);
  const [force, setForce] = useState(false);
  const order = useOrder();
  const mistake = mistakeOf(diff.error);
  return (
    <Panel
      title="Another text stands in the file"
      note={visible(config.file)}
      tools={
        mayOperate && (
          <Button size="xs" disabled={diff.data === undefined} onClick={() => setAsked(true)}>
            Reload the file
          </Button>
        )
      }
    >
      {mistake === null ? (
        <Loaded query={diff} what="what stands in the file">
          {({ changes }) => <Changes changes={changes} />}
        </Loaded>
      ) : (
        <ErrorNote>{`${mistake.line === null ? '' : `Line ${mistake.line}: `}${visible(mistake.key ?? '')} ${visible(mistake.reason)}`}</ErrorNote>
      )}
      {asked && (
        <Ask
          title="Reload the file?"
          effect={
            <>
              What stands in {visible(config.file)} is tried out of sight first. Then the workers follow one by one, and
              no connection is closed.
              <Checkbox
                mt="md"
                label="Even if something is found no more"
                checked={force}
                onChange={(event) => setForce(event.currentTarget.checked)}
              />
            </>
          }
          verb="Reload the file"
          dangerous={force}
          run={() => order.mutateAsync(() => reloadFile(force))}
          onClose={() => setAsked(false)}
        />
      )}
    </Panel>
  );
}
