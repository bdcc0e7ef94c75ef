import { test as base, expect, type Page } from '@playwright/test';
import { Drover } from './Drover';

/** One real Drover for all tests of a run that want as many workers. */
export const test = base.extend<object, { farmSize: number; drover: Drover }>({
  farmSize: [2, { option: true, scope: 'worker' }],
  drover: [
    async ({ farmSize }, use) => {
      const drover = await Drover.start(farmSize);
      await use(drover);
      await drover.stop();
    },
    { scope: 'worker', timeout: 400_000 },
  ],
});

export { expect };

export function signIn(page: Page, drover: Drover): Promise<void> {
  return signInAs(page, drover, 'admin', drover.password);
}

export async function signInAs(page: Page, drover: Drover, user: string, password: string): Promise<void> {
  await page.goto(drover.admin);
  await page.getByLabel('User name').fill(user);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('status', { name: 'Connection' })).toHaveText('Live');
}

export async function keepPicture(page: Page, name: string): Promise<void> {
  // As high as the page: what is far off the screen is not drawn.
  const { width, height } = page.viewportSize() ?? { width: 1280, height: 900 };
  const whole = await page.evaluate(() => document.documentElement.scrollHeight);
  await page.setViewportSize({ width, height: Math.max(height, whole) });
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
  await page.screenshot({ path: `target/screenshots/${name}.png`, fullPage: true });
  await page.setViewportSize({ width, height });
}
