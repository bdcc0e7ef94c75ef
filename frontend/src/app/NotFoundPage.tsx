import { Anchor } from '@mantine/core';
import { Link, useLocation } from 'react-router';
import { CenteredPage } from '../shared/ui/CenteredPage';

export function NotFoundPage() {
  const { pathname } = useLocation();
  return (
    <CenteredPage>
      <h1>No such page</h1>
      <p>Nothing is at {pathname}.</p>
      <Anchor component={Link} to="/">
        Go to the overview
      </Anchor>
    </CenteredPage>
  );
}
