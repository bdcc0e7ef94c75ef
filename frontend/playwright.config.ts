import { defineConfig, devices } from '@playwright/test';

/** The browser is the machine's own; nothing is downloaded. One product, one browser, one test after the other. */
export default defineConfig({
  testDir: 'e2e',
  // ./drover test keeps under 20 minutes without them; `npm run e2e:all` runs them too.
  testIgnore: process.env.E2E === 'all' ? [] : ['more/**'],
  outputDir: 'target/e2e',
  workers: 1,
  timeout: 120_000,
  expect: { timeout: 15_000 },
  reporter: 'list',
  use: {
    ...devices['Desktop Chrome'],
    viewport: { width: 1280, height: 900 },
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
    },
    screenshot: 'only-on-failure',
  },
});
