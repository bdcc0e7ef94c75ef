import { CircleCheck, CircleX, Hourglass } from 'lucide-react';
import type { Generation } from './api';
import styles from './Verdict.module.css';

/** How a generation ended, by icon, word and tint. */
export function Verdict({ verdict, runs }: { verdict: Generation['verdict']; runs: boolean }) {
  switch (verdict) {
    case 'ACCEPTED':
      return (
        <span className={styles.verdict} data-tone={runs ? 'good' : 'quiet'}>
          <CircleCheck aria-hidden size={14} />
          {runs ? 'RUNS' : 'ACCEPTED'}
        </span>
      );
    case 'REFUSED':
      return (
        <span className={styles.verdict} data-tone="bad">
          <CircleX aria-hidden size={14} />
          REFUSED
        </span>
      );
    case 'PENDING':
      return (
        <span className={styles.verdict} data-tone="moving">
          <Hourglass aria-hidden size={14} />
          PENDING
        </span>
      );
  }
}
