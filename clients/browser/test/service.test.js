// Against the packaged service.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Fake, moduleText } from './support/fake.js';
import { REFRESH_OPENS_MS, Service } from './support/service.js';
import { openBrowser, Profile } from './support/tabs.js';

const VALIDATE = '/api/auth/v2/validate';
const REFRESH = '/api/auth/v2/refresh';
const MIGRATE = '/api/auth/v2/migrate';
const OWN_PAGE = { servesPage: true };
const MINUTE = 60_000;
const DAY = 86_400_000;

let elsewhere, service, browser;
before(async () => {
  elsewhere = await Fake.start();
  service = await Service.start(elsewhere.url);
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await service?.stop();
  await elsewhere?.stop();
});

/** A test with a browser profile of its own. */
const inProfile = (name, options, body) => test(name, { timeout: 60_000 }, async () => {
  const profile = await Profile.open(browser, typeof options === 'function' ? await options() : options);
  try { await body(profile); } finally { await profile.close(); }
});
const withV1Key = async () => ({ stored: { api_key: await service.newV1Key() } });
const sleep = (ms) => new Promise((resume) => setTimeout(resume, ms));
const tabOf = (profile, options) => profile.tab(service.url, options, OWN_PAGE);
const registered = async (profile, options) => {
  const tab = await tabOf(profile, options);
  await tab.evaluate(() => auth.register('a page', { from: 'test' }));
  return tab;
};
/** Holds the first request to that path until `release`; `arrived` is when it came. */
const hold = async (tab, path) => {
  let release, came;
  const arrived = new Promise((done) => { came = done; });
  const gate = new Promise((done) => { release = done; });
  await tab.route(service.url + path, async (route) => { came(); await gate; await route.continue(); }, { times: 1 });
  return { arrived, release };
};

test('the service serves the module as it stands here', async () => {
  const response = await fetch(`${service.url}/latchkey-auth.js`);
  assert.equal(response.status, 200);
  assert.match(response.headers.get('content-type'), /^(text|application)\/javascript/);
  assert.equal(await response.text(), moduleText());
});

inProfile('finds V2 with nothing stored', {}, async (profile) => {
  const tab = await tabOf(profile);
  assert.equal(await tab.ready(), 'none');
  assert.equal(await tab.evaluate(() => auth.hasV2), true);
});

inProfile('registers a key, and calls with it', {}, async (profile) => {
  const tab = await registered(profile);
  assert.equal(await tab.state(), 'v2');
  assert.equal(await tab.get(VALIDATE), 200);
  assert.deepEqual(Object.keys(await tab.evaluate(() => auth.info)).sort(), ['expires_at', 'key_id', 'role', 'scopes']);
});

inProfile('tells why no key was made', {}, async (profile) => {
  const tab = await tabOf(profile);
  const { status, code } = await tab.evaluate(() => auth.register('x').catch(({ status, code }) => ({ status, code })));
  assert.deepEqual([status, code], [422, 'validation_failed']);
});

inProfile('migrates a V1 key, and lets go of it after the new one was validated', withV1Key, async (profile) => {
  const tab = await tabOf(profile);
  const v1 = await tab.stored('api_key');
  assert.equal(await tab.ready(), 'v2');
  assert.equal(await tab.stored('api_key'), null);
  assert.equal((await tab.record()).role, 'basic');
  assert.equal(await tab.get(VALIDATE), 200);
  assert.equal((await service.call('GET', '/api/auth/validate', { key: v1 })).status, 200, 'others may hold it still');
  assert.equal(profile.count(MIGRATE), 1);
});

inProfile('two tabs migrate once', withV1Key, async (profile) => {
  const tabs = [await tabOf(profile), await tabOf(profile)];
  assert.deepEqual(await Promise.all(tabs.map((tab) => tab.ready())), ['v2', 'v2']);
  assert.equal(profile.count(MIGRATE), 1);
});

inProfile('reports a dead V1 key', { stored: { api_key: `v1_${'x'.repeat(43)}` } }, async (profile) => {
  const tab = await tabOf(profile);
  assert.equal(await tab.ready(), 'expired');
  assert.deepEqual(await tab.events(), ['problem 401', 'none>expired']);
  assert.notEqual(await tab.stored('api_key'), null, 'it is not ours to delete');
});

