// Starts the authorization server and ours, and lets the official clients sign in; see ../oauth.sh:
//   node checks.mjs SERVER PYTHON DIRECTORY
// One line a check: verdict, name, what was seen. Ends at the first that fails, with the logs.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { createServer as listen } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import * as next from '@modelcontextprotocol/client';
import { auth, UnauthorizedError } from '@modelcontextprotocol/sdk/client/auth.js';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { startProvider } from './provider.mjs';

const [binary, python, directory] = process.argv.slice(2);
const here = dirname(fileURLToPath(import.meta.url));
const SCOPE = 'mcp.read';
const TOOL = 'zia_list_rule_labels';
const REVISION = '2025-11-25';
const PLACE = '/.well-known/oauth-protected-resource';
// Nobody listens here: the user who is sent back is read from the address.
const CALLBACK = 'http://127.0.0.1:1/callback';
const ANSWER_MS = 15_000;

const lines = [];
const log = (line) => lines.push(`${new Date().toISOString().slice(11, 23)} ${line}`.slice(0, 300));
// The provider warns that nobody should run it like this.
console.info = log;
console.warn = log;
const say = (...cells) => console.log(cells.join('\t'));

// --- what is started, and how it ends -------------------------------------------------------------

const children = new Set();

function start(name, file, words, settings) {
  // Nothing of the environment: a proxy or a setting of the product would change what is seen.
  const env = { PATH: process.env.PATH, ...settings };
  const child = spawn(file, words, { cwd: directory, env, stdio: ['ignore', 'pipe', 'pipe'] });
  children.add(child);
  child.ended = new Promise((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('close', (code, signal) => resolve(code ?? signal));
  });
  child.ended.then(() => children.delete(child));
  for (const stream of [child.stdout, child.stderr]) {
    let rest = '';
    stream.setEncoding('utf8').on('data', (text) => {
      const whole = (rest + text).split('\n');
      rest = whole.pop();
      for (const line of whole) (child.hears ?? log)(`${name}: ${line}`);
    });
  }
  return child;
}

async function end(child) {
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), 3_000);
  await child.ended;
  clearTimeout(late);
}

async function finish(code) {
  await Promise.all([...children].map(end));
  process.exit(code);
}

let failed = false;

function fail(name, error) {
  // What fails because of the first failure is none of its own.
  if (failed) return new Promise(() => {});
  failed = true;
  say('FAIL', name, String(error?.message ?? error).replace(/\s+/g, ' '));
  console.error(error?.stack ?? error);
  console.error(`--- the last lines of provider, server and clients\n${lines.slice(-80).join('\n')}`);
  return finish(1);
}

for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) {
  process.on(signal, () => fail('the checks end in time', `stopped by ${signal}`));
}
process.on('unhandledRejection', (error) => fail('no error is left unhandled', error));

async function check(name, what) {
  log(`check: ${name}`);
  try {
    say('PASS', name, (await what()) ?? '');
  } catch (error) {
    await fail(name, error);
  }
}

async function until(what, condition) {
  const end = Date.now() + ANSWER_MS;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`not in time: ${what}`);
    await pause(20);
  }
}

