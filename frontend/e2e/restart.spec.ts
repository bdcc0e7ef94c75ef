import { Load } from './Load';
import { expect, keepPicture, signIn, test } from './test';

test('a wrong password is refused, the right one shows the farm', async ({ page, drover }) => {
  await page.goto(drover.admin);
  await page.getByLabel('User name').fill('admin');
  await page.getByLabel('Password', { exact: true }).fill('not this one');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('alert')).toHaveText('User name or password is wrong.');
  await keepPicture(page, 'login-refused');

  await signIn(page, drover);

  await expect(page.getByRole('row', { name: /^Worker 1, more UP/ })).toBeVisible();
  await expect(page.getByRole('row', { name: /^Worker 2, more UP/ })).toBeVisible();
});

test('a worker is restarted and no visitor notices', async ({ page, drover }) => {
  const load = new Load(drover.site, { keeping: 6, renewing: 2 });
  await signIn(page, drover);
  const row = page.getByRole('row', { name: /^Worker 1,/ });

  const requests = page.getByRole('group', { name: 'Requests' });
  await expect(requests).not.toContainText(/Requests0\.0/);
  await expect(row.getByText(/^pid \d+$/)).toHaveCount(1);
  const before = await row.getByText(/^pid \d+$/).innerText();
  await row.getByRole('button', { name: 'Restart worker 1' }).click();
  const dialog = page.getByRole('dialog', { name: 'Restart worker 1?' });
  await expect(dialog).toContainText('on the old process');
  await keepPicture(page, 'restart-asked');
  await dialog.getByRole('button', { name: 'Restart worker 1' }).click();

  const trail = page.getByRole('region', { name: 'Restart of worker 1' });
  await expect(trail).toContainText(/STARTING/);
  await keepPicture(page, 'restart-running');
  await expect(trail).toContainText(/done in .* s: pid \d+ → \d+/, { timeout: 60_000 });
  for (const state of ['STARTING', 'DRAINING', 'UP']) {
    await expect(trail.getByRole('listitem').filter({ hasText: new RegExp(`${state}\\s*after`) })).toHaveCount(1);
  }
  await expect(page.getByRole('row', { name: /^Worker 1, more UP/ })).toBeVisible();
  await expect(row.getByText(/^pid \d+$/)).not.toHaveText(before);
  await keepPicture(page, 'restart-done');
  await load.stop();

  expect(load.requests).toBeGreaterThan(100);
  expect(load.failures).toEqual([]);
});

test('signing out ends the session', async ({ page, drover }) => {
  await signIn(page, drover);

  await page.getByRole('button', { name: 'Sign out' }).click();

  await expect(page.getByRole('form', { name: 'Sign in' })).toBeVisible();
  expect((await page.request.get(`${drover.admin}/api/v1/status`)).status()).toBe(401);
});
