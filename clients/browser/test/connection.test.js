// The login that connects an account, as a person sees it: the packaged service, a certified provider, and a browser between them.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { Provider } from './support/provider.js';
import { Service } from './support/service.js';
import { openBrowser } from './support/tabs.js';

const BASE = '/token-management';
const SECRET = 'a secret of the provider, in 40 characters';
const PASSWORD = 'a-long-enough-Password-for-tests';
const HOSTILE = '<img src=x onerror="document.title=1"><script>document.title=2</script>&amp;';

let provider, service, browser, site;
before(async () => {
  provider = await Provider.start();
  service = await Service.start('http://127.0.0.1:1', { 'latchkey.oauth.discovery': 'any' });
  // Another site than the provider's, as it is in life: cookies have to travel from one to the other.
  site = service.url.replace('127.0.0.1', 'localhost');
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await service?.stop();
  await provider?.stop();
});

/** A tenant with one client, which the provider knows too. */
const newBranch = async (workspace = 'The desk') => {
  const name = `b${randomUUID().slice(0, 12).replace('-', '')}`;
  await service.call('POST', '/api/auth/register', { body: { username: name, email: `${name}@example.org`, password: PASSWORD } });
  const { body: { access_token: key } } = await service.call('POST', '/api/auth/login', { body: { username: name, password: PASSWORD } });
  const redirectUri = `${site}${BASE}/auth/callback`;
  await provider.add({ client_id: name, client_secret: SECRET, redirect_uris: [redirectUri], token_endpoint_auth_method: 'client_secret_basic' });
  const { status, body } = await service.call('POST', `${BASE}/clients`, {
    key, body: {
      client_id: name, client_secret: SECRET, redirect_uri: redirectUri, branch_id: name,
      workspace_email: 'desk@example.org', workspace_name: workspace, provider: `oidc:${provider.issuer}`,
    },
  });
  assert.equal(status, 201, JSON.stringify(body));
  return { login: `${site}${BASE}/oauth/login/${body.client_id}`, token: () => service.call('GET', `${BASE}/tokens/${name}`, { key }) };
};

/** A test with a browser profile of its own; `tab.answers` are those that documents came in. */
const inTab = (name, options, body) => test(name, { timeout: 60_000 }, async () => {
  const context = await browser.newContext(options);
  try {
    const tab = await context.newPage();
    tab.said = [];
    tab.sent = [];
    tab.on('console', (message) => tab.said.push(message.text()));
    tab.on('request', (request) => tab.sent.push(request.url()));
    await body(tab);
  } finally { await context.close(); }
});
const answered = async (tab, answer, branch) => {
  await tab.goto(branch.login);
  const arrived = tab.waitForResponse((response) => response.url().startsWith(`${site}${BASE}/auth/callback`));
  await tab.getByRole('link', { name: answer }).click();
  const response = await arrived;
  await tab.waitForLoadState();
  return response;
};
const heading = (tab) => tab.getByRole('heading').textContent();

