// Against a server that fails in ways that the real one cannot be made to.
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { DAY, Fake, keyAnswer } from './support/fake.js';
import { openBrowser, Profile } from './support/tabs.js';

const OLD = 'secret-v1-key-of-old';
const KEY = 'secret-v2-key';
const NEXT = 'secret-v2-key-that-follows';
const VALIDATE = 'GET /api/auth/v2/validate';
const MIGRATE = 'POST /api/auth/v2/migrate';
const REFRESH = 'POST /api/auth/v2/refresh';
const THINGS = 'GET /things';
const MINUTE = 60_000;

const made = (text, refreshAfter) => ({ status: 201, body: keyAnswer(text, refreshAfter) });
const valid = { status: 200, body: { valid: true } };
const refused = { status: 401, body: { code: 'invalid_token' } };
const broken = { status: 500, body: { code: 'internal' } };
const stored = (refreshAfter) => JSON.stringify({ ...keyAnswer(KEY, refreshAfter), validated_at: Date.now() });
const only = (...texts) => ({ authorization }) => (texts.some((text) => authorization === `Bearer ${text}`) ? { status: 200 } : refused);

let fake, other, browser;
before(async () => { [fake, other, browser] = await Promise.all([Fake.start(), Fake.start(), openBrowser()]); });
beforeEach(() => { fake.reset(); other.reset(); });
after(async () => { await browser?.close(); await fake?.stop(); await other?.stop(); });

/** A test with a tab of a profile that has this stored. */
const inTab = (name, content, body, options) => test(name, { timeout: 30_000 }, async () => {
  const profile = await Profile.open(browser, { stored: content });
  try { await body(await profile.tab(fake.url, { timeoutMs: 500, ...options, ...(options?.allowsOther && { allowedOrigins: [other.url] }) }), profile); } finally { await profile.close(); }
});

for (const status of [404, 410]) {
  inTab(`uses the V1 key where V2 is answered ${status}`, { api_key: OLD }, async (tab) => {
    fake.answers = { [MIGRATE]: { status }, [THINGS]: only(OLD) };
    assert.equal(await tab.ready(), 'v1');
    assert.equal(await tab.evaluate(() => auth.hasV2), false);
    assert.equal(await tab.get('/things'), 200);
    assert.equal(await tab.stored('api_key'), OLD);
  });
}

for (const [name, answer] of Object.entries({ 'a server error': broken, 'no answer in time': 'silence', 'a 429': { status: 429, headers: { 'Retry-After': '30' } } })) {
  inTab(`goes on with V1 after ${name}, and migrates later`, { api_key: OLD }, async (tab) => {
    fake.answers = { [MIGRATE]: answer, [THINGS]: only(OLD, KEY) };
    assert.equal(await tab.ready(), 'v1');
    assert.equal(await tab.get('/things'), 200);
    fake.answers = { ...fake.answers, [MIGRATE]: made(KEY), [VALIDATE]: valid };
    assert.equal(await tab.get('/things'), 200);
    assert.equal(fake.to(MIGRATE).length, 1, 'not at once');
    await tab.later(answer.status === 429 ? 31_000 : MINUTE + 1);
    assert.equal(await tab.get('/things'), 200);
    assert.equal(fake.to(THINGS).at(-1).authorization, `Bearer ${KEY}`);
    assert.equal(await tab.stored('api_key'), null);
    assert.equal(await tab.state(), 'v2');
  });
}

inTab('keeps the V1 key until the new one was validated', { api_key: OLD }, async (tab) => {
  fake.answers = { [MIGRATE]: made(KEY), [VALIDATE]: broken, [THINGS]: only(OLD) };
  assert.equal(await tab.ready(), 'v1');
  assert.equal(await tab.stored('api_key'), OLD);
  assert.equal(await tab.get('/things'), 200);
  fake.answers[VALIDATE] = valid;
  await tab.later(MINUTE + 1);
  assert.equal(await tab.ready(), 'v2');
  assert.equal(await tab.stored('api_key'), null);
  assert.equal(fake.to(MIGRATE).length, 1, 'the key that was made is used');
});

