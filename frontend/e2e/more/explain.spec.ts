import { open } from '../pages';
import { expect, signIn, test } from '../test';

/** What differs with the moment and the connection, not with the URL. */
const ofTheMoment = ['date', 'connection', 'keep-alive'];

for (const { path, status, file } of [
  { path: '/guide.html', status: 200, file: 'docs/guide.html' },
  { path: '/nowhere.html', status: 404, file: 'none' },
] as const) {
  test(`${status}: what is explained is what is answered`, async ({ page, drover }) => {
    const url = `http://docs.localhost${path}`;
    const answer = await drover.answerTo(path, { Host: 'docs.localhost' });
    await signIn(page, drover);
    await open(page, 'Explain');

    await page.getByLabel('URL', { exact: true }).fill(url);
    await page.getByRole('button', { name: 'Explain', exact: true }).click();

    const verdict = page.getByRole('region', { name: new RegExp(`^${status} `) });
    await expect(verdict).toContainText(/Site\/.*\/sites\/docs/);
    await expect(verdict).toContainText('docs.localhost');
    await expect(verdict).toContainText(file);
    await expect(verdict).toContainText(/Cache/);
    await expect(page.getByRole('region', { name: 'Step by step' }).getByRole('listitem')).not.toHaveCount(0);
    await expect(page.getByRole('region', { name: 'Rules that apply' })).toBeVisible();
    expect(answer.status).toBe(status);
    const rows = page.getByRole('table', { name: 'Fields' }).locator('tbody tr');
    const shown = await rows.evaluateAll((all) =>
      all.map((row) => [(row.children[0]?.textContent ?? '').toLowerCase(), row.children[1]?.textContent ?? '']),
    );
    expect(Object.fromEntries(shown.filter(([name = '']) => !ofTheMoment.includes(name)))).toEqual(
      Object.fromEntries(Object.entries(answer.fields).filter(([name]) => !ofTheMoment.includes(name))),
    );
  });
}

test('another method is answered in another way, and stands in the address', async ({ page, drover }) => {
  await signIn(page, drover);
  await open(page, 'Explain');
  await page.getByLabel('URL', { exact: true }).fill('http://docs.localhost/guide.html');

  for (const [method, status] of [
    ['POST', 405],
    ['OPTIONS', 204],
    ['HEAD', 200],
  ] as const) {
    await page.getByLabel('Method', { exact: true }).selectOption(method);
    await page.getByRole('button', { name: 'Explain', exact: true }).click();
    await expect(page.getByRole('region', { name: new RegExp(`^${status} `) })).toBeVisible();
    await expect(page).toHaveURL(new RegExp(`method=${method}`));
  }
  await page.reload();
  await expect(page.getByLabel('Method', { exact: true })).toHaveValue('HEAD');
  await expect(page.getByRole('region', { name: /^200 / })).toBeVisible();
});
