import { readFileSync, writeFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { open } from '../pages';
import { expect, signIn, test } from '../test';

const progress = (page: Page, name: RegExp) => page.getByRole('region', { name });

test('a reload that loses a page is refused, unless it is wanted all the same', async ({ page, drover }) => {
  const before = readFileSync(drover.configFile, 'utf8');
  await drover.ask('/guide.html', { Host: 'docs.localhost' });
  await signIn(page, drover);
  await open(page, 'Config');
  writeFileSync(drover.configFile, before.replace('[docs.localhost]', '[elsewhere.localhost]'));
  await page.reload();
  const reload = async (evenSo: boolean) => {
    await page.getByRole('button', { name: 'Reload the file' }).click();
    const dialog = page.getByRole('dialog', { name: 'Reload the file?' });
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await expect(dialog).toHaveCount(0);
    await page.getByRole('button', { name: 'Reload the file' }).click();
    if (evenSo) await dialog.getByLabel('Even if something is found no more').check();
    await dialog.getByRole('button', { name: 'Reload the file' }).click();
    await expect(dialog).toHaveCount(0);
  };

  /** One worker after the other takes it up. */
  const answered = (host: string, status: number) =>
    expect.poll(() => drover.ask('/guide.html', { Host: host }), { timeout: 60_000 }).toBe(status);

  await reload(false);
  const refused = progress(page, /^Generation \d+$/).filter({ hasText: /failed after/ });
  await expect(refused.last()).toContainText('guide.html', { timeout: 60_000 });
  expect(await drover.ask('/guide.html', { Host: 'docs.localhost' })).toBe(200);

  await reload(true);
  await answered('docs.localhost', 404);
  await answered('elsewhere.localhost', 200);
  await expect(page.getByRole('img', { name: 'running' })).toHaveCount(0, { timeout: 60_000 });

  await page.getByRole('textbox', { name: 'Configuration' }).fill(before);
  await page.getByRole('button', { name: 'Apply', exact: true }).click();
  const apply = page.getByRole('dialog', { name: 'Apply this configuration?' });
  await apply.getByLabel('Even if something is found no more').check();
  await apply.getByRole('button', { name: 'Apply 1 change' }).click();
  await answered('docs.localhost', 200);
  await expect.poll(() => readFileSync(drover.configFile, 'utf8')).toBe(before);
});

test('another version of the worker is rolled out, and one that is on its way is turned back', async ({
  page,
  drover,
}) => {
  const version = 'e2e-1';
  const takeAway = drover.offerWorker(version);
  try {
    await signIn(page, drover);
    await open(page, 'Config');
    const versions = page.getByRole('table', { name: 'Worker versions' });
    const row = (name: string) => versions.getByRole('row').filter({ hasText: name });
    const bundled = await versions.getByRole('rowheader').first().innerText();
    const rollOut = async (name: string) => {
      await row(name)
        .getByRole('button', { name: `Roll out version ${name}` })
        .click();
      const dialog = page.getByRole('dialog', { name: `Roll out worker ${name}?` });
      await expect(dialog.getByLabel('Even if something is found no more')).not.toBeChecked();
      await dialog.getByRole('button', { name: `Roll out ${name}` }).click();
      await expect(dialog).toHaveCount(0);
    };

    await rollOut(version);
    await expect(row(version)).toContainText('runs', { timeout: 90_000 });
    await expect(row(bundled)).toContainText('lies ready');
    await expect(page.getByText(/^Generation \d+ by admin, /)).toBeVisible();

    await rollOut(bundled);
    await page.getByRole('button', { name: /^Turn back to generation \d+$/ }).click();
    await expect(progress(page, /^Release as generation/).filter({ hasText: /aborted after/ })).toBeVisible({
      timeout: 90_000,
    });
    await expect(row(version)).toContainText('runs');

    await rollOut(bundled);
    await expect(row(bundled)).toContainText('runs', { timeout: 90_000 });
  } finally {
    takeAway();
  }
});
