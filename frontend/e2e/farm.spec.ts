import { readFileSync, writeFileSync } from 'node:fs';
import { open } from './pages';
import { expect, keepPicture, signIn, test } from './test';

test('a worker tells what it is at and what it has finished', async ({ page, drover }) => {
  await signIn(page, drover);
  await page.getByRole('link', { name: 'Worker 1, more' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Worker 1' })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Now', exact: true })).toContainText(/pid \d+ \(seat/);

  await expect(async () => {
    await drover.ask('/only-here', { Host: 'docs.localhost' });
    await expect(page.getByRole('table', { name: 'Finished last' })).toContainText('docs.localhost/only-here', {
      timeout: 2_500,
    });
  }).toPass();
});

test('sites are told apart, with their codes', async ({ page, drover }) => {
  await drover.ask('/guide.html', { Host: 'docs.localhost' });
  await drover.ask('/missing', { Host: 'docs.localhost' });
  await signIn(page, drover);
  await open(page, 'Sites');

  await page.getByLabel('Host', { exact: true }).fill('docs');
  await page.getByRole('button', { name: 'docs', exact: true }).click();
  await expect(page.getByRole('table', { name: 'Virtual hosts' })).toContainText(/GET 404/);
  await expect(page.getByRole('table', { name: 'Virtual hosts' })).toContainText(/p50 .* p99/);
  await page.getByLabel('Host', { exact: true }).fill('nowhere');
  await expect(page.getByText('No virtual host has “nowhere” in its name.')).toBeVisible();
});

test('a worker that is killed from outside leaves a crash report', async ({ page, drover }) => {
  await signIn(page, drover);
  const worker = page.getByRole('row', { name: /^Worker 1,/ });
  const pid = Number((await worker.getByText(/^pid \d+$/).innerText()).slice(4));
  process.kill(pid, 'SIGKILL');

  await open(page, 'Events');
  await page.getByRole('radiogroup', { name: 'Kind of events' }).getByText('Troubles').click();
  await page.getByLabel('Words in the events').fill('crashed worker 1');
  await expect(page.getByRole('listitem').filter({ hasText: 'worker crashed' }).first()).toBeVisible();
  const report = page.getByRole('row').filter({ hasText: String(pid) });
  await expect(report).toContainText('SIGKILL');
  await report.getByRole('link').click();
  await expect(page.getByRole('heading', { level: 1, name: 'Worker 1: crash' })).toBeVisible();
  await expect(page.getByRole('region', { name: 'What happened' })).toContainText(`pid ${pid}`);
  await keepPicture(page, 'crash');
});

test('a configuration is refused at its line, applied, rolled back, and reloaded from its file', async ({
  page,
  drover,
}) => {
  await signIn(page, drover);
  await open(page, 'Config');
  const editor = page.getByRole('textbox', { name: 'Configuration' });
  const before = readFileSync(drover.configFile, 'utf8');
  await expect(editor).toContainText('drain-timeout: 5s');

  await editor.fill(before.replace('workers: 2', 'workers: 99'));
  await expect(page.getByRole('alert')).toContainText(/Line 4, drover\.workers: /);
  await keepPicture(page, 'config-refused');
  await editor.fill(before.replace('drain-timeout: 5s', 'drain-timeout: 6s'));
  const changes = page.getByRole('table', { name: 'Changes' });
  await expect(changes).toContainText(/drover\.drain-timeout\s*5s\s*6s/);
  await page.getByRole('button', { name: 'Apply', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Apply 1 change' }).click();
  const second = page.getByRole('region', { name: 'Generation 2' }).filter({ hasText: /by admin/ });
  await expect(second).toContainText(/done in/, { timeout: 60_000 });
  expect(readFileSync(drover.configFile, 'utf8')).toContain('drain-timeout: 6s');
  await expect(page.getByText(/^Generation 2 by admin, /)).toBeVisible();
  await keepPicture(page, 'config-applied');

  await page.getByRole('button', { name: 'Roll back to generation 1' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Roll back to generation 1' }).click();
  await expect(page.getByText(/^Generation 3 by admin, /)).toBeVisible({ timeout: 60_000 });
  await expect(editor).toContainText('drain-timeout: 5s');

  writeFileSync(drover.configFile, before.replace('drain-timeout: 5s', 'drain-timeout: 7s'));
  await page.reload();
  await expect(page.getByRole('region', { name: 'Another text stands in the file' })).toContainText('7s');
  await page.getByRole('button', { name: 'Reload the file' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Reload the file' }).click();
  await expect(page.getByText(/^Generation 4 by admin, /)).toBeVisible({ timeout: 60_000 });
});

test('a configuration is rehearsed, and one in the file is refused with its reason', async ({ page, drover }) => {
  await drover.ask('/guide.html', { Host: 'docs.localhost' });
  await signIn(page, drover);
  await open(page, 'Config');
  const editor = page.getByRole('textbox', { name: 'Configuration' });
  const before = readFileSync(drover.configFile, 'utf8');
  await editor.fill(before.replace('[docs.localhost]', '[elsewhere.localhost]'));
  await page.getByRole('button', { name: 'Rehearse' }).click();
  await expect(page.getByRole('table', { name: 'Rehearsal' })).toContainText(
    /docs\.localhost\/guide\.html\s*200\s*404/,
  );
  await page.getByRole('button', { name: 'Discard the changes' }).click();
  await expect(editor).toContainText('[docs.localhost]');

  await page.getByRole('button', { name: 'Show generation 1', exact: true }).click();
  await expect(page.getByRole('region', { name: 'Text of generation 1' })).toContainText('workers: 2');
  await page.keyboard.press('Escape');

  writeFileSync(drover.configFile, before.replace('workers: 2', 'workers: 99'));
  await page.reload();
  const file = page.getByRole('region', { name: 'Another text stands in the file' });
  await expect(file.getByRole('alert')).toContainText(/Line 4: drover\.workers /);
  await expect(file.getByRole('button', { name: 'Reload the file' })).toBeDisabled();
  writeFileSync(drover.configFile, before);
});
