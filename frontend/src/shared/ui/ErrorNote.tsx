import { TriangleAlert } from 'lucide-react';
import styles from './ErrorNote.module.css';

/** Something was refused or went wrong: the sentence that says what. Spoken at once. */
export function ErrorNote({ children }: { children: string }) {
  return (
    <p className={styles.note} role="alert">
      <TriangleAlert aria-hidden size={18} />
      {children}
    </p>
  );
}
