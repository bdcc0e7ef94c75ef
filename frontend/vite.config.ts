import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import { firstLoad } from './scripts/firstLoad.js';

/** Where `npm run dev` finds the API of a running Drover. */
const admin = process.env.DROVER_ADMIN ?? 'http://127.0.0.1:9090';

export default defineConfig({
  plugins: [react(), firstLoad({ page: 'src/app/OverviewPage.tsx', mostBytes: 350_000 })],
  // Straight into the jar: Spring Boot serves META-INF/resources of every jar on its class path.
  build: {
    outDir: 'target/classes/META-INF/resources',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 800,
  },
  server: { host: '127.0.0.1', proxy: { '/api': admin } },
  test: {
    environment: 'jsdom',
    include: ['src/**/*.test.{ts,tsx}'],
    setupFiles: 'test/setup.ts',
    restoreMocks: true,
    // A deadline, not a measure: the machine that tests may be busy with other things.
    testTimeout: 30_000,
  },
});
