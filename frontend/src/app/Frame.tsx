import { Anchor } from '@mantine/core';
import { Suspense, useEffect, useMemo, useRef, useState } from 'react';
import { Link, Outlet, useLocation, useOutletContext } from 'react-router';
import { useStatus } from '../features/farm/api';
import { useTab } from '../features/farm/favicon';
import type { Session } from '../features/session/api';
import { Boundary } from '../shared/ui/Boundary';
import { WarningNote } from '../shared/ui/ErrorNote';
import { PageSkeleton } from '../shared/ui/PageSkeleton';
import { Paused } from '../shared/useHeld';
import { useNow } from '../shared/useNow';
import styles from './Frame.module.css';
import { Header } from './Header';
import { freshnessOf } from './live/freshness';
import { useLive } from './live/useLive';
import { OverviewSkeleton } from './OverviewSkeleton';
import { titleOf } from './pages';

/** What pages that show the live farm get of their frame. */
export type FrameContext = { session: Session; resume: () => void };

export function useFrame(): FrameContext {
  return useOutletContext<FrameContext>();
}

/** Around every page: the header, the one live stream, and whether what it brings is still true. */
export function Frame({ session }: { session: Session }) {
  const live = useLive();
  const now = useNow();
  const { data: status } = useStatus();
  const [paused, setPaused] = useState(false);
  const { pathname } = useLocation();
  const main = useRef<HTMLElement>(null);

  const freshness = freshnessOf(live, now);
  const stale = freshness.kind === 'stale';
  const sentence = stale ? 'No news from Drover' : (status?.health.sentence ?? 'Connecting');
  const title = titleOf(pathname);
  useTab(stale ? 'unknown' : (status?.health.state ?? 'unknown'), title === null ? sentence : `${title} · ${sentence}`);
  useFocusOnChange(main, pathname);

  const context = useMemo(() => ({ session, resume: () => setPaused(false) }), [session]);
  return (
    <div className={styles.page}>
      <a className={styles.skip} href="#main">
        Skip to the content
      </a>
      <Header session={session} freshness={freshness} paused={paused} onPause={() => setPaused((before) => !before)} />
      <main id="main" ref={main} tabIndex={-1} className={styles.main} data-stale={stale}>
        {session.passwordIsInitial === true && pathname !== '/access' && (
          <WarningNote>
            Drover or somebody else has chosen your password.{' '}
            <Anchor component={Link} to="/access" inherit underline="always" c="inherit">
              Change it
            </Anchor>
          </WarningNote>
        )}
        <Boundary key={pathname}>
          <Suspense fallback={pathname === '/' ? <OverviewSkeleton /> : <PageSkeleton />}>
            <Paused value={paused}>
              <Outlet context={context} />
            </Paused>
          </Suspense>
        </Boundary>
      </main>
    </div>
  );
}

/** Whoever goes to another page by keyboard or screen reader begins at its top, not at the link that led there. */
function useFocusOnChange(target: React.RefObject<HTMLElement | null>, pathname: string): void {
  const shown = useRef(pathname);
  useEffect(() => {
    if (shown.current === pathname) return;
    shown.current = pathname;
    target.current?.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }, [target, pathname]);
}
