import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { Load } from './Load';
import { expect, keepPicture, signIn, test } from './test';

/** What axe calls serious or critical; in `[]` there is nothing to read. */
async function barriers(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`);
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`nothing keeps people out, ${colorScheme}`, async ({ page, drover }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.goto(drover.admin);
    await expect(page.getByRole('form', { name: 'Sign in' })).toBeVisible();
    expect(await barriers(page)).toEqual([]);
    await keepPicture(page, `login-${colorScheme}`);

    const load = new Load(drover.site, { keeping: 4, renewing: 1 });
    await signIn(page, drover);
    await expect(page.getByRole('group', { name: 'Throughput' })).toContainText(/[kMG]B\/s/);
    expect(await barriers(page)).toEqual([]);
    await keepPicture(page, `overview-${colorScheme}`);
    await load.stop();
  });
}

test('a phone shows all of it without scrolling sideways', async ({ page, drover }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await signIn(page, drover);
  await expect(page.getByRole('row', { name: /^Worker 1 UP/ })).toBeVisible();

  const width = await page.evaluate(() => document.documentElement.scrollWidth);

  expect(width).toBe(390);
  await keepPicture(page, 'overview-phone');
});

test('whoever has only a keyboard can restart', async ({ page, drover }) => {
  await signIn(page, drover);
  const button = page.getByRole('row', { name: /^2 / }).getByRole('button', { name: 'Restart worker 2' });
  const dialog = page.getByRole('dialog', { name: 'Restart worker 2?' });

  await button.focus();
  await page.keyboard.press('Enter');
  await expect(dialog.getByRole('button', { name: 'Cancel' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(button).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(dialog.getByRole('button', { name: 'Cancel' })).toBeFocused();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');

  const trail = page.getByRole('region', { name: 'Restart of worker 2' });
  await expect(trail).toContainText(/done in .* s/, { timeout: 60_000 });
});
