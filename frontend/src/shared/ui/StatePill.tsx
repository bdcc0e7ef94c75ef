import {
  CircleArrowUp,
  CircleCheck,
  CircleDashed,
  CircleStop,
  CircleX,
  Hourglass,
  type LucideIcon,
  Waves,
} from 'lucide-react';
import styles from './StatePill.module.css';

/** The states of a slot and of each process in it; the same words as in code and API. */
export type SlotState = 'VACANT' | 'STARTING' | 'UP' | 'DRAINING' | 'BACKOFF' | 'FAILED' | 'STOPPED';

const looks: Record<SlotState, { icon: LucideIcon; tone: string; meaning: string }> = {
  VACANT: { icon: CircleDashed, tone: 'quiet', meaning: 'No process' },
  STARTING: { icon: CircleArrowUp, tone: 'starting', meaning: 'A process is starting and takes no connections yet' },
  UP: { icon: CircleCheck, tone: 'good', meaning: 'Takes connections' },
  DRAINING: { icon: Waves, tone: 'moving', meaning: 'Takes no new connections and finishes those it has' },
  BACKOFF: { icon: Hourglass, tone: 'moving', meaning: 'The process ended; another one is started after a pause' },
  FAILED: { icon: CircleX, tone: 'bad', meaning: 'Ended too often; it is not started again by itself' },
  STOPPED: { icon: CircleStop, tone: 'quiet', meaning: 'Not wanted, not running' },
};

/** A state as icon, word and tint, so that no one needs to tell colours apart. */
export function StatePill({ state, size = 'normal' }: { state: SlotState; size?: 'normal' | 'small' }) {
  const { icon: Icon, tone, meaning } = looks[state];
  return (
    <span className={styles.pill} data-tone={tone} data-size={size} title={meaning}>
      <Icon aria-hidden size={size === 'small' ? 12 : 14} strokeWidth={2.25} />
      {state}
    </span>
  );
}
