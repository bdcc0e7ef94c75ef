import { MantineProvider } from '@mantine/core';
import { type QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { Route, Routes } from 'react-router';
import { useSession } from '../features/session/api';
import { LoginPage } from '../features/session/LoginPage';
import { ConnectingPage } from './ConnectingPage';
import { NotFoundPage } from './NotFoundPage';
import { OverviewPage } from './OverviewPage';
import { theme } from './theme';

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
      <Route path="/" element={<OverviewPage session={session} />} />
      <Route path="*" element={<NotFoundPage />} />
    </Routes>
  );
}
