import type { Page } from '@playwright/test';
import { open } from '../pages';
import { expect, signIn, test } from '../test';

const COMMANDS = 130;

/** Worker 1 is up already. Each command stands in the audit, and twice in the journal: accepted, and done. */
function orderInVain(page: Page, times: number): Promise<number[]> {
  return page.evaluate(async (wanted) => {
    const token = /(?:^|; )XSRF-TOKEN=([^;]*)/.exec(document.cookie)?.[1] ?? '';
    const statuses: number[] = [];
    while (statuses.length < wanted) {
      const answer = await fetch('/api/v1/workers/1/start', {
        method: 'POST',
        headers: { 'X-XSRF-TOKEN': decodeURIComponent(token) },
      });
      statuses.push(answer.status);
    }
    return statuses;
  }, times);
}

test('events and audit show the latest, and earlier ones when asked', async ({ page, drover }) => {
  await signIn(page, drover);
  expect(new Set(await orderInVain(page, COMMANDS))).toEqual(new Set([202]));
  const more = page.getByRole('button', { name: /^Show \d+ earlier ones$/ });

  await open(page, 'Events');
  await page.getByRole('radiogroup', { name: 'Kind of events' }).getByText('Commands').click();
  const events = page.getByRole('region', { name: 'Events', exact: true }).getByRole('listitem');
  await expect(events).toHaveCount(200);
  await more.click();
  await expect.poll(() => events.count()).toBeGreaterThanOrEqual(2 * COMMANDS);

  await open(page, 'Access');
  await page.getByLabel('Words in the audit').fill('workers/1/start');
  const lines = page.getByRole('table', { name: 'Audit' }).locator('tbody tr');
  await expect(lines).toHaveCount(50);
  await more.click();
  await expect(lines).toHaveCount(100);
});
