import { MantineProvider } from '@mantine/core';
import { type QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { lazy } from 'react';
import { Route, Routes } from 'react-router';
import { useSession } from '../features/session/api';
import { LoginPage } from '../features/session/LoginPage';
import { ConnectingPage } from './ConnectingPage';
import { Frame } from './Frame';
import { NotFoundPage } from './NotFoundPage';
import { theme } from './theme';

// Each page is a file of its own, loaded when it is first opened.
const OverviewPage = lazy(async () => ({ default: (await import('./OverviewPage')).OverviewPage }));
const WorkerPage = lazy(async () => ({ default: (await import('./WorkerPage')).WorkerPage }));
const SitesPage = lazy(async () => ({ default: (await import('../features/sites/SitesPage')).SitesPage }));
const LogsPage = lazy(async () => ({ default: (await import('../features/logs/LogsPage')).LogsPage }));
const EventsPage = lazy(async () => ({ default: (await import('../features/events/EventsPage')).EventsPage }));
const CrashPage = lazy(async () => ({ default: (await import('../features/events/CrashPage')).CrashPage }));
const ConfigPage = lazy(async () => ({ default: (await import('./ConfigPage')).ConfigPage }));
const AccessPage = lazy(async () => ({ default: (await import('./AccessPage')).AccessPage }));
const ExplainPage = lazy(async () => ({ default: (await import('../features/explain/ExplainPage')).ExplainPage }));

export function App({ client }: { client: QueryClient }) {
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto">
      <QueryClientProvider client={client}>
        <Pages />
      </QueryClientProvider>
    </MantineProvider>
  );
}

/** The login has no address of its own: whoever is signed out sees it where they are, and stays there afterwards. */
function Pages() {
  const { data: session, failureReason } = useSession();
  if (session === undefined) return <ConnectingPage trouble={failureReason?.message ?? null} />;
  if (session === null) return <LoginPage />;
  return (
    <Routes>
      <Route element={<Frame session={session} />}>
        <Route path="/" element={<OverviewPage />} />
        <Route path="/workers/:slot" element={<WorkerPage />} />
        <Route path="/sites" element={<SitesPage />} />
        <Route path="/logs" element={<LogsPage />} />
        <Route path="/events" element={<EventsPage />} />
        <Route path="/events/crashes/:id" element={<CrashPage />} />
        <Route path="/config" element={<ConfigPage />} />
        <Route path="/access" element={<AccessPage />} />
        <Route path="/explain" element={<ExplainPage />} />
        <Route path="*" element={<NotFoundPage />} />
      </Route>
    </Routes>
  );
}
