import { ActionIcon, Burger, Tooltip } from '@mantine/core';
import { Pause, Play, Radio, Unplug } from 'lucide-react';
import { useState } from 'react';
import { NavLink } from 'react-router';
import type { Session } from '../features/session/api';
import { SignOut } from '../features/session/SignOut';
import { duration } from '../shared/format';
import { Mark } from '../shared/ui/Mark';
import { ThemeSwitch } from '../shared/ui/ThemeSwitch';
import styles from './Header.module.css';
import type { Freshness } from './live/freshness';
import { pages } from './pages';

type Props = { session: Session; freshness: Freshness; paused: boolean; onPause: () => void };

export function Header({ session, freshness, paused, onPause }: Props) {
  const [open, setOpen] = useState(false);
  const act = paused ? 'Resume' : 'Pause';
  return (
    <header className={styles.header}>
      <NavLink className={styles.name ?? ''} to="/" aria-label="Drover, overview">
        <Mark />
        <span className={styles.word}>Drover</span>
      </NavLink>
      <nav className={styles.nav} id="pages" aria-label="Pages" data-open={open}>
        {pages.map(({ path, name }) => (
          <NavLink key={path} to={path} end={path === '/'} onClick={() => setOpen(false)}>
            {name}
          </NavLink>
        ))}
      </nav>
      <Indicator freshness={freshness} paused={paused} />
      <div className={styles.tools}>
        <Tooltip label={paused ? 'Resume the live numbers' : 'Hold the numbers still'}>
          <ActionIcon variant="subtle" color="gray" size="lg" aria-label={act} onClick={onPause}>
            {paused ? <Play aria-hidden size={18} /> : <Pause aria-hidden size={18} />}
          </ActionIcon>
        </Tooltip>
        <ThemeSwitch />
        <SignOut user={session.user} />
      </div>
      <Burger
        className={styles.burger}
        opened={open}
        onClick={() => setOpen(!open)}
        size="sm"
        aria-label={open ? 'Hide the pages' : 'Show the pages'}
        aria-expanded={open}
        aria-controls="pages"
      />
    </header>
  );
}

function Indicator({ freshness, paused }: { freshness: Freshness; paused: boolean }) {
  const { tone, icon, words } = paused
    ? { tone: 'moving', icon: <Pause aria-hidden size={14} />, words: 'Paused' }
    : reading(freshness);
  return (
    <div className={styles.indicator} data-tone={tone} role="status" aria-label="Connection">
      {icon}
      {words}
    </div>
  );
}

function reading(freshness: Freshness) {
  switch (freshness.kind) {
    case 'connecting':
      return { tone: 'quiet', icon: <Radio aria-hidden size={14} />, words: 'Connecting' };
    case 'live':
      return { tone: 'good', icon: <Radio aria-hidden size={14} />, words: 'Live' };
    case 'stale':
      return {
        tone: 'bad',
        icon: <Unplug aria-hidden size={14} />,
        words: freshness.seconds === 0 ? 'Reconnecting' : `Reconnecting · ${duration(freshness.seconds)} old`,
      };
  }
}
