import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';

/** Every page, by the name that its picture gets, and what is on it when it is whole. */
export const pages = [
  { name: 'overview', path: '/', whole: 'Workers' },
  { name: 'worker', path: '/workers/1', whole: 'Event loops' },
  { name: 'sites', path: '/sites', whole: 'Virtual hosts' },
  { name: 'logs', path: '/logs', whole: 'Logs' },
  { name: 'events', path: '/events', whole: 'Crash reports' },
  { name: 'config', path: '/config', whole: 'Generations' },
  { name: 'explain', path: '/explain', whole: 'No URL yet' },
  { name: 'access', path: '/access', whole: 'Your password' },
] as const;

/** What axe calls serious or critical; in `[]` there is nothing to read. */
export async function barriers(page: Page, rules?: string[]): Promise<string[]> {
  // There are no frames from elsewhere, for which the other mode opens a page of its own each time.
  const axe = new AxeBuilder({ page }).setLegacyMode();
  const { violations } = await (rules ? axe.withRules(rules) : axe).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`);
}

/** Buttons that reach out of their panel, whose edge may hide them; those of a table scroll with it. */
export function overhanging(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll('.panel button')]
      .filter((button) => {
        const panel = button.closest('.panel');
        if (panel === null || !button.checkVisibility() || button.closest('[role="region"][tabindex="0"]') !== null)
          return false;
        const { left, right } = button.getBoundingClientRect();
        return left < panel.getBoundingClientRect().left || right > panel.getBoundingClientRect().right;
      })
      .map((button) => button.textContent),
  );
}

/** Goes there as one does, by the links, so that the page need not be loaded anew. */
export async function open(page: Page, name: string): Promise<void> {
  const menu = page.getByRole('button', { name: 'Show the pages' });
  if (await menu.isVisible()) await menu.click();
  await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name, exact: true }).click();
}
