// The certified OpenID provider of src/test/node, which asks its user whether they agree.
import { execFileSync, spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
const SOURCE = join(ROOT, 'src/test/node/oidc-provider');
// Where the service's own tests install it too, with the same mark.
const FOLDER = join(ROOT, 'target/oidc-provider');
const LOCK = 'package-lock.json';
const INSTALLED = join(FOLDER, 'installed-lock.json');

const install = () => {
  mkdirSync(FOLDER, { recursive: true });
  for (const file of ['package.json', LOCK, '.npmrc', 'provider.mjs']) copyFileSync(join(SOURCE, file), join(FOLDER, file));
  if (existsSync(INSTALLED) && readFileSync(INSTALLED).equals(readFileSync(join(SOURCE, LOCK)))) return;
  execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: FOLDER });
  copyFileSync(join(SOURCE, LOCK), INSTALLED);
};

export class Provider {
  static async start() {
    install();
    const provider = new Provider();
    provider.process = spawn('node', ['provider.mjs'], {
      cwd: FOLDER, env: { ...process.env, INTERACTIVE: 'yes', ACCESS_TTL: '300' }, stdio: ['pipe', 'pipe', 'ignore'],
    });
    for await (const line of createInterface({ input: provider.process.stdout })) {
      provider.issuer = JSON.parse(line).issuer;
      return provider;
    }
    throw new Error('The provider does not start');
  }

  async add(client) {
    const answer = await fetch(`${this.issuer}/clients`, { method: 'POST', body: JSON.stringify(client) });
    if (answer.status !== 201) throw new Error(`The provider refuses a client: ${await answer.text()}`);
  }

  stop() {
    const ended = new Promise((done) => this.process.once('exit', done));
    this.process.stdin.end();
    return ended;
  }
}