inProfile('goes on with V1 when the answer to a migration is lost, and migrates later', withV1Key, async (profile) => {
  const tab = await tabOf(profile);
  await tab.route(service.url + MIGRATE, async (route) => { await route.fetch(); await route.abort(); }, { times: 1 });
  assert.equal(await tab.ready(), 'v1');
  assert.equal(await tab.get('/api/auth/validate'), 200);
  assert.equal(profile.count(MIGRATE), 1, 'not again at once');
  await tab.later(2 * MINUTE);
  assert.equal(await tab.get(VALIDATE), 200);
  assert.equal(await tab.state(), 'v2');
});

inProfile('refreshes in the window, and not before', {}, async (profile) => {
  const tab = await registered(profile);
  const { api_key: old } = await tab.record();
  assert.equal(await tab.get(VALIDATE), 200);
  assert.equal(profile.count(REFRESH), 0);
  await sleep(REFRESH_OPENS_MS);
  assert.equal(await tab.get(VALIDATE), 200);
  assert.equal(profile.count(REFRESH), 1);
  assert.notEqual((await tab.record()).api_key, old);
  assert.equal((await service.call('GET', VALIDATE, { key: old })).status, 401);
});

inProfile('refreshes while a page is just left open', {}, async (profile) => {
  const tab = await registered(profile);
  await sleep(REFRESH_OPENS_MS + 1500);
  assert.ok(profile.count(REFRESH) >= 1);
  assert.equal(await tab.get(VALIDATE), 200);
});

for (const hasLocks of [true, false]) {
  inProfile(`two tabs refresh at once ${hasLocks ? 'with' : 'without'} locks: one new key, both go on`, { hasLocks }, async (profile) => {
    const one = await registered(profile);
    const two = await tabOf(profile);
    assert.equal(await two.ready(), 'v2');
    // Both stay out of the timer's way, and come together.
    for (const tab of [one, two]) await tab.later(-DAY);
    for (const tab of [one, two]) await tab.evaluate(() => { window.settled = auth.ready(); return window.settled; });
    await sleep(REFRESH_OPENS_MS);
    const before = profile.count(REFRESH);
    const answers = [];
    // The one that comes too late hears of it before the other one has its new key.
    const note = async (route) => {
      const response = await route.fetch();
      answers.push(response.status());
      if (response.status() === 201) await sleep(700);
      await route.fulfill({ response });
    };
    for (const tab of [one, two]) { await tab.route(service.url + REFRESH, note); await tab.later(DAY); }
    assert.deepEqual(await Promise.all([one.get(VALIDATE), two.get(VALIDATE)]), [200, 200]);
    assert.equal(answers.filter((status) => status === 201).length, 1);
    assert.equal(profile.count(REFRESH) - before, hasLocks ? 1 : 2);
    assert.deepEqual([await one.state(), await two.state()], ['v2', 'v2']);
    assert.equal((await service.call('GET', VALIDATE, { key: (await one.record()).api_key })).status, 200);
  });
}

inProfile('a call that was under way with the old key goes again with the new one', {}, async (profile) => {
  const one = await registered(profile);
  const two = await tabOf(profile);
  await two.ready();
  const held = await hold(two, '/api/auth/v2/keys');
  const call = two.get('/api/auth/v2/keys');
  await held.arrived;
  await sleep(REFRESH_OPENS_MS);
  assert.equal(await one.get(VALIDATE), 200);
  assert.ok(profile.count(REFRESH) >= 1);
  held.release();
  assert.equal(await call, 200);
  assert.equal(profile.count('/api/auth/v2/keys'), 2);
});

inProfile('a revoked key is expired, in each tab that meets it', {}, async (profile) => {
  const tab = await registered(profile);
  await service.call('POST', '/api/auth/v2/revoke', { key: (await tab.record()).api_key });
  assert.equal(await tab.get('/api/auth/v2/keys'), 401);
  assert.equal(await tab.state(), 'expired');
  assert.deepEqual(await tab.events(), ['none>v2', 'problem 401', 'v2>expired']);
  await tab.evaluate(() => auth.register('again'));
  assert.equal(await tab.get('/api/auth/v2/keys'), 200);
});

