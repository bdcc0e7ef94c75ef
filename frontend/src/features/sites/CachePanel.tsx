import { bytes, count, percent } from '../../shared/format';
import { Loaded } from '../../shared/ui/Loaded';
import { Panel } from '../../shared/ui/Page';
import { Cell, Table } from '../../shared/ui/Table';
import { type Cache, useCache } from './api';

/** What is answered from memory: of all workers, and of each. */
export function CachePanel() {
  const cache = useCache();
  return (
    <Panel flush title="File cache" note="each worker has one of its own">
      <Loaded query={cache} what="the file cache">
        {(known) => (
          <Table
            label="File cache"
            columns={[
              { name: 'Worker' },
              { name: 'Hit ratio', number: true },
              { name: 'Hits', number: true },
              { name: 'Misses', number: true },
              { name: 'Evictions', number: true },
              { name: 'Files', number: true },
              { name: 'In memory', number: true },
            ]}
          >
            <CacheRow name="All" cache={known} />
            {known.workers.map((one) => (
              <CacheRow key={one.worker} name={String(one.worker)} cache={one} />
            ))}
          </Table>
        )}
      </Loaded>
    </Panel>
  );
}

function CacheRow({ name, cache }: { name: string; cache: Cache }) {
  return (
    <tr>
      <th scope="row">{name}</th>
      <Cell number>{percent(cache.hitRatio)}</Cell>
      <Cell number>{count(cache.hits)}</Cell>
      <Cell number>{count(cache.misses)}</Cell>
      <Cell number>{count(cache.evictions)}</Cell>
      <Cell number>{count(cache.entries)}</Cell>
      <Cell number>{bytes(cache.bytes)}</Cell>
    </tr>
  );
}
