import { ConfigView } from '../features/config/ConfigView';
import { mayAdminister, mayOperate } from '../features/session/api';
import { useOperations } from '../shared/operations';
import { useFrame } from './Frame';

export function ConfigPage() {
  const { session } = useFrame();
  const rollouts = useOperations().filter(({ action }) => action === 'reload' || action === 'upgrade');
  return <ConfigView rollouts={rollouts} mayOperate={mayOperate(session)} mayAdminister={mayAdminister(session)} />;
}
