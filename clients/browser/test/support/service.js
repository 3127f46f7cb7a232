// The packaged service, with nothing configured but what the tests need: it brings its own PostgreSQL and Redis.
import { spawn, execFileSync } from 'node:child_process';
import { createServer } from 'node:net';
import { cpSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
const START_MS = 180_000;
const STOP_MS = 30_000;
export const REFRESH_OPENS_MS = 4000;

const freePort = () => new Promise((found) => {
  const server = createServer().listen(0, '127.0.0.1', () => {
    const { port } = server.address();
    server.close(() => found(port));
  });
});

const javaHome = () => process.env.LATCHKEY_TEST_JAVA_HOME
  ?? execFileSync('./mvnw', ['-q', 'help:evaluate', '-Dexpression=java.home', '-DforceStdout'], { cwd: ROOT, encoding: 'utf8' }).trim();

export class Service {
  /**
   * @param corsOrigin of pages that may call
   * @param more settings
   */
  static async start(corsOrigin, more = {}) {
    const service = new Service();
    const app = process.env.LATCHKEY_TEST_APP ?? join(ROOT, 'target/quarkus-app');
    if (!existsSync(join(app, 'quarkus-run.jar'))) throw new Error(`There is no service in ${app}: run ./mvnw package -DskipTests first`);
    service.folder = mkdtempSync(join(tmpdir(), 'latchkey-auth-'));
    // A build that runs meanwhile must not take it away.
    cpSync(app, join(service.folder, 'app'), { recursive: true });
    const [port, management] = [await freePort(), await freePort()];
    service.url = `http://127.0.0.1:${port}`;
    const log = openSync(join(service.folder, 'log'), 'w');
    const settings = {
      'quarkus.http.host': '127.0.0.1', 'quarkus.http.port': port,
      'quarkus.management.host': '127.0.0.1', 'quarkus.management.port': management,
      'quarkus.http.cors.origins': corsOrigin,
      // A key may be refreshed a few seconds after it was made.
      'latchkey.api-keys.roles.basic.life': `${86_400 + REFRESH_OPENS_MS / 1000}s`,
      'latchkey.api-keys.roles.basic.per-hour': 100_000,
      ...more,
    };
    service.process = spawn(join(javaHome(), 'bin/java'),
      ['-Xmx256m', ...Object.entries(settings).map(([name, value]) => `-D${name}=${value}`), '-jar', join(service.folder, 'app/quarkus-run.jar')],
      {
        cwd: service.folder, stdio: ['ignore', log, log],
        env: {
          ...process.env, LATCHKEY_ADMIN_USERNAME: 'keeper', LATCHKEY_ADMIN_EMAIL: 'keeper@example.org',
          LATCHKEY_ADMIN_PASSWORD: 'only-for-these-tests-9',
        },
      });
    const end = Date.now() + START_MS;
    while (!(await fetch(`${service.url}/health`).then((answer) => answer.ok, () => false))) {
      if (Date.now() > end || service.process.exitCode !== null) {
        const text = readFileSync(join(service.folder, 'log'), 'utf8').slice(-4000);
        await service.stop();
        throw new Error(`The service does not start:\n${text}`);
      }
      await new Promise((resume) => setTimeout(resume, 500));
    }
    return service;
  }

  async stop() {
    if (this.process.exitCode === null) {
      const ended = new Promise((done) => this.process.once('exit', done));
      this.process.kill('SIGTERM');
      const late = setTimeout(() => this.process.kill('SIGKILL'), STOP_MS);
      await ended;
      clearTimeout(late);
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  async call(method, path, { key, body } = {}) {
    const response = await fetch(this.url + path, {
      method,
      headers: { 'Content-Type': 'application/json', ...(key && { Authorization: `Bearer ${key}` }) },
      body: body && JSON.stringify(body),
    });
    return { status: response.status, body: await response.json() };
  }

  async newV1Key() {
    return (await this.call('POST', '/api/auth/register_api_key', { body: { name: 'old page', key_type: 'basic' } })).body.api_key;
  }
}