inTab('an account is connected, and the page holds nothing but words', {}, async (tab) => {
  const branch = await newBranch();
  assert.equal((await branch.token()).status, 409);
  const response = await answered(tab, 'Agree', branch);
  assert.equal(response.status(), 200);
  assert.equal(await heading(tab), 'The account is connected');
  assert.equal(await tab.title(), 'The account is connected');
  assert.match(await tab.getByRole('paragraph').textContent(), /^The desk \(desk@example\.org\) is connected/);

  const { status, body } = await branch.token();
  assert.equal(status, 200);
  assert.ok(body.access_token.length > 20);
  assert.ok(!(await tab.content()).includes(body.access_token));
  assert.deepEqual(tab.sent.filter((url) => url.includes(body.access_token)), []);
  assert.deepEqual(tab.sent.filter((url) => ![site, provider.issuer].includes(new URL(url).origin)), []);
  // After it was shown nothing more was asked for.
  assert.equal(tab.sent.at(-1), response.url());
  assert.equal(await tab.locator('script, img, iframe, link, form, a, object').count(), 0);

  const headers = await response.allHeaders();
  assert.match(headers['content-security-policy'], /^default-src 'none'; style-src 'sha256-[\w+/=]+'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'$/);
  assert.equal(headers['cache-control'], 'no-store');
  assert.equal(headers['referrer-policy'], 'no-referrer');
  assert.equal(headers['x-frame-options'], 'DENY');
  // The policy lets the page's own style in, and a browser has nothing to complain about.
  assert.equal(await tab.evaluate(() => getComputedStyle(document.querySelector('main')).maxWidth), '448px');
  assert.deepEqual(tab.said, []);
});

inTab('who does not agree connects nothing', {}, async (tab) => {
  const branch = await newBranch();
  const response = await answered(tab, 'Deny', branch);
  assert.equal(response.status(), 400);
  assert.equal(await heading(tab), 'The account is not connected');
  assert.equal((await branch.token()).status, 409);
  // And may think better of it.
  await answered(tab, 'Agree', branch);
  assert.equal(await heading(tab), 'The account is connected');
  assert.equal((await branch.token()).status, 200);
});

inTab('a callback counts once, however often it is loaded', {}, async (tab) => {
  const branch = await newBranch();
  await answered(tab, 'Agree', branch);
  const { body: { access_token: token } } = await branch.token();
  assert.equal((await tab.reload()).status(), 400);
  assert.equal(await heading(tab), 'The account is not connected');
  await tab.goto('about:blank');
  await tab.goBack();
  assert.equal(await heading(tab), 'The account is not connected');
  assert.equal((await branch.token()).body.access_token, token);
});

inTab('a callback that was stolen is of no use in another browser, and stays good in its own', {}, async (tab) => {
  const branch = await newBranch();
  await tab.goto(branch.login);
  // The provider's answer is kept from the browser that it is for.
  let callback;
  await tab.route(`${provider.issuer}/**`, async (route) => {
    let response = await route.fetch({ maxRedirects: 0 });
    while (response.status() < 400 && response.headers().location) {
      const next = new URL(response.headers().location, response.url()).href;
      if (next.startsWith(site)) {
        callback = next;
        break;
      }
      response = await tab.context().request.get(next, { maxRedirects: 0 });
    }
    await route.fulfill({ contentType: 'text/html', body: 'stolen' });
  });
  await tab.getByRole('link', { name: 'Agree' }).click();
  await tab.getByText('stolen').waitFor();

  const thief = await browser.newContext();
  try {
    const page = await thief.newPage();
    assert.equal((await page.goto(callback)).status(), 400);
    assert.equal(await heading(page), 'The account is not connected');
    // With a login of their own under way as well.
    await page.goto(branch.login);
    assert.equal((await page.goto(callback)).status(), 400);
  } finally { await thief.close(); }
  assert.equal((await branch.token()).status, 409);

  assert.equal((await tab.goto(callback)).status(), 200);
  assert.equal((await branch.token()).status, 200);
});

inTab('what a tenant wrote is shown as it was written, and not run', {}, async (tab) => {
  const branch = await newBranch(HOSTILE);
  await answered(tab, 'Agree', branch);
  assert.equal(await tab.title(), 'The account is connected');
  assert.ok((await tab.getByRole('paragraph').textContent()).startsWith(HOSTILE));
  assert.equal(await tab.locator('script, img').count(), 0);
});

for (const colorScheme of ['light', 'dark']) {
  inTab(`the page can be read on a small screen, ${colorScheme}`, { viewport: { width: 320, height: 640 }, colorScheme }, async (tab) => {
    const branch = await newBranch('W'.repeat(255));
    await answered(tab, 'Agree', branch);
    const { wide, background, color } = await tab.evaluate(() => ({
      wide: document.documentElement.scrollWidth, background: getComputedStyle(document.querySelector('main')).backgroundColor,
      color: getComputedStyle(document.querySelector('p')).color,
    }));
    assert.equal(wide, 320, 'it has to be scrolled sideways');
    const light = (rgb) => rgb.match(/\d+/g).slice(0, 3).reduce((sum, part) => sum + Number(part), 0) / 3;
    assert.ok((light(background) - light(color)) * (colorScheme === 'light' ? 1 : -1) > 150, `${color} on ${background}`);
    if (process.env.LATCHKEY_TEST_PICTURES) await tab.screenshot({ path: `${process.env.LATCHKEY_TEST_PICTURES}/${colorScheme}.png` });
  });
}
