import { open } from '../pages';
import { expect, signIn, test } from '../test';

test('a log is followed, searched and held, and what visitors sent is text', async ({ page, drover }) => {
  await signIn(page, drover);
  await open(page, 'Logs');
  await page.getByLabel('Log', { exact: true }).selectOption('access');
  const log = page.getByRole('log', { name: 'Log access' });
  await expect(page.getByText(/^Following\./)).toBeVisible();
  await expect(page.getByLabel('Level')).toHaveCount(0);
  const hostile = '<img/src=x/onerror=window.__xss=1>';

  await drover.ask('/Seen-At-Once', { 'User-Agent': hostile });
  await expect(log).toContainText('/Seen-At-Once');
  await expect(log).toContainText(hostile);
  await expect(log.locator('img')).toHaveCount(0);

  await page.getByLabel('Search', { exact: true }).fill('seen-at-once');
  await expect(log.locator('mark').first()).toHaveText('Seen-At-Once');
  await drover.ask('/not-looked-for');
  await drover.ask('/seen-at-once-again');
  await expect(log).toContainText('/seen-at-once-again');
  await expect(log).not.toContainText('/not-looked-for');

  await page.getByRole('button', { name: 'Hold the log' }).click();
  await drover.ask('/seen-at-once-while-held');
  await expect(page.getByText('Held. 1 more lines since.')).toBeVisible();
  await expect(log).not.toContainText('while-held');
  await page.getByRole('button', { name: 'Follow the log' }).click();
  await expect(log).toContainText('while-held');

  await page.getByLabel('Search', { exact: true }).fill('nobody wrote this');
  await expect(page.getByText('No line holds this.')).toBeVisible();
  expect(await page.evaluate(() => window.__xss)).toBeUndefined();
});

test('each process has a log, and less of it matters more', async ({ page, drover }) => {
  await signIn(page, drover);
  await open(page, 'Logs');
  const choice = page.getByLabel('Log', { exact: true });
  for (const id of ['master', 'worker-1', 'admin']) {
    await choice.selectOption(id);
    await expect(page.getByRole('log', { name: `Log ${id}` })).toContainText(/INFO/);
  }

  // A line may quote another one, so its own level is what stands behind its time.
  const info = page.getByRole('log', { name: 'Log admin' }).getByText(/^\d\d:\d\d:\d\d INFO /);
  await expect(info.first()).toBeVisible();
  await page.getByLabel('Level').selectOption('WARN');
  await expect(page).toHaveURL(/log=admin&level=WARN/);
  await expect(page.getByText(/^Following\./)).toBeVisible();
  await expect(info).toHaveCount(0);
});

test('a worker shows its threads and what it wrote', async ({ page, drover }) => {
  await signIn(page, drover);
  await page.goto(`${drover.admin}/workers/1`);
  await expect(page.getByRole('log', { name: 'Log worker-1' })).toContainText(/INFO/);

  await page.getByRole('button', { name: 'Dump the threads' }).click();
  await expect(page.getByRole('region', { name: 'Threads of worker 1' })).toContainText(/main/);
  await page.getByRole('button', { name: 'Dump them again' }).click();
  await expect(page.getByRole('region', { name: 'Threads of worker 1' })).toContainText(/main/);
});
