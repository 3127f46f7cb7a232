// The way of a relying party: finds the endpoints, introspects, revokes, introspects again, and tries a wrong secret. What to use
// comes by the environment; what it saw goes to standard output as JSON, for OpenIdClientIT to judge.
import * as client from 'openid-client';

const { ISSUER, CLIENT_ID, CLIENT_SECRET, TOKEN } = process.env;

const discover = (secret) =>
  client.discovery(new URL(ISSUER), CLIENT_ID, undefined, client.ClientSecretBasic(secret), {
    algorithm: 'oauth2',
    execute: [client.allowInsecureRequests],
  });

const outcome = async (call) => {
  try {
    return (await call()) ?? 'done';
  } catch (error) {
    const challenge = Array.isArray(error.cause) ? error.cause[0] : undefined;
    return { name: error.name, status: error.status, error: error.error ?? challenge?.parameters?.error, scheme: challenge?.scheme };
  }
};

const config = await discover(CLIENT_SECRET);
const metadata = config.serverMetadata();
const stranger = await discover(`${CLIENT_SECRET}x`);
const seen = {
  introspection_endpoint: metadata.introspection_endpoint,
  revocation_endpoint: metadata.revocation_endpoint,
  before: await outcome(() => client.tokenIntrospection(config, TOKEN, { token_type_hint: 'access_token' })),
  revoked: await outcome(() => client.tokenRevocation(config, TOKEN, { token_type_hint: 'access_token' })),
  after: await outcome(() => client.tokenIntrospection(config, TOKEN)),
  malformed: await outcome(() => client.tokenIntrospection(config, TOKEN, { access_token: 'x' })),
  wrong_secret: await outcome(() => client.tokenIntrospection(stranger, TOKEN)),
};
console.log(JSON.stringify(seen));
