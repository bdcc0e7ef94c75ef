import { Load } from './Load';
import { barriers, overhanging, pages } from './pages';
import { expect, keepPicture, signIn, test } from './test';

/** By night only the colours are others. */
const SCHEMES = [
  { colorScheme: 'light', rules: undefined },
  { colorScheme: 'dark', rules: ['color-contrast'] },
] as const;

for (const { colorScheme, rules } of SCHEMES) {
  test(`nothing keeps people out, ${colorScheme}`, async ({ page, drover }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.goto(drover.admin);
    await expect(page.getByRole('form', { name: 'Sign in' })).toBeVisible();
    expect(await barriers(page, rules && [...rules])).toEqual([]);
    await keepPicture(page, `login-${colorScheme}`);

    const load = new Load(drover.site, { keeping: 4, renewing: 1 });
    await signIn(page, drover);
    await expect(page.getByRole('group', { name: 'Throughput' })).toContainText(/[kMG]B\/s/);
    for (const { name, path, whole } of pages) {
      await page.goto(drover.admin + path);
      await expect(page.getByRole('heading', { name: whole }).first()).toBeVisible();
      await expect(page.getByRole('status', { name: /^Loading/ })).toHaveCount(0);
      expect.soft(await barriers(page, rules && [...rules]), name).toEqual([]);
      await keepPicture(page, `${name}-${colorScheme}`);

      await page.setViewportSize({ width: 390, height: 844 });
      // A chart takes its new width a moment later.
      await expect(async () => {
        const width = await page.evaluate(() => document.documentElement.scrollWidth);
        expect(width, `${name} on a phone`).toBe(390);
      }).toPass({ timeout: 5_000 });
      expect.soft(await overhanging(page), `${name} on a phone`).toEqual([]);
      await keepPicture(page, `${name}-${colorScheme}-phone`);
      await page.setViewportSize({ width: 1280, height: 900 });
    }
    await load.stop();
  });
}

test('whoever has only a keyboard can restart', async ({ page, drover }) => {
  await signIn(page, drover);
  const button = page.getByRole('row', { name: /^Worker 2/ }).getByRole('button', { name: 'Restart worker 2' });
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
