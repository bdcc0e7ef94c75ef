import { open } from '../pages';
import { expect, signIn, test } from '../test';

test('what could not be read is asked for again', async ({ page, drover }) => {
  await signIn(page, drover);
  await page.route('**/api/v1/explain?*', (route) =>
    route.fulfill({ status: 409, contentType: 'application/problem+json', body: '{"detail":"Not at the moment."}' }),
  );
  await page.goto(`${drover.admin}/explain?url=http://docs.localhost/guide.html&method=GET`);
  await expect(page.getByRole('alert')).toContainText('This URL could not be read. Not at the moment.');

  await page.unroute('**/api/v1/explain?*');
  await page.getByRole('button', { name: 'Try again' }).click();

  await expect(page.getByRole('region', { name: /^200 / })).toBeVisible();
  await expect(page.getByRole('alert')).toHaveCount(0);
});

test('a log that could not be followed is followed again', async ({ page, drover }) => {
  await signIn(page, drover);
  await page.route('**/api/v1/logs/master/tail*', (route) =>
    route.fulfill({ status: 503, contentType: 'application/problem+json', body: '{}' }),
  );
  await page.route('**/api/v1/logs/master?*', (route) =>
    route.fulfill({ status: 503, contentType: 'application/problem+json', body: '{"detail":"Too many look."}' }),
  );
  await page.goto(`${drover.admin}/logs?log=master`);
  await expect(page.getByRole('alert')).toHaveText('The log master cannot be followed. Too many look.');

  await page.unrouteAll();
  await page.getByRole('button', { name: 'Try again' }).click();

  await expect(page.getByRole('log', { name: 'Log master' })).toContainText(/INFO/);
  await expect(page.getByText(/^Following\./)).toBeVisible();
});

test('a page whose file is gone is loaded anew', async ({ page, drover }) => {
  await page.route('**/assets/SitesPage-*.js', (route) => route.fulfill({ status: 404 }));
  await signIn(page, drover);
  await open(page, 'Sites');
  await expect(page.getByRole('heading', { name: 'This page does not work' })).toBeVisible();

  await page.unrouteAll();
  await page.getByRole('button', { name: 'Load it anew' }).click();

  await expect(page.getByRole('heading', { level: 1, name: 'Sites' })).toBeVisible();
});

test('an address without a page leads to the overview', async ({ page, drover }) => {
  await signIn(page, drover);
  await page.goto(`${drover.admin}/nowhere`);
  await expect(page.getByText('Nothing is at /nowhere.')).toBeVisible();

  await page.getByRole('link', { name: 'Go to the overview' }).click();

  await expect(page.getByRole('table', { name: 'Workers' })).toBeVisible();
});
