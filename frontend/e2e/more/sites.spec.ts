import { open } from '../pages';
import { expect, signIn, test } from '../test';

test('virtual hosts are ordered by what is asked for', async ({ page, drover }) => {
  const ask = (host: string, path: string, times: number) =>
    Promise.all(Array.from({ length: times }, () => drover.ask(path, { Host: host })));
  await ask('docs.localhost', '/guide.html', 60);
  await ask('localhost', '/', 20);
  await signIn(page, drover);
  await open(page, 'Sites');
  const order = page.getByLabel('Order by');
  const hosts = page.getByRole('table', { name: 'Virtual hosts' }).getByRole('row').getByRole('button');
  /** The numbers of a column from above, by its place behind the name; kB and MB as bytes. */
  const column = (name: string) =>
    page.getByRole('table', { name: 'Virtual hosts' }).evaluate((table, wanted) => {
      const heads = [...table.querySelectorAll('thead th')].map((head) => head.textContent.trim());
      const units: Record<string, number> = { kB: 1e3, MB: 1e6, GB: 1e9, s: 1e3 };
      return [...table.querySelectorAll('tbody tr')]
        .map((row) => row.children[heads.indexOf(wanted)]?.textContent.trim() ?? '')
        .map((text) => (parseFloat(text.replaceAll(',', '')) || 0) * (units[text.split(' ')[1] ?? ''] ?? 1));
    }, name);

  for (const name of ['Requests', '5xx', 'p99', 'Bytes', 'Requests/s']) {
    await order.selectOption(name);
    await expect(async () => {
      const numbers = await column(name);
      expect(numbers, name).toEqual(numbers.toSorted((one, other) => other - one));
    }).toPass();
  }
  await order.selectOption('Name');
  const names = await hosts.allInnerTexts();
  expect(names).toContain('docs');
  expect(names).toEqual(names.toSorted((one, other) => one.localeCompare(other)));
});
