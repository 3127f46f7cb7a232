// A server that fails as the real service cannot be made to, and tells what it was sent. It serves pages and the module as well.
import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';

const EXAMPLE = new URL('../../example/index.html', import.meta.url);
const MODULE = new URL('../../../../src/main/resources/META-INF/resources/latchkey-auth.js', import.meta.url);
export const moduleText = () => readFileSync(MODULE, 'utf8');
export const PAGE = '<!doctype html><link rel="icon" href="data:,"><title>test</title>';

export const DAY = 86_400_000;

/** What the service says about a key whose refresh window opens then. */
export const keyAnswer = (api_key, refreshAfter = Date.now() + DAY) => ({
  api_key, key_id: 'basic_1_0', role: 'basic', scopes: ['chat:read'], metadata: {},
  expires_at: new Date(refreshAfter + DAY).toISOString(), refresh_after: new Date(refreshAfter).toISOString(),
});

export class Fake {
  /** `'POST /path'` to an answer {status, body, headers}, a function that makes one, or 'silence'. */
  answers = {};
  requests = [];

  static async start() {
    const fake = new Fake();
    fake.server = createServer((request, response) => fake.#serve(request, response));
    await new Promise((done) => fake.server.listen(0, '127.0.0.1', done));
    fake.url = `http://127.0.0.1:${fake.server.address().port}`;
    return fake;
  }

  reset() { this.answers = {}; this.requests = []; }

  stop() { this.server.closeAllConnections(); return new Promise((done) => this.server.close(done)); }

  to(call) { return this.requests.filter((request) => request.call === call); }

  async #serve(request, response) {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const call = `${request.method} ${request.url}`;
    const cors = { 'Access-Control-Allow-Origin': request.headers.origin ?? '*', 'Access-Control-Allow-Headers': 'authorization,content-type' };
    if (call === 'GET /page') return response.writeHead(200, { 'Content-Type': 'text/html' }).end(PAGE);
    // Browsers let a page that came from loopback call loopback, and not one that a test made up.
    if (call.startsWith('GET /example/')) return response.writeHead(200, { 'Content-Type': 'text/html' }).end(readFileSync(EXAMPLE));
    if (call === 'GET /latchkey-auth.js') return response.writeHead(200, { 'Content-Type': 'text/javascript' }).end(moduleText());
    if (request.method === 'OPTIONS') return response.writeHead(204, cors).end();
    const seen = { call, authorization: request.headers.authorization, body: Buffer.concat(chunks).toString() };
    this.requests.push(seen);
    let answer = this.answers[call] ?? { status: 404, body: { code: 'not_found' } };
    if (typeof answer === 'function') answer = answer(seen);
    if (answer === 'silence') return undefined;
    response.sendDate = answer.sendsDate ?? false;
    response.writeHead(answer.status, { 'Content-Type': 'application/json', ...cors, ...answer.headers });
    return response.end(JSON.stringify(answer.body ?? {}));
  }
}
