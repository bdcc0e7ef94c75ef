import { Load } from './Load';
import { expect, keepPicture, signIn, test } from './test';

const row = (slot: number) => new RegExp(`^Worker ${slot},`);

test('numbers are live under load, and the past can be looked at', async ({ page, drover }) => {
  const load = new Load(drover.site, { keeping: 6, renewing: 2 });
  await signIn(page, drover);
  await expect(page.getByRole('group', { name: 'Requests' })).not.toContainText(/Requests0\.0/);
  await expect(page.getByRole('group', { name: 'First byte' })).toContainText(/ms p50.* p99/);
  await expect(page.getByRole('group', { name: 'Cache hits' })).toContainText(/ %/);
  await expect(
    page.getByRole('img', { name: /^Requests per second, last five minutes\. All: now [\d,.]+/ }),
  ).toBeVisible();

  await page.getByRole('radiogroup', { name: 'How much is shown' }).getByText('15 min').click();
  await expect(page.getByRole('group', { name: 'Requests' })).toContainText('on average');
  await expect(page.getByRole('img', { name: /^5xx answers per second, 15 minutes/ })).toBeVisible();
  await page.getByRole('button', { name: 'Earlier' }).click();
  await expect(page).toHaveURL(/from=\d+&to=\d+/);
  const earlier = page.url();
  await page.getByRole('button', { name: 'Later' }).click();
  await expect(page).not.toHaveURL(earlier);
  await page.getByRole('slider', { name: 'End of what is shown' }).press('Home');
  await expect(page.getByRole('heading', { name: 'Nothing is known of this time' })).toBeVisible();
  await page.getByRole('radiogroup', { name: 'How much is shown' }).getByText('Live').click();
  await expect(page.getByRole('group', { name: '5xx and shed' })).toBeVisible();
  await load.stop();
});

test('a rolling restart is followed, and one is aborted', async ({ page, drover }) => {
  const load = new Load(drover.site, { keeping: 4, renewing: 1 });
  await signIn(page, drover);
  const rolling = page.getByRole('region', { name: 'Rolling restart' });
  const start = async () => {
    await page.getByRole('button', { name: 'Rolling restart' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Restart 2 workers' }).click();
  };

  await start();
  await expect(rolling).toContainText(/of 2 workers done/);
  await keepPicture(page, 'rolling-restart');
  await rolling.getByRole('button', { name: 'Abort after this worker' }).click();
  await expect(rolling).toContainText(/aborted after/, { timeout: 60_000 });
  await start();
  await expect(rolling.filter({ hasText: /done in/ })).toBeVisible({ timeout: 60_000 });
  await load.stop();

  expect(load.failures).toEqual([]);
});

test('the pool grows, is rebalanced, and shrinks', async ({ page, drover }) => {
  await signIn(page, drover);
  const scale = async (size: number) => {
    await page.getByRole('button', { name: 'Scale' }).click();
    await page.getByRole('dialog').getByLabel('Workers').fill(String(size));
    await page
      .getByRole('dialog')
      .getByRole('button', { name: `Scale to ${size}` })
      .click();
  };

  await scale(3);
  await expect(page.getByRole('row', { name: row(3) })).toContainText('UP', { timeout: 60_000 });
  await page.getByRole('button', { name: 'Rebalance' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Rebalance' }).click();
  await expect(page.getByRole('region', { name: 'Rebalancing' })).toContainText(/done in/);
  await scale(2);
  await expect(page.getByRole('row', { name: row(3) })).toHaveCount(0, { timeout: 60_000 });
});

test('a worker is stopped, started, drained and killed', async ({ page, drover }) => {
  await signIn(page, drover);
  const worker = page.getByRole('row', { name: row(2) });
  const order = async (verb: string) => {
    const button = worker.getByRole('button', { name: `${verb} worker 2` });
    if (await button.isVisible()) await button.click();
    else {
      await worker.getByRole('button', { name: 'More for worker 2' }).click();
      await page.getByRole('menuitem', { name: `${verb} worker 2` }).click();
    }
    await page
      .getByRole('dialog')
      .getByRole('button', { name: `${verb} worker 2` })
      .click();
    await expect(page.getByRole('dialog')).toHaveCount(0);
  };

  await order('Stop');
  await expect(worker).toContainText('STOPPED', { timeout: 30_000 });
  await order('Start');
  await expect(worker).toContainText(/UP.*pid \d+/, { timeout: 30_000 });
  await order('Drain');
  await expect(worker).toContainText('STOPPED', { timeout: 30_000 });
  await order('Start');
  await expect(worker).toContainText(/UP.*pid \d+/, { timeout: 30_000 });
  const before = await worker.getByText(/^pid \d+$/).innerText();
  await order('Kill');
  await expect(worker.getByText(/^pid \d+$/)).not.toHaveText(before, { timeout: 30_000 });
  await expect(worker).toContainText(/UP.*pid \d+/, { timeout: 30_000 });
});