inTab('goes on with V1 when the new key is refused, and does not ask for more and more', { api_key: OLD }, async (tab) => {
  fake.answers = { [MIGRATE]: made(KEY), [VALIDATE]: refused, [THINGS]: only(OLD) };
  assert.equal(await tab.ready(), 'v1');
  await tab.later(2 * MINUTE);
  assert.equal(await tab.get('/things'), 200);
  assert.equal(fake.to(MIGRATE).length, 1);
});

inTab('waits a day when a V1 key was migrated too often', { api_key: OLD }, async (tab) => {
  fake.answers = { [MIGRATE]: { status: 409, body: { code: 'already_migrated' } }, [THINGS]: only(OLD) };
  assert.equal(await tab.ready(), 'v1');
  await tab.later(DAY / 2);
  assert.equal(await tab.get('/things'), 200);
  assert.equal(fake.to(MIGRATE).length, 1);
});

inTab('finds out that a V1 key ended', { api_key: OLD }, async (tab) => {
  fake.answers = { [MIGRATE]: broken, 'GET /api/auth/validate': refused, [THINGS]: refused };
  await tab.ready();
  assert.equal(await tab.get('/things'), 401);
  assert.equal(await tab.state(), 'expired');
});

inTab('makes a V1 key where there is no V2', {}, async (tab) => {
  fake.answers = { 'POST /api/auth/register_api_key': { status: 201, body: { api_key: OLD } }, [THINGS]: only(OLD) };
  assert.equal(await tab.evaluate(() => auth.register('a page')), 'v1');
  assert.equal(await tab.stored('api_key'), OLD);
  assert.equal(await tab.get('/things'), 200);
});

inTab('goes on with its key when refreshing fails, and tries again later', { latchkey: stored(Date.now() - 1000) }, async (tab) => {
  fake.answers = { [REFRESH]: broken, [THINGS]: only(KEY, NEXT) };
  assert.equal(await tab.get('/things'), 200);
  assert.equal(await tab.get('/things'), 200);
  assert.equal(fake.to(REFRESH).length, 1);
  fake.answers[REFRESH] = made(NEXT);
  await tab.later(MINUTE + 1);
  assert.equal(await tab.get('/things'), 200);
  assert.equal((await tab.record()).api_key, NEXT);
});

inTab('many calls refresh once', { latchkey: stored(Date.now() - 1000) }, async (tab) => {
  fake.answers = { [REFRESH]: made(NEXT), [THINGS]: only(NEXT) };
  assert.deepEqual(await Promise.all(Array.from({ length: 8 }, () => tab.get('/things'))), Array(8).fill(200));
  assert.equal(fake.to(REFRESH).length, 1);
});

inTab('a key whose refresh was answered, and the answer lost, is expired', { latchkey: stored(Date.now() - 1000) }, async (tab) => {
  fake.answers = { [REFRESH]: 'silence', [VALIDATE]: refused, [THINGS]: refused };
  assert.equal(await tab.get('/things'), 401);
  assert.equal(await tab.state(), 'expired');
});

inTab('takes no key along to where a redirect leads', { latchkey: stored(Date.now() - 1000) }, async (tab) => {
  fake.answers = {
    [REFRESH]: { status: 307, headers: { Location: `${other.url}/steal` } },
    [THINGS]: { status: 307, headers: { Location: `${other.url}/things` } },
  };
  other.answers = { [THINGS]: { status: 200 } };
  assert.equal(await tab.get('/things'), 200);
  assert.deepEqual(other.requests.map(({ call, authorization }) => [call, authorization]), [[THINGS, undefined]]);
});

inTab('sends no key to another origin', { latchkey: stored() }, async (tab) => {
  other.answers = { [THINGS]: { status: 200 } };
  for (const url of [`${other.url}/things`, other.url.replace('http://', '//') + '/things']) assert.equal(await tab.get(url), 200);
  assert.equal(await tab.evaluate((url) => auth.fetch(new Request(url)).then(({ status }) => status), `${other.url}/things`), 200);
  assert.deepEqual(other.requests.map(({ authorization }) => authorization), [undefined, undefined, undefined]);
});

