import { Skeleton } from '@mantine/core';
import styles from './OverviewPage.module.css';

/** The shape of what will come. */
export function OverviewSkeleton() {
  return (
    <div className={styles.loading} role="status" aria-label="Loading">
      <Skeleton height={56} width="min(32rem, 100%)" />
      <div className={styles.tiles}>
        {Array.from({ length: 6 }, (_, index) => (
          <Skeleton key={index} height={136} radius="lg" />
        ))}
      </div>
      <Skeleton height={190} radius="lg" />
      <Skeleton height={260} radius="lg" />
    </div>
  );
}
