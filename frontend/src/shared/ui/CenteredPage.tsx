import type { ReactNode } from 'react';
import styles from './CenteredPage.module.css';
import { Mark } from './Mark';

/** The mark, and a few lines below it, in the middle of an otherwise empty page. */
export function CenteredPage({ children }: { children: ReactNode }) {
  return (
    <main className={styles.page}>
      <div className={styles.name}>
        <Mark size={44} />
        <span>Drover</span>
      </div>
      {children}
    </main>
  );
}
