import { visible } from '../../shared/format';
import { Empty } from '../../shared/ui/Loaded';
import { Cell, Table } from '../../shared/ui/Table';
import type { Change } from './api';
import styles from './Changes.module.css';

/** What a configuration says otherwise than what runs, and what must happen so that it counts. */
export function Changes({ changes }: { changes: Change[] }) {
  if (changes.length === 0) return <Empty>It says the same as what runs.</Empty>;
  return (
    <Table
      label="Changes"
      columns={[{ name: 'Setting' }, { name: 'Before' }, { name: 'After' }, { name: 'Counts when' }]}
    >
      {changes.map(({ key, before, after, needs, overruled }) => (
        <tr key={key}>
          <Cell text>{visible(key)}</Cell>
          <Cell text>{before === null ? <Nothing /> : <del className={styles.before}>{visible(before)}</del>}</Cell>
          <Cell text>{after === null ? <Nothing /> : <ins className={styles.after}>{visible(after)}</ins>}</Cell>
          <Cell>{overruled === null ? when[needs] : `never: ${visible(overruled)} wins`}</Cell>
        </tr>
      ))}
    </Table>
  );
}

function Nothing() {
  return <span className={styles.nothing}>nothing</span>;
}

const when: Record<Change['needs'], string> = {
  workers: 'workers have followed, one by one',
  pool: 'the pool has its size',
  listen: 'the master listens there',
  'admin-restart': 'drover up is run anew',
  'farm-restart': 'drover down and up are run',
};
