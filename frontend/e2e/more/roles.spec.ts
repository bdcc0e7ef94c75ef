import { pages } from '../pages';
import { expect, signIn, test } from '../test';
import { addUser, becomeUser, removeUser } from '../users';

/** What commands the farm. A viewer sees none of them. */
const ofOperators =
  /^(Rolling restart|Scale|Rebalance|Restart worker|Start worker|More for worker|Abort|Roll back|Roll out|Reload the file|Make a token|Revoke)/;

/** What says who may what, and what the configuration is. Only an admin sees them. */
const ofAdmins = /^(Add a user|Change the role|Set the password|Remove|Apply|Rehearse|Discard)/;

for (const role of ['viewer', 'operator'] as const) {
  test(`each page opens for the ${role}, with the buttons that it may use`, async ({ page, drover }) => {
    const name = `the-${role}`;
    const password = 'four red kites 29';
    await signIn(page, drover);
    await addUser(page, name, role, password);
    await becomeUser(page, drover, name, password);

    for (const { path, whole } of pages) {
      await page.goto(drover.admin + path);
      await expect(page.getByRole('heading', { name: whole }).first()).toBeVisible();
      await expect(page.getByRole('status', { name: /^Loading/ })).toHaveCount(0);
      await expect(page.getByRole('button', { name: ofAdmins }), path).toHaveCount(0);
      await expect(page.getByRole('heading', { name: /^(Users|Audit)/ }), path).toHaveCount(0);
      await expect(page.getByRole('alert'), path).toHaveCount(0);
      if (role === 'viewer') await expect(page.getByRole('button', { name: ofOperators }), path).toHaveCount(0);
    }
    await expect(page.getByText(`You are ${name}, ${role}.`)).toBeVisible();
    await page.goto(`${drover.admin}/config`);
    await expect(page.getByRole('textbox', { name: 'Configuration' })).toHaveAttribute('aria-readonly', 'true');
    await page.goto(drover.admin);
    const commands = page.getByRole('button', { name: /^(Rolling restart|Scale|Rebalance|Restart worker [12])$/ });
    await expect(page.getByRole('row', { name: /^Worker 2,/ })).toBeVisible();
    await expect(commands).toHaveCount(role === 'viewer' ? 0 : 5);

    await becomeUser(page, drover, 'admin', drover.password);
    await page.goto(`${drover.admin}/access`);
    await removeUser(page, name);
  });
}
