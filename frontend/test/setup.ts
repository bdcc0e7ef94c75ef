import '@testing-library/jest-dom/vitest';
import { cleanup } from '@testing-library/react';
import { afterEach, vi } from 'vitest';

// What jsdom lacks and the page only looks at: media queries, sizes, a canvas.
vi.stubGlobal('matchMedia', (query: string) => ({
  matches: false,
  media: query,
  addEventListener: () => undefined,
  removeEventListener: () => undefined,
}));
for (const observer of ['ResizeObserver', 'IntersectionObserver']) {
  vi.stubGlobal(
    observer,
    class {
      observe() {}
      unobserve() {}
      disconnect() {}
    },
  );
}
vi.mock('uplot', () => ({
  default: class {
    batch(then: () => void) {
      then();
    }
    setData() {}
    setScale() {}
    setSize() {}
    destroy() {}
  },
}));

afterEach(() => {
  cleanup();
  localStorage.clear();
  document.cookie = 'XSRF-TOKEN=; Max-Age=0';
});
