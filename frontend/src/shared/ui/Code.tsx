import { visible } from '../format';
import styles from './Code.module.css';

/** A text of others, line for line; it scrolls in itself, also by keyboard. */
export function Code({ label, lines }: { label: string; lines: string[] }) {
  return (
    <pre className={styles.code} role="region" aria-label={label} tabIndex={0}>
      {lines.map(visible).join('\n')}
    </pre>
  );
}
