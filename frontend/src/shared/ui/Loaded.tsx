import { Button, Skeleton } from '@mantine/core';
import type { ReactNode } from 'react';
import { Problem } from '../http';
import { ErrorNote } from './ErrorNote';
import styles from './Loaded.module.css';

/** As much of a query as is needed to show it. */
type Asked<T> = { data: T | undefined; error: Error | null; refetch: () => unknown };

type Props<T> = { query: Asked<T>; what: string; children: (data: T) => ReactNode };

/** What was asked for: the shape of it while it comes, the reason when it does not, and old data marked as old. */
export function Loaded<T>({ query: { data, error, refetch }, what, children }: Props<T>) {
  if (data !== undefined) {
    return (
      <>
        {error !== null && (
          <div className={styles.old}>
            <ErrorNote>{`This is no longer up to date. ${error.message}`}</ErrorNote>
          </div>
        )}
        {children(data)}
      </>
    );
  }
  if (error !== null) {
    return (
      <div className={styles.state}>
        <ErrorNote>{missing(error, what)}</ErrorNote>
        <Button variant="default" size="xs" onClick={() => void refetch()}>
          Try again
        </Button>
      </div>
    );
  }
  return (
    <div className={styles.state} role="status" aria-label={`Loading ${what}`}>
      {[92, 78, 85].map((width) => (
        <Skeleton key={width} height={14} width={`${width}%`} />
      ))}
    </div>
  );
}

function missing(error: Error, what: string): string {
  return error instanceof Problem && error.status === 404
    ? `There is nothing to show for ${what}: ${error.message}`
    : `${capital(what)} could not be read. ${error.message}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** There is nothing, and that is no fault. */
export function Empty({ children }: { children: ReactNode }) {
  return <p className={styles.empty}>{children}</p>;
}
