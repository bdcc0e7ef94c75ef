import { Skeleton } from '@mantine/core';
import { Page } from './Page';

/** While the files of a page are on their way. */
export function PageSkeleton() {
  return (
    <Page title=" ">
      <div role="status" aria-label="Loading the page">
        <Skeleton height={180} radius="lg" />
        <Skeleton height={320} radius="lg" mt="lg" />
      </div>
    </Page>
  );
}
