import type { Locator } from '@playwright/test';
import { open } from '../pages';
import { expect, signIn, signInAs, test } from '../test';
import { addUser, becomeUser, removeUser, userRow } from '../users';

const first = 'seven brown herons 41';
const second = 'nine grey otters 62';
const third = 'two white storks 83';

test('a user is added, gets another role and password, and is removed', async ({ page, browser, drover }) => {
  await signIn(page, drover);
  await addUser(page, 'anna', 'viewer', first);
  const other = await browser.newContext();
  const anna = await other.newPage();
  await signInAs(anna, drover, 'anna', first);

  await page.getByRole('button', { name: 'Change the role of anna' }).click();
  const dialog = page.getByRole('dialog', { name: 'Change the role of anna?' });
  await dialog.getByLabel('Role').selectOption('operator');
  await dialog.getByRole('button', { name: 'Make anna operator' }).click();
  await expect(userRow(page, 'anna')).toContainText('operator');
  await expect(anna.getByRole('form', { name: 'Sign in' })).toBeVisible();

  await page.getByRole('button', { name: 'Set the password of anna' }).click();
  const form = page.getByRole('form', { name: 'Set the password of anna' });
  await form.getByLabel('Password', { exact: true }).fill(second);
  await form.getByRole('button', { name: 'Set the password' }).click();
  await expect(form).toHaveCount(0);
  await anna.getByLabel('User name').fill('anna');
  await anna.getByLabel('Password', { exact: true }).fill(first);
  await anna.getByRole('button', { name: 'Sign in' }).click();
  await expect(anna.getByRole('alert')).toHaveText('User name or password is wrong.');

  await signInAs(anna, drover, 'anna', second);
  await open(anna, 'Access');
  const own = anna.getByRole('form', { name: 'Change your password' });
  await own.getByLabel('Present password', { exact: true }).fill(second);
  await own.getByLabel('New password', { exact: true }).fill(third);
  await own.getByLabel('New password again', { exact: true }).fill(first);
  await own.getByRole('button', { name: 'Change the password' }).click();
  await expect(own.getByRole('alert')).toHaveText('The new password was typed in two ways.');
  await own.getByLabel('New password again', { exact: true }).fill(third);
  await own.getByRole('button', { name: 'Change the password' }).click();
  await expect(own).toContainText('Your password is changed.');
  await becomeUser(anna, drover, 'anna', third);

  await removeUser(page, 'anna');
  await expect(anna.getByRole('form', { name: 'Sign in' })).toBeVisible();
  await page.getByLabel('Words in the audit').fill('admin anna');
  const audit = page.getByRole('table', { name: 'Audit' });
  await expect(audit.getByRole('row')).not.toHaveCount(1);
  await expect(audit.getByRole('row').nth(1)).toContainText('anna');
  await page.getByLabel('Words in the audit').fill('nobody did this');
  await expect(page.getByText('No line holds these words.')).toBeVisible();
  await other.close();
});

test('a token is made, shown once, works, and is revoked', async ({ page, drover }) => {
  await signIn(page, drover);
  await open(page, 'Access');
  await page.getByRole('button', { name: 'Make a token' }).click();
  const form = page.getByRole('form', { name: 'Make a token' });
  await form.getByLabel('Name').fill('scraper');
  await form.getByLabel('Role').selectOption('viewer');
  await form.getByLabel('Days until it expires').fill('7');
  await form.getByRole('button', { name: 'Make the token' }).click();
  const secret = await page.getByLabel('Secret', { exact: true }).innerText();
  const status = async () =>
    (await fetch(`${drover.admin}/api/v1/status`, { headers: { Authorization: `Bearer ${secret}` } })).status;

  expect(await status()).toBe(200);
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.getByRole('button', { name: 'Copy', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Copied' })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(secret);
  await page.getByRole('button', { name: 'I have kept it' }).click();
  await expect(page.getByText(secret)).toHaveCount(0);
  await page.reload();
  const row = page.getByRole('table', { name: 'Tokens' }).getByRole('row', { name: /^scraper / });
  await expect(row).toContainText('viewer');
  expect(await page.content()).not.toContain(secret);

  await row.getByRole('button', { name: 'Revoke the token scraper' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke scraper' }).click();
  await expect(row).toHaveCount(0);
  expect(await status()).toBe(401);
  await page.getByLabel('Words in the audit').fill('token');
  const audit = page.getByRole('table', { name: 'Audit' });
  await expect(audit.getByRole('row', { name: /POST \/api\/v1\/tokens .*role viewer, 7 days/ })).toHaveCount(1);
  await expect(audit.getByRole('row', { name: /DELETE \/api\/v1\/tokens\/.* revoked/ })).toHaveCount(1);
});

test('a password that is typed is hidden until one wants to see it', async ({ page, drover }) => {
  const eye = async (scope: Locator, field: string, button: string) => {
    const input = scope.getByLabel(field, { exact: true });
    await input.fill(first);
    await expect(input).toHaveAttribute('type', 'password');
    await scope.getByRole('button', { name: button, exact: true }).click();
    await expect(input).toHaveAttribute('type', 'text');
    await expect(input).toHaveValue(first);
    await scope.getByRole('button', { name: button, exact: true }).click();
    await expect(input).toHaveAttribute('type', 'password');
  };
  await page.goto(drover.admin);
  await eye(page.getByRole('form', { name: 'Sign in' }), 'Password', 'Show password');

  await signIn(page, drover);
  await open(page, 'Access');
  const own = page.getByRole('form', { name: 'Change your password' });
  await eye(own, 'Present password', 'Show the present password');
  await eye(own, 'New password', 'Show the new password');
  await eye(own, 'New password again', 'Show the new password again');
  await page.getByRole('button', { name: 'Add a user' }).click();
  await eye(page.getByRole('form', { name: 'Add a user' }), 'Password', 'Show the password');
});
