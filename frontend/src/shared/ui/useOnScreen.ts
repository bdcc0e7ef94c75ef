import { type RefObject, useEffect, useState } from 'react';

/** Whether somebody can see it, or could after scrolling by a screen: what nobody sees need not be drawn each second. */
export function useOnScreen(target: RefObject<Element | null>): boolean {
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    if (target.current === null) return;
    const watched = new IntersectionObserver((entries) => setSeen(entries.at(-1)?.isIntersecting ?? false), {
      rootMargin: '100% 0px',
    });
    watched.observe(target.current);
    return () => watched.disconnect();
  }, [target]);
  return seen;
}
