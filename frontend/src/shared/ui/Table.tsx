import type { ReactNode } from 'react';
import styles from './Table.module.css';

export type Column = { name: string; number?: boolean; width?: string; hidden?: boolean };

type Props = { label: string; columns: Column[]; children: ReactNode };

/** A table that scrolls sideways in itself, also by keyboard, so that a page never does. */
export function Table({ label, columns, children }: Props) {
  return (
    <div className={styles.scroller} role="region" aria-label={`${label}, table`} tabIndex={0}>
      <table className={styles.table} aria-label={label}>
        <thead>
          <tr>
            {columns.map(({ name, number = false, width, hidden = false }) => (
              <th key={name} scope="col" data-number={number} style={width === undefined ? undefined : { width }}>
                {hidden ? <span className="spoken">{name}</span> : name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}

type CellProps = { number?: boolean; text?: boolean; title?: string | undefined; children?: ReactNode };

/** `text` is what others wrote: in fixed width, and it may be broken anywhere. */
export function Cell({ number = false, text = false, title, children }: CellProps) {
  return (
    <td data-number={number} data-text={text} title={title}>
      {children}
    </td>
  );
}
