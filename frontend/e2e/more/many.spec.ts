import { Load } from '../Load';
import { expect, keepPicture, signIn, test } from '../test';

const WORKERS = 64;
const LOOKED_MILLIS = 60_000;
const LONGEST_MILLIS = 100;

declare global {
  interface Window {
    /** What kept the page from answering for more than 50 ms: when it began, and for how long. */
    __longTasks: { startTime: number; duration: number }[];
  }
}

test.use({ farmSize: WORKERS });

test('with as many workers as there may be, the overview answers at once', async ({ page, drover }) => {
  test.setTimeout(400_000);
  await page.addInitScript(() => {
    window.__longTasks = [];
    new PerformanceObserver((list) => {
      for (const { startTime, duration } of list.getEntries()) window.__longTasks.push({ startTime, duration });
    }).observe({ type: 'longtask', buffered: true });
  });
  await signIn(page, drover);
  await expect(page.getByText(`${WORKERS} of ${WORKERS} up`)).toBeVisible({ timeout: 300_000 });
  const load = new Load(drover.site, { keeping: 6, renewing: 2 });
  await expect(page.getByRole('group', { name: 'Requests' })).not.toContainText(/Requests0\.0/);
  const rows = await page.getByRole('table', { name: 'Workers' }).getByRole('rowheader').count();
  expect(rows).toBe(WORKERS);

  const settled = await page.evaluate(() => performance.now());
  await page.waitForFunction((until) => performance.now() > until, settled + LOOKED_MILLIS, {
    polling: 1_000,
    timeout: 2 * LOOKED_MILLIS,
  });

  const tasks = await page.evaluate(() => window.__longTasks);
  const durations = tasks.filter(({ startTime }) => startTime > settled).map(({ duration }) => Math.round(duration));
  console.log(`${rows} rows, ${durations.length} long tasks in ${LOOKED_MILLIS / 1_000} s: ${durations.join(', ')} ms`);
  await load.stop();
  await keepPicture(page, 'many-workers');
  expect(load.failures).toEqual([]);
  expect(durations.filter((duration) => duration > LONGEST_MILLIS)).toEqual([]);
});
