import { Anchor } from '@mantine/core';
import { Link, useLocation } from 'react-router';
import { visible } from '../shared/format';
import { Page } from '../shared/ui/Page';

export function NotFoundPage() {
  const { pathname } = useLocation();
  return (
    <Page title="No such page" note={`Nothing is at ${visible(pathname)}.`}>
      <div>
        <Anchor component={Link} to="/">
          Go to the overview
        </Anchor>
      </div>
    </Page>
  );
}
