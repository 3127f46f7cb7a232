// SPDX-License-Identifier: Apache-2.0
// Keeps the API key of a front end: brings a V1 key to V2, refreshes a V2 key in time, adds it to requests (clients/browser/README.md).
// The word of the service counts: the clock here only tells when to ask, and no key is given up before the service refused it.
// A key goes into the Authorization header or the body of a call to the service; never into a URL, an event, an error or a log.

const V1 = 'api/auth/';
const V2 = 'api/auth/v2/';
const [RETRY_MS, RETRY_REFUSED_MS, RETRY_TOO_OFTEN_MS, TIMER_MAX_MS] = [60_000, 3_600_000, 86_400_000, 3_600_000];
// Validating costs the key a piece of its hourly limit: pages that are opened often do not do it each time.
const TRUSTED_MS = 600_000;
// Tabs in different processes see each other's writes a little later, lock or not. Without locks, another tab's answer may be on its way.
const [STORAGE_LAG_MS, STORAGE_POLL_MS, POLLS_WITH_LOCKS, POLLS_WITHOUT] = [100, 100, 10, 30];

const sleep = (ms) => new Promise((resume) => setTimeout(resume, ms));
const isText = (key) => typeof key === 'string' && /^[\x21-\x7e]+$/.test(key);
const isRecord = (record) =>
  isText(record?.api_key) && !isNaN(Date.parse(record.expires_at)) && !isNaN(Date.parse(record.refresh_after));

/**
 * Events, all with `detail`: `change` {state, previous}; `problem` {status, code}: a key was refused, or a call failed (0: nobody
 * answered) and is made again later; `badstorage` {storageKey}: what is stored there is no key, and was left as it is.
 */
export class LatchkeyAuth extends EventTarget {
  #base; #origins; #storage; #names; #http; #now; #timeoutMs; #hasV2; #flight; #timer;
  #unsaved = new Map(); // what the storage did not take: it is full, or forbidden
  #dead = new Set(); // texts that the service refused
  #bad = new Map(); // what was told of already
  #lastState = 'none';
  #retryAt = 0;
  #offset; // the service's clock minus ours
  #turn = Promise.resolve();

