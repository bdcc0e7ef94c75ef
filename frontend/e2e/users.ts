import type { Page } from '@playwright/test';
import type { Drover } from './Drover';
import { open } from './pages';
import { expect, signInAs } from './test';

/** Adds a user on the Access page, as the admin that is signed in. */
export async function addUser(page: Page, name: string, role: string, password: string): Promise<void> {
  await open(page, 'Access');
  await page.getByRole('button', { name: 'Add a user' }).click();
  const form = page.getByRole('form', { name: 'Add a user' });
  await form.getByLabel('Name').fill(name);
  await form.getByLabel('Role').selectOption(role);
  await form.getByLabel('Password', { exact: true }).fill(password);
  await form.getByRole('button', { name: 'Add the user' }).click();
  await expect(userRow(page, name)).toContainText(role);
}

export async function removeUser(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: `Remove ${name}` }).click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: `Remove ${name}` })
    .click();
  await expect(userRow(page, name)).toHaveCount(0);
}

export function userRow(page: Page, name: string) {
  return page.getByRole('table', { name: 'Users' }).getByRole('row', { name: new RegExp(`^${name} `) });
}

/** Ends the session there is, and begins one of somebody else. */
export async function becomeUser(page: Page, drover: Drover, name: string, password: string): Promise<void> {
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByRole('form', { name: 'Sign in' })).toBeVisible();
  await signInAs(page, drover, name, password);
}
