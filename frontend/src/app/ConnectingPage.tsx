import { Loader } from '@mantine/core';
import { CenteredPage } from '../shared/ui/CenteredPage';

/** Before we know who is there. Says why once the first attempt has failed; the attempts go on. */
export function ConnectingPage({ trouble }: { trouble: string | null }) {
  return (
    <CenteredPage>
      <Loader size="sm" type="dots" aria-hidden />
      <p role="status">{trouble === null ? 'Connecting' : `${trouble} Trying again.`}</p>
    </CenteredPage>
  );
}
