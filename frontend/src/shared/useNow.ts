import { useEffect, useState } from 'react';

/** The browser's monotonic clock in milliseconds, looked at twice a second: ages grow even when nothing arrives. */
export function useNow(everyMillis = 500): number {
  const [now, setNow] = useState(() => performance.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(performance.now()), everyMillis);
    return () => clearInterval(timer);
  }, [everyMillis]);
  return now;
}