  /**
   * @param {object} [options]
   * @param {string|URL} [options.baseUrl] of the service; by default where this module came from
   * @param {string[]} [options.allowedOrigins] that get the key besides the service's own
   * @param {Storage} [options.storage] by default localStorage, or memory where that is forbidden
   * @param {string} [options.storageKey] where the V2 key is kept, as JSON
   * @param {string} [options.v1StorageKey] where the V1 key is, as plain text
   * @param {typeof fetch} [options.fetch]
   * @param {() => number} [options.now] milliseconds since 1970
   * @param {number} [options.timeoutMs] of a call to the service
   * @param {(state: string, detail: {state: string, previous: string}) => void} [options.onChange]
   */
  constructor({ baseUrl = './', allowedOrigins = [], storage, storageKey = 'latchkey', v1StorageKey = 'api_key',
    fetch = (...call) => globalThis.fetch(...call), now = Date.now, timeoutMs = 10_000, onChange } = {}) {
    super();
    this.#base = new URL(baseUrl, import.meta.url);
    this.#base.pathname = this.#base.pathname.replace(/\/*$/, '/');
    this.#origins = new Set([this.#base, ...allowedOrigins].map((url) => new URL(url).origin));
    if (this.#origins.has('null')) throw new TypeError('baseUrl and allowedOrigins must be http or https');
    [this.#names, this.#http, this.#now, this.#timeoutMs] = [{ v2: storageKey, v1: v1StorageKey }, fetch, now, timeoutMs];
    // Where storage is forbidden, even naming it throws.
    try { this.#storage = storage ?? globalThis.localStorage; } catch { this.#storage = undefined; }
    if (onChange) this.addEventListener('change', ({ detail }) => onChange(detail.state, detail));
    globalThis.addEventListener('storage', (event) => this.#otherTabWrote(event));
  }

  /** @returns {'none'|'v1'|'v2'|'expired'} the key in use; `expired`: the service refused the one there is */
  get state() {
    const { v1, v2, inUse, any } = this.#keys();
    return !inUse ? (any ? 'expired' : 'none') : inUse === v1 ? 'v1' : 'v2';
  }

  /** @returns {boolean|undefined} whether the service has V2; undefined until it answered */
  get hasV2() { return this.#hasV2; }

  /** @returns {{key_id: string, role: string, scopes: string[], expires_at: string}|undefined} of the V2 key in use; never its text */
  get info() {
    const { key_id, role, scopes, expires_at } = (this.state === 'v2' && this.#record()) || {};
    return key_id && { key_id, role, scopes, expires_at };
  }

  /** Finds out what the service has, and does what is due: migrate, validate, refresh. Never rejects. @returns {Promise<string>} the state */
  async ready() {
    await this.#settle(true);
    if (this.state === 'none' && this.#hasV2 === undefined) await this.#call('GET', V2 + 'validate');
    return this.#told();
  }

  /**
   * As `fetch`, with the key where it may go; a relative URL is meant from `baseUrl`. After a 401 it is sent once more if there is
   * another key by then. A request that brings a credential of its own is left alone.
   * @returns {Promise<Response>}
   */
  async fetch(input, init) {
    const request = new Request(input instanceof Request ? input : new URL(input, this.#base), init);
    const isOurs = this.#origins.has(new URL(request.url).origin);
    if (!isOurs || request.headers.has('Authorization') || request.headers.has('X-API-Key')) return this.#http(request);
    await this.#settle();
    const [key, sentAt] = [this.#keys().inUse, this.#now()];
    if (!key) return this.#http(request);
    const response = await this.#send(request.clone(), key);
    if (response.status !== 401) return response;
    const other = await this.#afterRefusal(key, sentAt);
    return other ? this.#send(request, other) : response;
  }

  /**
   * Makes a `basic` key, which takes the place of what was stored; where the service has no V2, a V1 key.
   * @returns {Promise<string>} the state
   * @throws {Error} with `status` (0: nobody answered) and `code`, the service's word for it
   */
  async register(name, metadata) {
    const { status, body } = await this.#alone(async () => {
      const wish = { name, key_type: 'basic' };
      const made = await this.#call('POST', V2 + 'register', { body: { ...wish, metadata } });
      if (made.status === 201 && isRecord(made.body)) this.#save(made.body);
      if (this.#hasV2 !== false) return made;
      const old = await this.#call('POST', V1 + 'register_api_key', { body: wish });
      if (old.status === 201 && isText(old.body.api_key)) this.#set('v2', null), this.#set('v1', old.body.api_key);
      return old;
    });
    if (!isText(body.api_key)) throw Object.assign(new Error(`No key was made: ${status} ${body.code ?? ''}`), { status, code: body.code });
    this.#retryAt = this.#hasV2 ? 0 : this.#now() + RETRY_MS;
    await this.#settle();
    return this.#told();
  }

  /** Removes both keys from the storage, at once; with `revoke` the V2 key also ends at the service, if that answers. */
  async forget({ revoke = false } = {}) {
    const { v2 } = this.#keys();
    this.#set('v2', null);
    this.#set('v1', null);
    this.#told();
    if (revoke && v2) await this.#call('POST', V2 + 'revoke', { key: v2.api_key });
  }

  async #settle(isFirst = false) {
    if (!this.#due(isFirst)) return;
    await (this.#flight ??= this.#alone(async () => {
      // Looked at anew each time: while this tab waited for its turn, another one may have done it.
      for (let step; (step = this.#due(isFirst)) && (await step()););
    }).finally(() => { this.#flight = undefined; this.#told(); }));
  }

  #due(isFirst) {
    const { v1, v2 } = this.#keys();
    if (this.#now() < this.#retryAt) return undefined;
    if (!v2) return v1 && (() => this.#migrate(v1));
    const isOld = isFirst && Math.abs(this.#now() - v2.validated_at) > TRUSTED_MS;
    if (!v2.validated_at || isOld || this.#serverTime(v2) >= Date.parse(v2.expires_at)) return () => this.#validate(v2);
    return this.#serverTime(v2) >= Date.parse(v2.refresh_after) ? () => this.#refresh(v2) : undefined;
  }

  // Each of these steps tells whether to look for what is due next.

  async #migrate(v1) {
    const answer = await this.#call('POST', V2 + 'migrate', { key: v1 });
    // Forgotten meanwhile, it stays so: a key whose text nobody has is of no use to anybody.
    if (answer.status === 201 && isRecord(answer.body)) return this.#keys().v1 !== v1 || this.#saveForAll(answer.body);
    if (answer.status === 401) return this.#refused(v1, answer);
    return this.#later(answer, answer.status === 409 ? RETRY_TOO_OFTEN_MS : RETRY_MS);
  }

  async #validate(v2) {
    const answer = await this.#call('GET', V2 + 'validate', { key: v2.api_key });
    if (answer.status === 401) return (await this.#hasSuccessor(v2)) || this.#refused(v2.api_key, answer);
    if (answer.status !== 200) return this.#later(answer);
    if (!this.#isStored(v2)) return true;
    const { expires_at, refresh_after } = { ...v2, ...answer.body };
    // It is valid, so its end has not come, whatever the clock here says; refreshing will tell how late it is.
    if (this.#serverTime(v2) >= Date.parse(expires_at)) this.#offset = Date.parse(refresh_after) - this.#now();
    // The V1 key has done its part. This before the mark: if the tab is closed in between, the next one validates again.
    if (!v2.validated_at) this.#set('v1', null);
    return this.#save({ ...v2, expires_at, refresh_after, validated_at: this.#now() });
  }

  async #refresh(v2) {
    const answer = await this.#call('POST', V2 + 'refresh', { body: { current_key: v2.api_key } });
    const next = { ...answer.body, validated_at: this.#now() };
    if (answer.status === 201 && isRecord(next)) return !this.#isStored(v2) || this.#saveForAll(next);
    if (answer.status === 401) return (await this.#hasSuccessor(v2)) || this.#refused(v2.api_key, answer);
    const { code, expires_in_seconds: left, refresh_window_seconds: opens } = answer.body;
    if (code !== 'too_early_to_refresh' || !Number.isFinite(left) || !Number.isFinite(opens)) return this.#later(answer);
    const end = Date.parse(v2.expires_at);
    this.#offset = end - left * 1000 - this.#now();
    if (this.#isStored(v2)) this.#save({ ...v2, refresh_after: new Date(end - opens * 1000).toISOString() });
    return this.#later(answer, (left - opens + 1) * 1000);
  }

  #refused(key, answer) {
    this.#dead.add(key);
    return this.#later(answer, RETRY_REFUSED_MS);
  }

  #later({ status, body, retryAfterMs }, waitMs = RETRY_MS) {
    this.#retryAt = this.#now() + Math.max(1000, retryAfterMs || waitMs);
    this.#tell('problem', { status, code: body.code });
    return false;
  }

  /** Another tab may have refreshed the key just now, and its new one not be here yet. */
  async #hasSuccessor(v2) {
    for (let polls = navigator.locks ? POLLS_WITH_LOCKS : POLLS_WITHOUT; polls > 0 && this.#isStored(v2); polls--) await sleep(STORAGE_POLL_MS);
    return !this.#isStored(v2);
  }

  #afterRefusal(key, sentAt) {
    return this.#alone(async () => {
      const { v2, inUse } = this.#keys();
      if (inUse === key && v2?.api_key === key) {
        if (!(v2.validated_at >= sentAt)) await this.#validate(v2);
      } else if (inUse === key) {
        const answer = await this.#call('GET', V1 + 'validate', { key });
        if ([401, 410].includes(answer.status)) this.#refused(key, answer);
      }
      this.#told();
      const now = this.#keys().inUse;
      return now === key ? undefined : now;
    });
  }

  /** Never rejects. */
  async #call(method, path, { key, body } = {}) {
    const headers = { Accept: 'application/json' };
    if (key) headers.Authorization = `Bearer ${key}`;
    if (body) headers['Content-Type'] = 'application/json';
    const answer = { status: 0, body: {} };
    try {
      // A redirect would take a key in the body along, wherever it leads.
      const options = { redirect: 'error', credentials: 'omit', cache: 'no-store', signal: AbortSignal.timeout(this.#timeoutMs) };
      const response = await this.#http(new URL(path, this.#base), { ...options, method, headers, body: body && JSON.stringify(body) });
      answer.status = response.status;
      answer.retryAfterMs = Number(response.headers.get('Retry-After')) * 1000;
      answer.time = Date.parse(response.headers.get('Date'));
      answer.body = Object(await response.json());
    } catch {
      // Offline, too slow, cut off, or no JSON: what did come says enough.
    }
    if (path.startsWith(V2) && answer.status && answer.status < 500) this.#hasV2 = ![404, 410].includes(answer.status);
    // Date may be missing, or hidden from other origins; the id of a key that was just made has the time too.
    const time = answer.time || (answer.status === 201 && /_(\d+)_[0-9a-f]+$/.exec(answer.body.key_id)?.[1] * 1000);
    if (time) this.#offset = time - this.#now();
    return answer;
  }

  #send(request, key) {
    request.headers.set('Authorization', `Bearer ${key}`);
    return this.#http(request);
  }

  /** One at a time in this tab, and over all tabs where there are locks (https, localhost). */
  #alone(work) {
    const locked = () => (navigator.locks ? navigator.locks.request(`latchkey:${this.#names.v2}`, work) : work());
    return (this.#turn = this.#turn.catch(() => {}).then(locked));
  }

  /** What is stored and was not refused, read each time as other tabs write it. Beside a V1 key, a V2 key is used once it was validated. */
  #keys() {
    const [record, text] = [this.#record(), this.#get('v1')];
    if (text && !isText(text)) this.#badStorage('v1', text);
    const v1 = isText(text) && !this.#dead.has(text) ? text : undefined;
    const v2 = record && !this.#dead.has(record.api_key) ? record : undefined;
    return { v1, v2, inUse: v2 && (v2.validated_at || !v1) ? v2.api_key : v1, any: Boolean(record || isText(text)) };
  }

  #record() {
    const text = this.#get('v2');
    let record;
    try { record = JSON.parse(text); } catch { /* told below */ }
    if (isRecord(record)) return record;
    if (text !== null) this.#badStorage('v2', text);
    return undefined;
  }

  #badStorage(name, text) {
    if (this.#bad.get(name) !== text) queueMicrotask(() => this.#tell('badstorage', { storageKey: this.#names[name] }));
    this.#bad.set(name, text);
  }

  #isStored({ api_key }) { return this.#record()?.api_key === api_key; }
  #serverTime(v2) { return this.#now() + (this.#offset ?? v2.clock_offset ?? 0); }

  #save({ api_key, key_id, role, scopes, expires_at, refresh_after, validated_at, clock_offset }) {
    const record = { api_key, key_id, role, scopes, expires_at, refresh_after, validated_at, clock_offset: this.#offset ?? clock_offset };
    this.#set('v2', JSON.stringify(record));
    return true;
  }

  /** Whoever gets the lock next shall find it. */
  async #saveForAll(record) {
    this.#save(record);
    await sleep(STORAGE_LAG_MS);
    return true;
  }

  #get(name) {
    if (this.#unsaved.has(name)) return this.#unsaved.get(name);
    try { return this.#storage.getItem(this.#names[name]); } catch { return null; }
  }

  #set(name, text) {
    this.#unsaved.set(name, text);
    try {
      if (text === null) this.#storage.removeItem(this.#names[name]);
      else this.#storage.setItem(this.#names[name], text);
      this.#unsaved.delete(name);
    } catch { /* it lives in this page alone */ }
  }

  #otherTabWrote({ storageArea, key }) {
    const names = Object.keys(this.#names).filter((name) => key === null || key === this.#names[name]);
    if (storageArea !== this.#storage || !names.length) return;
    names.forEach((name) => this.#unsaved.delete(name));
    this.#told();
  }

  #tell(type, detail) { this.dispatchEvent(new CustomEvent(type, { detail })); }
  #told() {
    const [state, previous] = [this.state, this.#lastState];
    this.#lastState = state;
    if (state !== previous) this.#tell('change', { state, previous });
    this.#schedule();
    return state;
  }

  /** A page that is left open refreshes too. */
  #schedule() {
    clearTimeout(this.#timer);
    const { v2 } = this.#keys();
    if (!v2) return;
    const dueMs = Math.max(Date.parse(v2.refresh_after) - this.#serverTime(v2), this.#retryAt - this.#now(), 1000);
    this.#timer = setTimeout(() => this.#settle().then(() => this.#schedule()), Math.min(dueMs, TIMER_MAX_MS));
  }
}