inProfile('asks the service about an expired key before it gives it up: the clock may be wrong', {}, async (profile) => {
  const tab = await registered(profile);
  const other = await tabOf(profile, { shiftMs: 10 * DAY });
  await tab.close();
  assert.equal(await other.ready(), 'v2');
  assert.deepEqual(await other.events(), ['problem 400', 'none>v2'], 'too early');
  assert.equal(profile.count(REFRESH), 1);
  assert.ok(Math.abs((await other.record()).clock_offset + 10 * DAY) < 1500, 'it tells the time to the second');
  assert.equal(await other.get(VALIDATE), 200);
  assert.equal(await other.ready(), 'v2');
  assert.equal(profile.count(REFRESH), 1, 'it waits');
  await sleep(REFRESH_OPENS_MS + 1000);
  assert.equal(await other.get(VALIDATE), 200);
  assert.ok(profile.count(REFRESH) >= 2);
});

inProfile('knows the time of the service from a key that it just made', {}, async (profile) => {
  const tab = await registered(profile, { shiftMs: -3 * DAY });
  assert.ok(Math.abs((await tab.record()).clock_offset - 3 * DAY) < 5000);
  await sleep(REFRESH_OPENS_MS);
  assert.equal(await tab.get(VALIDATE), 200);
  assert.ok(profile.count(REFRESH) >= 1);
});

inProfile('does not validate at each page', {}, async (profile) => {
  await registered(profile);
  const calls = profile.count(VALIDATE);
  assert.equal(await (await tabOf(profile)).ready(), 'v2');
  assert.equal(profile.count(VALIDATE), calls);
  assert.equal(await (await tabOf(profile, { shiftMs: 11 * MINUTE })).ready(), 'v2');
  assert.equal(profile.count(VALIDATE), calls + 1);
});

inProfile('forgets in all tabs, and revokes if asked', {}, async (profile) => {
  const one = await registered(profile);
  const two = await tabOf(profile);
  await two.ready();
  const { api_key } = await one.record();
  await one.evaluate(() => auth.forget({ revoke: true }));
  assert.equal(await one.stored('latchkey'), null);
  await two.waitForFunction(() => window.events.includes('v2>none'));
  assert.equal(await two.get(VALIDATE), 401);
  assert.equal((await service.call('GET', VALIDATE, { key: api_key })).status, 401);
});

inProfile('a refresh that was under way does not bring back what was forgotten', {}, async (profile) => {
  const tab = await registered(profile);
  const held = await hold(tab, REFRESH);
  await sleep(REFRESH_OPENS_MS);
  const call = tab.get(VALIDATE);
  await held.arrived;
  await tab.evaluate(() => auth.forget());
  held.release();
  assert.equal(await call, 401);
  assert.equal(await tab.stored('latchkey'), null);
  assert.equal(await tab.state(), 'none');
});

inProfile('is imported from the service by a page elsewhere, and knows the service then', {}, async (profile) => {
  const tab = await profile.tab(elsewhere.url);
  assert.equal(await tab.evaluate(async (url) => {
    const { LatchkeyAuth } = await import(`${url}/latchkey-auth.js`);
    const auth = new LatchkeyAuth();
    await auth.ready();
    return auth.hasV2;
  }, service.url), true);
});

inProfile('works from an origin that the service lets in', {}, async (profile) => {
  const tab = await profile.tab(elsewhere.url, { baseUrl: service.url });
  await tab.evaluate(() => auth.register('a page elsewhere'));
  assert.equal(await tab.get(VALIDATE), 200);
  await sleep(REFRESH_OPENS_MS);
  assert.equal(await tab.get(VALIDATE), 200);
  assert.ok(profile.count(REFRESH) >= 1);
  assert.equal(await tab.state(), 'v2');
});

inProfile('the example page does what its buttons say', {}, async (profile) => {
  const tab = await profile.context.newPage();
  await tab.goto(`${elsewhere.url}/example/?service=${encodeURIComponent(service.url)}`);
  const shows = (state) => tab.waitForFunction((text) => document.getElementById('state').value === text, state);
  await shows('none');
  await tab.click('#register');
  await shows('v2');
  await tab.click('#call');
  await tab.waitForFunction(() => document.getElementById('said').textContent.startsWith('200 '));
  await tab.click('#forget');
  await shows('none');
});
