import { expect, signIn, test } from '../test';

const MOST_BYTES = 350_000;

test('the first load is light, and what was loaded is kept', async ({ page, drover }) => {
  const network = await page.context().newCDPSession(page);
  await network.send('Network.enable');
  const files = new Map<string, string>();
  let bytes = 0;
  const ours = /\/(assets\/[^?]*)?$/;
  network.on('Network.responseReceived', ({ requestId, response }) => {
    if (ours.test(response.url) && !response.fromDiskCache) files.set(requestId, response.url);
  });
  network.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (files.has(requestId)) bytes += encodedDataLength;
  });

  await signIn(page, drover);
  await expect(page.getByRole('row', { name: /^Worker 2,/ })).toBeVisible();
  await expect(page.getByRole('img', { name: /^Requests per second/ })).toBeVisible();

  console.log(`${files.size} files, ${(bytes / 1000).toFixed(0)} kB`);
  expect([...files.values()].filter((url) => url.endsWith('.js')).length).toBeGreaterThan(1);
  expect(bytes).toBeLessThanOrEqual(MOST_BYTES);

  bytes = 0;
  files.clear();
  await page.reload();
  await expect(page.getByRole('row', { name: /^Worker 2,/ })).toBeVisible();
  expect(bytes).toBeLessThan(5_000);
});
