import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { Load } from '../Load';
import { expect, keepPicture, signIn, test } from '../test';

const WORKERS = 64;
const LOOKED_MILLIS = 60_000;
const LONGEST_MILLIS = 100;
const CALM_MILLIS = 5_000;
const WARM_REQUESTS = 50 * WORKERS;

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
  await expect.poll(idleShare, { message: '64 workers have started', timeout: 120_000 }).toBeGreaterThan(0.5);
  // Few visitors, so that numbers move: they, 64 workers and the browser share the machine, and the page is what is asked about.
  const load = new Load(drover.site, { keeping: 2, renewing: 1 });
  await expect
    .poll(() => load.requests, { message: 'the workers are warm', timeout: 120_000 })
    .toBeGreaterThan(WARM_REQUESTS);
  await expect(page.getByRole('group', { name: 'Requests' })).not.toContainText(/Requests0\.0/);
  const rows = await page.getByRole('table', { name: 'Workers' }).getByRole('rowheader').count();
  expect(rows).toBe(WORKERS);

  const settled = await page.evaluate(() => performance.now());
  await page.waitForFunction((until) => performance.now() > until, settled + LOOKED_MILLIS, {
    polling: 1_000,
    timeout: 2 * LOOKED_MILLIS,
  });

  const tasks = await page.evaluate(() => window.__longTasks);
  const durations = tasks
    .filter(({ startTime }) => startTime > settled && startTime < settled + LOOKED_MILLIS)
    .map(({ duration }) => Math.round(duration));
  console.log(`${rows} rows, ${durations.length} long tasks in ${LOOKED_MILLIS / 1_000} s: ${durations.join(', ')} ms`);
  await load.stop();
  await keepPicture(page, 'many-workers');
  expect(load.failures).toEqual([]);
  expect(durations.filter((duration) => duration > LONGEST_MILLIS)).toEqual([]);
});

/** What part of five seconds the machine has nothing to do: 64 processes that have only just begun compile much. */
async function idleShare(): Promise<number> {
  const before = processorTimes();
  await wait(CALM_MILLIS);
  const after = processorTimes();
  return (after.idle - before.idle) / (after.all - before.all);
}

/** In ticks, of all processors. Source: proc_stat(5). */
function processorTimes(): { idle: number; all: number } {
  const times = (readFileSync('/proc/stat', 'utf8').split('\n')[0] ?? '').trim().split(/\s+/).slice(1, 9).map(Number);
  return { idle: (times[3] ?? 0) + (times[4] ?? 0), all: times.reduce((sum, time) => sum + time, 0) };
}
