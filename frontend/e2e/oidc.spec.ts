import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from '@playwright/test';
import Provider from 'oidc-provider';
import { Drover } from './Drover';
import { expect, keepPicture, test as base } from './test';

const SECRET = 'known to the provider and to Drover';

/** A real OpenID provider on another host name than Drover's, so that the browser treats them as two sites. */
class OpenIdProvider {
  readonly issuer: string;
  private readonly server: Server;

  private constructor(server: Server) {
    this.server = server;
    this.issuer = `http://localhost:${(server.address() as AddressInfo).port}`;
  }

  /** It listens, but is out of order until it opens. */
  static async start(): Promise<OpenIdProvider> {
    const server = createServer();
    server.on('request', outOfOrder);
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    return new OpenIdProvider(server);
  }

  open(drover: Drover): void {
    const provider = new Provider(this.issuer, {
      clients: [{ client_id: 'drover', client_secret: SECRET, redirect_uris: [`${drover.admin}/login/oidc/callback`] }],
      claims: { openid: ['sub'], profile: ['preferred_username', 'realm'] },
      findAccount: (_context: unknown, id: string) => ({
        accountId: id,
        claims: () => ({ sub: id, preferred_username: id, realm: { groups: GROUPS[id] ?? [] } }),
      }),
    });
    this.server.off('request', outOfOrder);
    const answer = provider.callback();
    this.server.on('request', (request, response) => void answer(request, response));
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
  }
}

const outOfOrder = (_request: unknown, response: { writeHead: (status: number) => { end: () => void } }) =>
  response.writeHead(503).end();

const GROUPS: Record<string, string[]> = { carol: ['web', 'ops'], victor: ['web'] };

const test = base.extend<object, { provider: OpenIdProvider }>({
  provider: [
    // eslint-disable-next-line no-empty-pattern
    async ({}, use) => {
      const provider = await OpenIdProvider.start();
      await use(provider);
      await provider.stop();
    },
    { scope: 'worker' },
  ],
  drover: [
    async ({ provider }, use) => {
      const drover = await Drover.start(1, {
        'oidc-secret': SECRET,
        admin: [
          'oidc:',
          `  issuer: ${provider.issuer}`,
          '  name: Example',
          '  client-id: drover',
          '  client-secret-file: oidc-secret',
          '  role-claim: realm.groups',
          '  admins: [ops]',
          '  viewers: [web, others]',
        ],
      });
      await use(drover);
      await drover.stop();
    },
    { scope: 'worker', timeout: 100_000 },
  ],
});

test('users of an OpenID provider sign in with the role that their groups give them', async ({
  page,
  drover,
  provider,
}) => {
  const alert = page.getByRole('alert');
  await page.goto(drover.admin);
  await keepPicture(page, 'login-oidc');
  await page.getByRole('link', { name: 'Sign in with Example' }).click();
  await expect(alert).toContainText('could not be reached');

  provider.open(drover);
  await signInAtProvider(page, drover, 'carol');
  await expect(page.getByRole('status', { name: 'Connection' })).toHaveText('Live');
  await page.goto(`${drover.admin}/access`);
  await expect(page.getByText('You are oidc:carol, admin.')).toBeVisible();
  await expect(page.getByLabel('Current password')).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Make a token' })).toHaveCount(0);
  const line = page.getByRole('row').filter({ hasText: 'oidc:carol' }).first();
  await expect(line).toContainText('login');
  expect(await page.content(), 'the code that the provider sent').not.toContain('code=');
  const cookies = (await page.context().cookies(drover.admin)).map(({ name, sameSite }) => [name, sameSite]);
  expect(cookies.sort()).toEqual([
    ['JSESSIONID', 'Strict'],
    ['XSRF-TOKEN', 'Strict'],
  ]);
  const withoutToken = await page.request.post(`${drover.admin}/api/v1/reload`);
  expect(withoutToken.status(), 'without the CSRF token').toBe(403);

  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByLabel('User name')).toBeVisible();
  await page.context().clearCookies();
  await signInAtProvider(page, drover, 'victor');
  await page.goto(`${drover.admin}/access`);
  await expect(page.getByText('You are oidc:victor, viewer.')).toBeVisible();
});

test('whoever has no role, does not sign in or was never sent there stays outside and reads why', async ({
  page,
  drover,
}) => {
  const alert = page.getByRole('alert');
  await signInAtProvider(page, drover, 'mallory');
  await expect(alert).toContainText('You have no role here.');

  await page.context().clearCookies();
  await page.goto(drover.admin);
  await page.getByRole('link', { name: 'Sign in with Example' }).click();
  await page.getByRole('link', { name: 'Cancel' }).click();
  await expect(alert).toContainText('You did not sign in at the provider.');

  await page.goto(`${drover.admin}/login/oidc/callback?code=stolen&state=guessed`);
  await expect(alert).toContainText('began in another browser');
  expect((await page.request.get(`${drover.admin}/api/v1/session`)).status()).toBe(401);
});

test('a login that began in another browser ends in that one only', async ({ page, drover, browser }) => {
  const sent = page.waitForRequest((request) => request.url().includes('code_challenge='));
  await toProvider(page, drover, 'carol');
  const asked = new URL((await sent).url()).searchParams;
  expect(asked.get('code_challenge_method')).toBe('S256');
  expect(asked.get('nonce')).toBeTruthy();
  const consent = new URL((await page.locator('form').getAttribute('action')) ?? '', page.url()).href;
  const resumed = await page.request.post(consent, { form: { prompt: 'consent' }, maxRedirects: 0 });
  const granted = await page.request.get(resumed.headers().location ?? '', { maxRedirects: 0 });
  const back = granted.headers().location ?? '';
  expect(back).toContain('code=');

  const other = await browser.newContext();
  const stranger = await other.newPage();
  await stranger.goto(back);
  await expect(stranger.getByRole('alert')).toContainText('began in another browser');
  await other.close();

  await page.goto(back);
  await expect(page.getByRole('status', { name: 'Connection' })).toHaveText('Live');
});

async function signInAtProvider(page: Page, drover: Drover, user: string): Promise<void> {
  await toProvider(page, drover, user);
  await page.getByRole('button', { name: 'Continue' }).click();
}

/** As far as where the provider asks whether Drover may know. */
async function toProvider(page: Page, drover: Drover, user: string): Promise<void> {
  await page.goto(drover.admin);
  await page.getByRole('link', { name: 'Sign in with Example' }).click();
  await page.locator('input[name=login]').fill(user);
  await page.locator('input[name=password]').fill('any');
  await page.getByRole('button', { name: 'Sign-in' }).click();
  await expect(page.getByRole('button', { name: 'Continue' })).toBeVisible();
}
