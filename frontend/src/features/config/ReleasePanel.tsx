import { Button, Checkbox } from '@mantine/core';
import { useState } from 'react';
import { visible } from '../../shared/format';
import { useOrder } from '../../shared/operations';
import { Ask } from '../../shared/ui/Ask';
import { Loaded } from '../../shared/ui/Loaded';
import { Panel } from '../../shared/ui/Page';
import { Cell, Table } from '../../shared/ui/Table';
import { release, useRelease } from './api';

/** The versions of the worker that lie ready; another one is rolled out like a configuration. */
export function ReleasePanel({ mayOperate }: { mayOperate: boolean }) {
  const versions = useRelease();
  const [wanted, setWanted] = useState<string | null>(null);
  const [force, setForce] = useState(false);
  const order = useOrder();
  return (
    <Panel flush title="Worker versions" note="lib/worker/VERSION/worker-engine.jar">
      <Loaded query={versions} what="the versions of the worker">
        {({ worker, versions: known }) => (
          <Table
            label="Worker versions"
            columns={[{ name: 'Version' }, { name: 'State' }, { name: 'Actions', hidden: true }]}
          >
            {known.map((version) => (
              <tr key={version}>
                <th scope="row">{visible(version)}</th>
                <Cell>{version === worker ? 'runs' : 'lies ready'}</Cell>
                <Cell number>
                  {mayOperate && version !== worker && (
                    <Button variant="default" size="xs" onClick={() => setWanted(version)}>
                      Roll out<span className="spoken"> version {visible(version)}</span>
                    </Button>
                  )}
                </Cell>
              </tr>
            ))}
          </Table>
        )}
      </Loaded>
      {wanted !== null && (
        <Ask
          title={`Roll out worker ${visible(wanted)}?`}
          effect={
            <>
              It is tried out of sight first. Then the workers follow one by one, and no connection is closed. The
              configuration stays.
              <Checkbox
                mt="md"
                label="Even if something is found no more"
                checked={force}
                onChange={(event) => setForce(event.currentTarget.checked)}
              />
            </>
          }
          verb={`Roll out ${visible(wanted)}`}
          dangerous={force}
          run={() => order.mutateAsync(() => release(wanted, force))}
          onClose={() => setWanted(null)}
        />
      )}
    </Panel>
  );
}
