import { CircleCheck, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import styles from './ErrorNote.module.css';

/** Something was refused or went wrong: the sentence that says what. Spoken at once. */
export function ErrorNote({ children }: { children: string }) {
  return (
    <p className={styles.note} role="alert" data-tone="bad">
      <TriangleAlert aria-hidden size={18} />
      <span>{children}</span>
    </p>
  );
}

/** Something one should know before going on. */
export function WarningNote({ children }: { children: ReactNode }) {
  return (
    <div className={styles.note} role="status" data-tone="moving">
      <TriangleAlert aria-hidden size={18} />
      <span>{children}</span>
    </div>
  );
}

/** Something went as wished. */
export function DoneNote({ children }: { children: ReactNode }) {
  return (
    <div className={styles.note} role="status" data-tone="good">
      <CircleCheck aria-hidden size={18} />
      <span>{children}</span>
    </div>
  );
}
