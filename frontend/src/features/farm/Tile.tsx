import { Sparkline } from '../../shared/ui/Sparkline';
import styles from './Tile.module.css';

export type TileProps = {
  name: string;
  value: string;
  unit?: string;
  note: string;
  /** The same number in full, for hovering. */
  exact: string;
  tone?: 'bad' | undefined;
  values: (number | null)[];
  room: number;
  top?: number;
};

/** One number that matters, and its last five minutes. */
export function Tile({ name, value, unit, note, exact, tone, values, room, top }: TileProps) {
  return (
    <div className={`panel ${styles.tile ?? ''}`} role="group" aria-label={name}>
      <div className={styles.words}>
        <div className={styles.name}>{name}</div>
        <div className={styles.value} title={exact} data-tone={tone} data-coloured={tone !== undefined}>
          {value}
          {unit && <span className={styles.unit}>{unit}</span>}
        </div>
        <div className={styles.note}>{note}</div>
      </div>
      <Sparkline values={values} room={room} top={top} />
    </div>
  );
}
