import { createContext, useContext, useState } from 'react';

/** Whether the numbers are held still, on every page. */
export const Paused = createContext(false);

export function usePaused(): boolean {
  return useContext(Paused);
}

/** The value as it is, or while the numbers are held what it was when that began; undefined is never held. */
export function useHeld<T>(value: T): T {
  const held = usePaused() && value !== undefined && value !== null;
  const [kept, setKept] = useState<{ value: T } | null>(null);
  if (held && kept === null) setKept({ value });
  if (!held && kept !== null) setKept(null);
  return held && kept !== null ? kept.value : value;
}
