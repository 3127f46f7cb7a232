// A certified OpenID provider (oidc-provider) on the loopback interface, where everybody is logged in and agrees at once.
//
// Settings, all in the environment:
//   PORT             0 or nothing: any that is free
//   CLIENTS          a JSON array of clients, as in RFC 7591; more come with POST /clients
//   ACCESS_TTL       how long access tokens live, in seconds
//   AUTH_METHODS     how clients may prove themselves, with commas between
//   TOKEN_DELAY_MS   how long the token endpoint thinks before it looks at a request
//   INTERACTIVE      anything: a page asks whether one agrees
//
// Prints {"issuer": ...} when it listens, and ends with its standard input.
// login_hint=deny makes the user say no; any other hint is whom is logged in.
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { Provider } from 'oidc-provider';

const { PORT = '0', CLIENTS = '[]', ACCESS_TTL = '60', AUTH_METHODS, TOKEN_DELAY_MS = '0', INTERACTIVE } = process.env;
const A_DAY = 86_400;

const server = createServer();
await new Promise((resolve) => server.listen(Number(PORT), '127.0.0.1', resolve));
const issuer = `http://127.0.0.1:${server.address().port}`;

const provider = new Provider(issuer, {
  clientAuthMethods: AUTH_METHODS?.split(',')
    ?? ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'],
  cookies: { keys: ['a key of tests'] },
  features: {
    clientCredentials: { enabled: true },
    deviceFlow: { enabled: true },
    devInteractions: { enabled: false },
    introspection: { enabled: true, allowedPolicy: () => true },
    revocation: { enabled: true },
  },
  findAccount: (ctx, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  interactions: { url: (ctx, interaction) => `/interaction/${interaction.uid}` },
  issueRefreshToken: () => true,
  pkce: { required: () => true },
  responseTypes: ['code'],
  rotateRefreshToken: true,
  scopes: ['openid', 'offline_access'],
  ttl: {
    AccessToken: Number(ACCESS_TTL),
    AuthorizationCode: 60,
    ClientCredentials: Number(ACCESS_TTL),
    Grant: A_DAY,
    IdToken: 3600,
    Interaction: 600,
    RefreshToken: A_DAY,
    Session: A_DAY,
  },
});

// What came of one login: a chain of refresh tokens, each used once if all is well.
const chains = new Map();
const uses = new Map();
const total = { exchanges: 0, refreshes: 0, reuses: 0, refused: {} };

function chain(client, id) {
  if (!chains.has(id)) {
    chains.set(id, { client_id: client, exchanges: 0, refreshes: 0, reuses: 0, revoked: false, most_uses_of_one: 0 });
  }
  return chains.get(id);
}

provider.on('grant.success', (ctx) => {
  const { entities, params, client } = ctx.oidc;
  if (params.grant_type === 'authorization_code') {
    total.exchanges++;
    chain(client.clientId, entities.AuthorizationCode.grantId).exchanges++;
  } else if (params.grant_type === 'refresh_token') {
    const old = entities.RotatedRefreshToken;
    const one = chain(client.clientId, old.grantId);
    uses.set(old.jti, (uses.get(old.jti) ?? 0) + 1);
    total.refreshes++;
    one.refreshes++;
    one.most_uses_of_one = Math.max(one.most_uses_of_one, uses.get(old.jti));
  }
});

provider.on('grant.error', (ctx, error) => {
  total.refused[error.error] = (total.refused[error.error] ?? 0) + 1;
  if (error.error_detail === 'refresh token already used') {
    total.reuses++;
    chain(ctx.oidc.client.clientId, ctx.oidc.entities.RefreshToken.grantId).reuses++;
  }
});

provider.on('grant.revoked', (ctx, id) => {
  if (chains.has(id)) {
    chains.get(id).revoked = true;
  }
});

provider.on('server_error', (ctx, error) => console.error(error));

const QUESTION = '<!doctype html><link rel="icon" href="data:,"><title>Provider</title><a href="?answer=agree">Agree</a> <a href="?answer=deny">Deny</a>';

async function interact(request, response) {
  const { params, session } = await provider.interactionDetails(request, response);
  const said = new URL(request.url, issuer).searchParams.get('answer');
  if (INTERACTIVE && !said) {
    response.writeHead(200, { 'content-type': 'text/html' });
    return response.end(QUESTION);
  }
  if (params.login_hint === 'deny' || said === 'deny') {
    return provider.interactionFinished(request, response, {
      error: 'access_denied',
      error_description: 'The user said no',
    });
  }
  const accountId = session?.accountId ?? params.login_hint ?? 'somebody';
  const grant = new provider.Grant({ accountId, clientId: params.client_id });
  grant.addOIDCScope(params.scope);
  return provider.interactionFinished(request, response, {
    login: { accountId },
    consent: { grantId: await grant.save() },
  });
}

async function addClient(metadata) {
  const client = new provider.Client({ grant_types: ['authorization_code', 'refresh_token'], ...metadata });
  await provider.Client.adapter.upsert(client.clientId, client.metadata());
}

// What comes of the page where the account's owner types a device's code.
async function typed({ user_code: userCode, agrees }) {
  const code = await provider.DeviceCode.findByUserCode(userCode.replace(/\W/g, ''));
  if (agrees) {
    const accountId = 'somebody';
    const grant = new provider.Grant({ accountId, clientId: code.clientId });
    grant.addOIDCScope(code.params.scope);
    Object.assign(code, { accountId, grantId: await grant.save(), scope: code.params.scope });
  } else {
    Object.assign(code, { error: 'access_denied', errorDescription: 'The user said no' });
  }
  await code.save();
}

async function bodyOf(request) {
  const parts = [];
  for await (const part of request) {
    parts.push(part);
  }
  return JSON.parse(Buffer.concat(parts).toString());
}

function answer(response, status, body) {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

const callback = provider.callback();

async function serve(request, response) {
  const { pathname } = new URL(request.url, issuer);
  if (pathname === '/stats') {
    return answer(response, 200, { ...total, chains: [...chains.values()] });
  }
  if (pathname === '/clients' && request.method === 'POST') {
    await addClient(await bodyOf(request));
    return answer(response, 201, {});
  }
  if (pathname === '/typed') {
    await typed(await bodyOf(request));
    return answer(response, 200, {});
  }
  if (pathname.startsWith('/interaction/')) {
    return interact(request, response);
  }
  if (pathname === '/token') {
    await sleep(Number(TOKEN_DELAY_MS));
  }
  return callback(request, response);
}

for (const client of JSON.parse(CLIENTS)) {
  await addClient(client);
}
server.on('request', (request, response) => {
  serve(request, response).catch((error) => {
    console.error(error);
    answer(response, 500, { error: String(error) });
  });
});
process.stdin.resume().on('end', () => process.exit(0));
console.log(JSON.stringify({ issuer }));