async function freePort() {
  const probe = listen();
  await new Promise((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

async function startServer(settings, base = '/mcp') {
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const words = ['--demo', '--transport', 'streamable-http', '--port', String(port)];
  const server = start('server', binary, words, {
    ZSCALER_MCP_AUTH_MODE: 'oidc',
    OIDCPROXY_CONFIG_URL: `${provider.issuer}/.well-known/openid-configuration`,
    OIDCPROXY_BASE_URL: origin + base,
    OIDCPROXY_AUDIENCE: origin + base,
    OIDCPROXY_REQUIRED_SCOPES: SCOPE,
    ...settings,
  });
  let over = null;
  server.ended.then((how) => (over = how));
  await until('the server listens', async () => {
    if (over !== null) throw new Error(`the server ended: ${over}`);
    return (await fetch(`${origin}/health`).catch(() => null))?.ok;
  });
  return { origin, url: `${origin}/mcp`, stop: () => end(server) };
}

// --- requests by hand -----------------------------------------------------------------------------

// Returns the parameters of a challenge; more than one challenge is none.
function challenge(response) {
  const text = response.headers.get('www-authenticate') ?? '';
  const [scheme, rest] = [text.split(' ')[0], text.slice(text.indexOf(' ') + 1)];
  const found = { scheme, text };
  for (const [, name, value] of rest.matchAll(/([a-z_]+)="([^"]*)"(?:, |$)/g)) found[name] = value;
  return found;
}

const INITIALIZE = {
  method: 'initialize',
  params: { protocolVersion: REVISION, capabilities: {}, clientInfo: { name: 'hand', version: '1' } },
};

async function ask(server, { token, session, method = 'POST', url = server.url, message } = {}) {
  const headers = { accept: 'application/json, text/event-stream' };
  if (token) headers.authorization = `Bearer ${token}`;
  if (session) Object.assign(headers, { 'mcp-session-id': session, 'mcp-protocol-version': REVISION });
  if (method === 'POST') headers['content-type'] = 'application/json';
  const body =
    method === 'POST' ? JSON.stringify({ jsonrpc: '2.0', id: 1, ...(message ?? INITIALIZE) }) : undefined;
  const signal = AbortSignal.timeout(ANSWER_MS);
  const response = await fetch(url, { method, headers, body, signal });
  // A stream of events would not end.
  const stream = response.ok && method === 'GET';
  const text = stream ? (await response.body.cancel(), '') : await response.text();
  log(`by hand: ${method} ${response.status} ${challenge(response).text}`);
  return { status: response.status, challenge: challenge(response), text };
}

function refused(answer, server, status, error) {
  assert.equal(answer.status, status, answer.text);
  const { challenge: said } = answer;
  assert.equal(said.scheme, 'Bearer');
  assert.equal(said.error, error);
  assert.equal(said.scope, SCOPE);
  assert.equal(said.resource_metadata, `${server.origin}${PLACE}/mcp`);
}

// --- the TypeScript clients -----------------------------------------------------------------------

const options = { timeout: ANSWER_MS };
const INFO = { name: 'checks', version: '1' };

// The SDK, which opens sessions, and the client that follows it and speaks the newest revision.
const SDK = {
  name: 'TypeScript SDK',
  UnauthorizedError,
  Transport: StreamableHTTPClientTransport,
  client: () => new Client(INFO),
  call: (client, tool) => client.callTool(tool, undefined, options),
  revision: ({ wire }) => wire.protocolVersion,
  newest: REVISION,
  back: (said) => said.get('code'),
};
const NEXT = {
  name: 'TypeScript client',
  UnauthorizedError: next.UnauthorizedError,
  Transport: next.StreamableHTTPClientTransport,
  client: () => new next.Client(INFO, { versionNegotiation: { mode: 'auto' } }),
  call: (client, tool) => client.callTool(tool, options),
  revision: ({ client }) => client.getNegotiatedProtocolVersion(),
  newest: '2026-07-28',
  back: (said) => said,
};

// A user with a client of his own. He keeps what the kit gives him, and what he sees.
class Person {
  constructor(name, { kit = SDK, resource } = {}) {
    this.name = name;
    this.kit = kit;
    this.requests = [];
    if (resource) this.validateResourceURL = async () => new URL(resource);
  }
  get redirectUrl() {
    return CALLBACK;
  }
  get clientMetadata() {
    return {
      client_name: `client of ${this.name}`,
      redirect_uris: [CALLBACK],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
    };
  }
  state() {
    this.secret = crypto.randomUUID();
    return this.secret;
  }
  clientInformation() {
    return this.client;
  }
  saveClientInformation(client) {
    this.client = client;
  }
  tokens() {
    return this.kept;
  }
  saveTokens(tokens) {
    this.kept = tokens;
  }
  redirectToAuthorization(url) {
    this.asked = url;
  }
  saveCodeVerifier(verifier) {
    this.verifier = verifier;
  }
  codeVerifier() {
    return this.verifier;
  }

  get token() {
    return this.kept.access_token;
  }
  get key() {
    return JSON.parse(Buffer.from(this.token.split('.')[0], 'base64url')).kid;
  }
  // Signs in where he was asked to, and returns what the provider says to the client.
  async agree() {
    const { href, searchParams: said } = await provider.visit(this.asked, this.name);
    assert.equal(said.get('error'), null, href);
    assert.equal(said.get('state'), this.secret);
    return said;
  }
  // Requests of his to the provider's `route`.
  asks(route) {
    return provider.seen.filter((one) => one.client === this.client?.client_id && one.route === route);
  }
}

// Returns a transport of `person` to `server`; what passes is kept.
function transport(server, person) {
  const through = async (url, init) => {
    const response = await fetch(url, init);
    const { pathname, origin } = new URL(url);
    const method = init?.method ?? 'GET';
    person.requests.push({ method, pathname, ours: origin === server.origin, status: response.status });
    log(`${person.name}: ${method} ${pathname} ${response.status} ${challenge(response).text}`);
    return response;
  };
  return new person.kit.Transport(new URL(server.url), { authProvider: person, fetch: through });
}

// One attempt to connect. `UnauthorizedError` means that the person has to sign in.
async function attempt(server, person) {
  const wire = transport(server, person);
  const client = person.kit.client();
  client.onerror = (error) => log(`${person.name}: ${error.message}`);
  try {
    await client.connect(wire, options);
    return { client, wire, kit: person.kit };
  } catch (error) {
    await client.close();
    if (!(error instanceof person.kit.UnauthorizedError)) throw error;
    return { signIn: async () => wire.finishAuth(person.kit.back(await person.agree())) };
  }
}

async function connect(server, person) {
  const first = await attempt(server, person);
  if (first.client) return first;
  await first.signIn();
  const second = await attempt(server, person);
  assert.ok(second.client, 'a second sign-in is asked for');
  return second;
}

async function call({ client, kit }) {
  const result = await kit.call(client, { name: TOOL, arguments: {} });
  assert.ok(!result.isError, JSON.stringify(result));
  assert.ok(result.content.length > 0);
}

// Returns a person who holds a token, without having spoken to the endpoint with it.
async function holder(server, name, resource) {
  const person = new Person(name, { resource });
  const scope = SCOPE;
  assert.equal(await auth(person, { serverUrl: server.url, scope }), 'REDIRECT');
  const authorizationCode = (await person.agree()).get('code');
  assert.equal(await auth(person, { serverUrl: server.url, scope, authorizationCode }), 'AUTHORIZED');
  return person;
}

// Gives `person` a token that is over.
async function age(server, person) {
  provider.behave({ late: 900 });
  assert.equal(await auth(person, { serverUrl: server.url }), 'AUTHORIZED');
  provider.behave();
}

// --- the checks -----------------------------------------------------------------------------------

const provider = await startProvider(log);
let server;
await check('the server starts with the configuration of the provider', async () => {
  // More wrong tokens are shown here within a minute than one address may.
  server = await startServer({ ZSCALER_MCP_AUTH_FAILURES: '0' });
});

await check('without a token: 401, with the place of the metadata and the scope', async () => {
  for (const method of ['POST', 'GET', 'DELETE']) {
    refused(await ask(server, { method }), server, 401, undefined);
  }
  return (await ask(server)).challenge.text.replaceAll(server.origin, 'ORIGIN');
});

await check('the metadata name resource, provider and scope at both paths', async () => {
  for (const path of [`${PLACE}/mcp`, PLACE]) {
    for (const revision of [undefined, REVISION, '2026-07-28', 'no revision']) {
      const headers = revision ? { 'mcp-protocol-version': revision } : {};
      const response = await fetch(server.origin + path, { headers });
      assert.equal(response.status, 200, `${path} ${revision}`);
      assert.match(response.headers.get('content-type'), /^application\/json/);
      assert.deepEqual(await response.json(), {
        resource: server.url,
        authorization_servers: [provider.issuer],
        scopes_supported: [SCOPE],
        bearer_methods_supported: ['header'],
      });
    }
  }
});

const alice = new Person('alice');
const anna = new Person('anna', { kit: NEXT });
const at = new Map();

for (const person of [alice, anna]) {
  const { kit } = person;
  await check(`${kit.name}: from 401 to an answer, by registration, PKCE and resource`, async () => {
    at.set(person, await connect(server, person));
    assert.equal(person.asks('registration').length, 1);
    const [asked] = person.asks('authorization');
    assert.equal(asked.code_challenge_method, 'S256');
    assert.equal(asked.resource, server.url);
    assert.ok(asked.scope.split(' ').includes(SCOPE), asked.scope);
    const [token] = person.asks('token');
    assert.equal(token.grant_type, 'authorization_code');
    assert.equal(token.resource, server.url);
    const paths = person.requests.map(({ method, pathname, ours, status }) =>
      `${ours ? '' : 'provider '}${method} ${pathname} ${status}`);
    return `scope ${asked.scope}; ${paths.join(', ')}`;
  });

  await check(`${kit.name}: lists the tools and calls one`, async () => {
    const { tools } = await at.get(person).client.listTools(undefined, options);
    assert.ok(tools.some((tool) => tool.name === TOOL));
    await call(at.get(person));
    assert.equal(kit.revision(at.get(person)), kit.newest);
    return `revision ${kit.newest}, ${tools.length} tools`;
  });
}

const list = { method: 'tools/list', params: {} };
await check('a session does not stand in for a token', async () => {
  const session = at.get(alice).wire.sessionId;
  assert.ok(session);
  for (const method of ['POST', 'GET', 'DELETE']) {
    refused(await ask(server, { session, method, message: list }), server, 401, undefined);
  }
});

await check('a session of another user is not found', async () => {
  const bob = await holder(server, 'bob');
  const session = at.get(alice).wire.sessionId;
  for (const method of ['POST', 'GET', 'DELETE']) {
    const answer = await ask(server, { token: bob.token, session, method, message: list });
    assert.equal(answer.status, 404, `${method}: ${answer.text}`);
  }
  assert.equal((await ask(server, { token: alice.token, session, message: list })).status, 200);
  assert.equal((await ask(server, { token: bob.token })).status, 200);
});

await check('a token in the query is not looked at', async () => {
  const url = `${server.url}?access_token=${alice.token}`;
  const answer = await ask(server, { url });
  assert.ok([400, 401, 404].includes(answer.status), answer.text);
  return answer.status;
});

await check('a token for another resource is refused', async () => {
  for (const resource of [`${server.origin}/other`, `${server.origin}/`, `${server.url}/`]) {
    const person = await holder(server, 'carol', resource);
    refused(await ask(server, { token: person.token }), server, 401, 'invalid_token');
  }
});

await check('a token without the scope: 403 that names it', async () => {
  provider.behave({ scope: 'mcp.admin' });
  const person = await holder(server, 'dan');
  provider.behave();
  refused(await ask(server, { token: person.token }), server, 403, 'insufficient_scope');
});

// Connects a new person with a token that lacks the scope; returns what comes of the 403.
async function poor(name, kit, refresh) {
  const person = new Person(name, { kit });
  provider.behave({ scope: 'mcp.admin', refresh });
  const unknown = await attempt(server, person);
  await unknown.signIn();
  const known = await attempt(server, person).catch((error) => error);
  provider.behave();
  assert.ok(person.requests.some(({ status }) => status === 403));
  return { person, known };
}

for (const [name, kit, refresh] of [['erin', SDK, false], ['eric', NEXT, true]]) {
  await check(`${kit.name}: a 403 sends the user back to the provider for the scope`, async () => {
    const { person, known } = await poor(name, kit, refresh);
    assert.ok(known.signIn, `no second sign-in is asked for: ${known.message}`);
    await known.signIn();
    const rich = await attempt(server, person);
    await call(rich);
    await rich.client.close();
    return `asked for ${person.asks('authorization').at(-1).scope}`;
  });
}

// It refreshes, which cannot widen what was granted; a later one may do better.
await check('TypeScript SDK: with a refresh token the same 403 is the end', async () => {
  const { known } = await poor('frank', SDK, true);
  return `seen: ${known.message ?? 'the user is sent back to the provider'}`;
});

await check('an expired token is refused', async () => {
  const person = await holder(server, 'gina');
  assert.equal((await ask(server, { token: person.token })).status, 200);
  await age(server, person);
  refused(await ask(server, { token: person.token }), server, 401, 'invalid_token');
});

for (const person of [alice, anna]) {
  await check(`${person.kit.name}: an expired token is renewed, and the work goes on`, async () => {
    await age(server, person);
    const [session, before] = [at.get(person).wire.sessionId, person.asks('token').length];
    await call(at.get(person));
    const [renewal, ...more] = person.asks('token').slice(before);
    assert.deepEqual(more, []);
    assert.equal(renewal.grant_type, 'refresh_token');
    assert.equal(renewal.resource, server.url);
    assert.equal(person.asks('authorization').length, 1);
    assert.equal(at.get(person).wire.sessionId, session);
  });
}

await check('the provider changes its signing key while calls go on: none fails', async () => {
  const kits = [['hugo', SDK], ['ines', SDK], ['jack', NEXT]];
  const people = await Promise.all(kits.map(async ([name, kit]) => {
    const person = new Person(name, { kit });
    const wired = await connect(server, person);
    return { person, wired, before: 0, after: 0, old: person.token };
  }));
  const key = people[0].person.key;
  let over = false;
  const calls = Promise.all(people.map(async (one) => {
    while (!over) {
      await call(one.wired);
      if (one.person.key === key) one.before += 1;
      else one.after += 1;
      await pause(25); // below the bound of requests a second
    }
  }));
  const so = (what, condition) => Promise.race([calls, until(what, condition)]);
  await so('calls before the change', () => people.every((one) => one.before >= 5));
  provider.rotate();
  const kate = await holder(server, 'kate');
  assert.notEqual(kate.key, key);
  const first = await ask(server, { token: kate.token });
  assert.equal(first.status, 200, 'the first token of the new key is not accepted at once');
  await so('calls after the change', () => people.every((one) => one.after >= 5));
  over = true;
  await calls;
  for (const one of people) {
    refused(await ask(server, { token: one.old }), server, 401, 'invalid_token');
    assert.equal(one.person.asks('authorization').length, 1);
    await one.wired.client.close();
  }
  const count = (when) => people.map((one) => one[when]).join('+');
  return `${count('before')} calls before, ${count('after')} after`;
});

// --- the Python client ----------------------------------------------------------------------------

// What it may ask of the provider and its user.
const desk = createServer(async (request, response) => {
  let text = '';
  for await (const part of request) text += part;
  const said = JSON.parse(text);
  const answers = {
    '/visit': async () => (await provider.visit(said.url, said.user)).href,
    '/behave': async () => void provider.behave(said),
    '/seen': async () => provider.seen.filter((one) => one.client === said.client),
  };
  try {
    response.end(JSON.stringify((await answers[request.url]()) ?? null));
  } catch (error) {
    response.writeHead(500).end(error.stack);
  }
});
await new Promise((resolve) => desk.listen(0, '127.0.0.1', resolve));
const words = [join(here, 'client.py'), server.url, `http://127.0.0.1:${desk.address().port}`];
const client = start('python', python, words, { PYTHONUNBUFFERED: '1' });
client.hears = (line) => {
  const row = /^python: (PASS|FAIL)\t(.*)$/.exec(line);
  if (row) say(row[1], `Python client: ${row[2]}`);
  else log(line);
};
const how = await client.ended;
if (how !== 0) await fail('Python client: all of its checks', `it ended with ${how}`);
desk.close();
provider.behave();

// --- the ends -------------------------------------------------------------------------------------

await check('a base address without a path stays without: no slash is added', async () => {
  const other = await startServer({}, '');
  for (const kit of [SDK, NEXT]) {
    const person = new Person('nora', { kit });
    const one = await connect(other, person);
    await call(one);
    assert.equal(person.asks('token')[0].resource, other.origin);
    await one.client.close();
  }
  await other.stop();
});

await check('tokens of many users at one address end together: each is renewed', async () => {
  // With the bounds that a server has by itself: a token that is over is nobody's guess.
  const other = await startServer();
  const people = await Promise.all(Array.from({ length: 12 }, async (_, number) => {
    const person = new Person(`user-${number}`, { kit: number % 2 ? SDK : NEXT });
    return { person, wired: await connect(other, person) };
  }));
  provider.behave({ late: 900 });
  for (const { person } of people) await auth(person, { serverUrl: other.url });
  provider.behave();
  const begun = Date.now();
  await Promise.all(people.map(({ wired }) => call(wired)));
  const took = Date.now() - begun;
  for (const { person, wired } of people) {
    assert.equal(person.asks('authorization').length, 1);
    await wired.client.close();
  }
  await other.stop();
  return `${people.length} users, ${took} ms`;
});

await check('the provider is gone: known keys serve, and what needs it is answered', async () => {
  const both = [alice, anna].map((person) => at.get(person));
  // Their tokens may be of a key that went.
  for (const one of both) await call(one);
  await provider.stop();
  const [head, ...rest] = alice.token.split('.');
  const header = { ...JSON.parse(Buffer.from(head, 'base64url')), kid: 'nobody' };
  const token = [Buffer.from(JSON.stringify(header)).toString('base64url'), ...rest].join('.');
  const [unknown] = await Promise.all([ask(server, { token }), ...both.map(call)]);
  assert.ok([401, 503].includes(unknown.status), `${unknown.status} ${unknown.text}`);
  for (const one of both) {
    await call(one);
    await one.client.close();
  }
  return `an unknown key: ${unknown.status}`;
});

await finish(0);
