import { useQueryClient } from '@tanstack/react-query';
import { AccessView } from '../features/access/AccessView';
import { mayAdminister, mayOperate, type Session, sessionKey } from '../features/session/api';
import { useFrame } from './Frame';

export function AccessPage() {
  const { session } = useFrame();
  const client = useQueryClient();
  return (
    <AccessView
      user={session.user}
      role={roleOf(session)}
      hasPassword={session.hasPassword === true}
      passwordIsInitial={session.passwordIsInitial === true}
      // The answer also says whether the password is still the first one.
      onPasswordChanged={() => void client.invalidateQueries({ queryKey: sessionKey })}
    />
  );
}

function roleOf(session: Session) {
  if (mayAdminister(session)) return 'admin';
  return mayOperate(session) ? 'operator' : 'viewer';
}
