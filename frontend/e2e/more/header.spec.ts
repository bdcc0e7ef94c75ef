import { open } from '../pages';
import { expect, signIn, test } from '../test';

test('numbers are held still and go on, the colours can be switched, and a phone has a menu', async ({
  page,
  drover,
}) => {
  await page.emulateMedia({ colorScheme: 'light' });
  await signIn(page, drover);
  const connection = page.getByRole('status', { name: 'Connection' });
  const requests = page.getByRole('group', { name: 'Requests' });
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  await expect(connection).toHaveText('Paused');
  const held = await requests.textContent();
  const toldAt = async () => {
    const answer = await page.request.get(`${drover.admin}/api/v1/status`);
    return Date.parse(((await answer.json()) as { at: string }).at);
  };
  const before = await toldAt();
  await Promise.all(Array.from({ length: 40 }, () => drover.ask('/')));
  await expect.poll(toldAt).toBeGreaterThan(before + 1_500);
  expect(await requests.textContent()).toBe(held);
  await page.getByRole('button', { name: 'Resume', exact: true }).click();
  await expect(connection).toHaveText('Live');

  await page.getByRole('button', { name: 'Switch to dark' }).click();
  await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'dark');
  await page.getByRole('button', { name: 'Switch to light' }).click();
  await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'light');

  await page.setViewportSize({ width: 390, height: 844 });
  await page.getByRole('button', { name: 'Show the pages' }).click();
  await page.getByRole('button', { name: 'Hide the pages' }).click();
  await open(page, 'Sites');
  await expect(page.getByRole('heading', { level: 1, name: 'Sites' })).toBeVisible();
});
