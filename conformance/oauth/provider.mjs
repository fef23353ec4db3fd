// An authorization server for the checks: `oidc-provider` with clients that register themselves,
// PKCE, and access tokens for the one resource that is asked for (RFC 8707), signed as JWT. Its own
// development pages ask for login and consent; `visit` is the user who answers them.
import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import Provider from 'oidc-provider';

const SCOPES = ['openid', 'offline_access', 'mcp.read', 'mcp.admin'];

// Two signing keys whose names begin with `generation`.
function keys(generation) {
  const pairs = [
    ['ES256', generateKeyPairSync('ec', { namedCurve: 'P-256' })],
    ['RS256', generateKeyPairSync('rsa', { modulusLength: 2048 })],
  ];
  return pairs.map(([alg, pair]) => ({
    ...pair.privateKey.export({ format: 'jwk' }),
    kid: `${generation}-${alg}`,
    alg,
    use: 'sig',
  }));
}

// Where the package keeps clients, grants and tokens; it outlasts a change of keys.
function memory() {
  const stored = new Map();
  return class {
    constructor(model) {
      this.model = model;
    }
    async upsert(id, payload) {
      stored.set(`${this.model} ${id}`, payload);
    }
    async find(id) {
      return stored.get(`${this.model} ${id}`);
    }
    async findByUid(uid) {
      return [...stored.values()].find((payload) => payload.kind === this.model && payload.uid === uid);
    }
    async findByUserCode() {}
    async consume(id) {
      stored.get(`${this.model} ${id}`).consumed = Math.floor(Date.now() / 1000);
    }
    async destroy(id) {
      stored.delete(`${this.model} ${id}`);
    }
    async revokeByGrantId(grant) {
      for (const [key, payload] of stored) if (payload.grantId === grant) stored.delete(key);
    }
  };
}

// What the provider does now; the checks change it.
const usual = {
  alg: 'ES256', // signature of access tokens
  life: 600, // seconds
  late: 0, // seconds by which `iat` and `exp` lie too early
  scope: 'mcp.read mcp.admin', // what a user may have at the resource
  refresh: true, // whether a client gets a refresh token without `offline_access`
};

export async function startProvider(log) {
  const rule = { ...usual };
  const seen = [];
  const adapter = memory();
  const hour = 3600; // seconds
  let [handle, generation] = [null, 0];

  const server = createServer((request, response) => handle(request, response));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${server.address().port}`;

  function begin() {
    generation += 1;
    const provider = new Provider(issuer, {
      adapter,
      findAccount: async (_ctx, user) => ({ accountId: user, claims: async () => ({ sub: user }) }),
      ttl: {
        AccessToken: () => rule.life,
        Grant: hour,
        IdToken: hour,
        Interaction: hour,
        RefreshToken: hour,
        Session: hour,
      },
      jwks: { keys: keys(`generation-${generation}`) },
      scopes: SCOPES,
      cookies: { keys: ['only for these checks'] },
      pkce: { required: () => true },
      issueRefreshToken: async (_ctx, client, source) =>
        client.grantTypeAllowed('refresh_token') &&
        (rule.refresh || source.scopes.has('offline_access')),
      expiresWithSession: async () => false,
      // Of the clients one keeps no key; its refresh tokens would change with each use, and
      // two requests that notice the end of a token together would use the same one.
      rotateRefreshToken: false,
      features: {
        registration: { enabled: true },
        devInteractions: { enabled: true },
        resourceIndicators: {
          enabled: true,
          getResourceServerInfo: async (_ctx, resource) => ({
            audience: resource,
            scope: rule.scope,
            accessTokenFormat: 'jwt',
            jwt: { sign: { alg: rule.alg } },
          }),
          useGrantedResource: async () => true,
        },
      },
      formats: {
        customizers: {
          jwt: async (_ctx, _token, jwt) => {
            jwt.payload.iat -= rule.late;
            jwt.payload.exp -= rule.late;
          },
        },
      },
    });
    provider.on('server_error', (_ctx, error) => log(`provider: ${error.stack}`));
    provider.use(async (ctx, next) => {
      await next();
      const { route, params, client } = ctx.oidc ?? {};
      const said = ctx.body?.error ? ` ${ctx.body.error}: ${ctx.body.error_description}` : '';
      log(`provider: ${ctx.method} ${ctx.url.split('?')[0]} ${ctx.status}${said}`);
      seen.push({
        at: ctx.path, route, status: ctx.status, client: client?.clientId, ...params,
        // A body in JSON, at registration.
        ...(route === 'registration' ? { registered: ctx.oidc.body } : {}),
      });
    });
    handle = provider.callback();
  }
  begin();

  // Follows `url` as the browser of `user`, who agrees to everything; returns the address that
  // the browser is sent to in the end, which is the client's.
  async function visit(url, user) {
    const jar = new Map();
    let [at, body] = [new URL(url), undefined];
    for (let step = 0; step < 20; step += 1) {
      if (at.origin !== issuer) return at;
      const cookie = [...jar].map((pair) => pair.join('=')).join('; ');
      const response = await fetch(at, {
        method: body ? 'POST' : 'GET', body, redirect: 'manual', headers: cookie ? { cookie } : {},
      });
      for (const line of response.headers.getSetCookie()) {
        const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
        if (value) jar.set(name, value);
        else jar.delete(name);
      }
      const page = await response.text();
      const next = response.headers.get('location');
      if (next) {
        [at, body] = [new URL(next, at), undefined];
        continue;
      }
      const action = /<form[^>]* action="([^"]+)" method="post">/.exec(page)?.[1];
      const prompt = /name="prompt" value="(login|consent)"/.exec(page)?.[1];
      if (!action || !prompt) throw new Error(`the user is lost: ${response.status} ${page}`);
      at = new URL(action, at);
      body = new URLSearchParams({ prompt, login: user, password: 'any' });
    }
    throw new Error('the user is sent in circles');
  }

  return {
    issuer,
    seen,
    visit,
    // Sets what the provider does from now on; what is not named is as usual.
    behave: (changes = {}) => Object.assign(rule, usual, changes),
    // New signing keys; the old ones are no longer published.
    rotate: begin,
    stop: () => new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    }),
  };
}
