import { pages } from './pages';
import { expect, signIn, test } from './test';
import { payloads } from './payloads';

/** They would say so here, or in a dialog, or the browser would have to refuse them. */
declare global {
  interface Window {
    __xss?: unknown;
  }
}

test('what visitors send is text on every page', async ({ page, drover }) => {
  const alarms: string[] = [];
  page.on('dialog', (dialog) => {
    alarms.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('console', (message) => {
    if (/content security policy|refused to/i.test(message.text())) alarms.push(message.text());
  });
  page.on('pageerror', (error) => alarms.push(error.message));
  for (const payload of payloads) {
    const bytes = payload.replaceAll(' ', '+');
    await drover.askRaw(
      Buffer.from(
        `GET /${bytes} HTTP/1.1\r\nHost: docs.localhost\r\nUser-Agent: ${payload}\r\nReferer: ${payload}\r\nConnection: close\r\n\r\n`,
        'latin1',
      ),
    );
    await drover.askRaw(Buffer.from(`GET / HTTP/1.1\r\nHost: ${bytes}\r\nConnection: close\r\n\r\n`, 'latin1'));
    // What cannot stand in a path as it is comes as it may: decoded by whoever shows it, it would be the same.
    await drover.ask(`/${encodeURIComponent(payload)}`, { Host: 'docs.localhost', 'User-Agent': payload });
  }
  // A name that nobody has, tried at the door, is in the journal too.
  await page.goto(drover.admin);
  await page.getByLabel('User name').fill(payloads[0] ?? '');
  await page.getByLabel('Password', { exact: true }).fill('not this one');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('alert')).toBeVisible();
  await signIn(page, drover);

  for (const { path, whole } of pages) {
    await page.goto(drover.admin + path);
    await expect(page.getByRole('heading', { name: whole }).first()).toBeVisible();
    await expect(page.getByRole('status', { name: /^Loading/ })).toHaveCount(0);
    expect(await page.evaluate(() => window.__xss), path).toBeUndefined();
    expect(alarms, path).toEqual([]);
  }

  await page.goto(`${drover.admin}/workers/1`);
  const second = page.getByRole('table', { name: 'Finished last' });
  await expect(async () => {
    await drover.ask(`/${encodeURIComponent('"><script>window.__xss=1</script>')}`, { Host: 'docs.localhost' });
    await expect(second).toContainText('script', { timeout: 2_500 });
  }).toPass();
  expect(await page.evaluate(() => window.__xss)).toBeUndefined();
  expect(alarms).toEqual([]);
});