inTab('sends it to an origin that is allowed', { latchkey: stored() }, async (tab) => {
  other.answers = { [THINGS]: only(KEY) };
  assert.equal(await tab.get(`${other.url}/things`), 200);
}, { allowsOther: true });

inTab('leaves a request alone that has a credential', { latchkey: stored() }, async (tab) => {
  fake.answers = { [THINGS]: refused };
  assert.equal(await tab.get('/things', { headers: { Authorization: 'Bearer of-its-own' } }), 401);
  assert.deepEqual(fake.requests.map(({ call, authorization }) => [call, authorization]), [[THINGS, 'Bearer of-its-own']]);
});

inTab('a 401 that is not about the key is answered as it is, and the key looked at once', { latchkey: stored() }, async (tab) => {
  fake.answers = { [VALIDATE]: valid, [THINGS]: refused };
  assert.equal(await tab.get('/things'), 401);
  assert.deepEqual(fake.requests.map(({ call }) => call), [THINGS, VALIDATE]);
  assert.equal(await tab.state(), 'v2');
});

inTab('a service that is down says nothing about a key', { latchkey: stored() }, async (tab) => {
  fake.answers = { [VALIDATE]: broken, [THINGS]: refused };
  assert.equal(await tab.get('/things'), 401);
  assert.equal(await tab.state(), 'v2');
});

inTab('sends the body again with the new key', { latchkey: stored() }, async (tab) => {
  const answer = only(NEXT);
  const next = JSON.stringify({ ...keyAnswer(NEXT), validated_at: Date.now() });
  fake.answers = { 'POST /things': answer };
  await tab.route(`${fake.url}/things`, async (route) => {
    await tab.evaluate((text) => localStorage.setItem('latchkey', text), next);
    await route.continue();
  }, { times: 1 });
  assert.equal(await tab.get('/things', { method: 'POST', body: 'a thing' }), 200);
  assert.deepEqual(fake.to('POST /things').map(({ body }) => body), ['a thing', 'a thing']);
});

inTab('measures the clock of the service by its Date', { latchkey: stored(Date.now() + DAY / 2) }, async (tab) => {
  fake.answers = { [VALIDATE]: { ...valid, sendsDate: true }, [REFRESH]: made(NEXT) };
  await tab.ready();
  assert.equal(fake.to(REFRESH).length, 0, 'the window opens in half a day, whatever the clock of the browser says');
  assert.ok(Math.abs((await tab.record()).clock_offset + DAY) < 5000);
}, { shiftMs: DAY });

for (const text of ['{"api_key":', '"text"', '{"api_key":"secret-v2 key"}', `{"api_key":"${KEY}","expires_at":"soon"}`]) {
  inTab(`takes ${text} for nothing, tells of it, and leaves it`, { latchkey: text }, async (tab) => {
    fake.answers = { [VALIDATE]: refused };
    assert.equal(await tab.ready(), 'none');
    assert.deepEqual(await tab.events(), ['badstorage latchkey']);
    assert.equal(await tab.stored('latchkey'), text);
  });
}

inTab('takes a V1 text that cannot be sent for nothing', { api_key: 'no key\n' }, async (tab) => {
  assert.equal(await tab.ready(), 'none');
  assert.deepEqual(await tab.events(), ['badstorage api_key']);
});

inTab('goes on in memory when the storage takes nothing', { latchkey: stored(Date.now() - 1000) }, async (tab) => {
  await tab.evaluate(() => { Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); }; });
  fake.answers = { [REFRESH]: made(NEXT), [THINGS]: only(NEXT) };
  assert.equal(await tab.get('/things'), 200);
  assert.equal(await tab.get('/things'), 200);
  assert.equal(fake.to(REFRESH).length, 1);
});

inTab('forgets both keys', { latchkey: stored(), api_key: OLD }, async (tab) => {
  await tab.evaluate(() => auth.forget());
  assert.deepEqual([await tab.stored('latchkey'), await tab.stored('api_key'), await tab.state()], [null, null, 'none']);
});
