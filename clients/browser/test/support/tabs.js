// Tabs of a real browser. Each test has a profile of its own; whatever it did, no key may stand in a URL or on the console.
import assert from 'node:assert/strict';
import { chromium } from 'playwright-core';
import { moduleText, PAGE } from './fake.js';

const FLAGS = ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const KEY = /eyJ[\w-]{20,}|v1_[A-Za-z0-9]{40,}|secret-/;

export const openBrowser = () => chromium.launch({ executablePath: process.env.LATCHKEY_TEST_CHROMIUM ?? '/usr/bin/chromium', args: FLAGS });

export class Profile {
  static async open(browser, { stored = {}, hasLocks = true } = {}) {
    const profile = new Profile();
    profile.context = await browser.newContext();
    profile.said = [];
    profile.sent = [];
    profile.context.on('console', (message) => profile.said.push(message.text()));
    profile.context.on('request', (request) => profile.sent.push(request));
    if (!hasLocks) await profile.context.addInitScript(() => { delete Navigator.prototype.locks; });
    profile.stored = stored;
    return profile;
  }

  /** A tab on a page of that origin, which has `auth`, made with these options, and `events`. */
  async tab(url, options = {}, { servesPage = false } = {}) {
    const page = await this.context.newPage();
    if (servesPage) {
      await page.route(`${url}/page`, (route) => route.fulfill({ contentType: 'text/html', body: PAGE }));
      await page.route(`${url}/latchkey-auth.js`, (route) => route.fulfill({ contentType: 'text/javascript', body: moduleText() }));
    }
    await page.goto(`${url}/page`);
    await page.evaluate(async ({ stored, options }) => {
      for (const [name, text] of Object.entries(stored)) localStorage.setItem(name, text);
      const { LatchkeyAuth } = await import('/latchkey-auth.js');
      window.shiftMs = options.shiftMs ?? 0;
      window.events = [];
      window.auth = new LatchkeyAuth({
        ...options, now: () => Date.now() + window.shiftMs,
        onChange: (state, { previous }) => window.events.push(`${previous}>${state}`),
      });
      for (const type of ['problem', 'badstorage']) {
        auth.addEventListener(type, ({ detail }) => window.events.push(`${type} ${detail.status ?? detail.storageKey}`));
      }
    }, { stored: this.stored, options });
    this.stored = {};
    page.ready = () => page.evaluate(() => auth.ready());
    page.state = () => page.evaluate(() => auth.state);
    page.events = () => page.evaluate(() => window.events);
    page.later = (ms) => page.evaluate((more) => { window.shiftMs += more; }, ms);
    page.stored = (name) => page.evaluate((key) => localStorage.getItem(key), name);
    page.record = async () => JSON.parse(await page.stored('latchkey'));
    page.get = (target, init) => page.evaluate(async ([to, how]) => (await auth.fetch(to, how)).status, [target, init]);
    return page;
  }

  /** How many requests to that path this profile sent. */
  count(path) { return this.sent.filter((request) => new URL(request.url()).pathname === path && request.method() !== 'OPTIONS').length; }

  async close() {
    await this.context.close();
    assert.deepEqual(this.said.filter((text) => KEY.test(text)), [], 'a key on the console');
    assert.deepEqual(this.sent.map((request) => request.url()).filter((url) => KEY.test(url)), [], 'a key in a URL');
  }
}
