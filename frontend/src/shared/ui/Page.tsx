import type { ReactNode } from 'react';
import styles from './Page.module.css';

/** What a page is called, what can be done on all of it, and its panels. */
export function Page({
  title,
  note,
  tools,
  children,
}: {
  title: string;
  note?: string;
  tools?: ReactNode;
  children: ReactNode;
}) {
  return (
    <div className={styles.page}>
      <header className={styles.head}>
        <div>
          <h1 className={styles.title}>{title}</h1>
          {note !== undefined && <p className={styles.note}>{note}</p>}
        </div>
        {tools !== undefined && <div className={styles.tools}>{tools}</div>}
      </header>
      {children}
    </div>
  );
}

type PanelProps = { title: string; note?: ReactNode; tools?: ReactNode; flush?: boolean; children: ReactNode };

/** A named part of a page; `flush` lets a table reach its edges. */
export function Panel({ title, note, tools, flush = false, children }: PanelProps) {
  return (
    <section className={`panel ${styles.panel ?? ''}`} data-flush={flush} aria-label={title}>
      <div className={styles.bar}>
        <h2>
          {title}
          {note !== undefined && <span>{note}</span>}
        </h2>
        {tools !== undefined && <div className={styles.tools}>{tools}</div>}
      </div>
      {children}
    </section>
  );
}
