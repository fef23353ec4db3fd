"""The checks of the official Python client; started by checks.mjs:

    client.py URL DESK

URL is the server's endpoint; DESK speaks for the authorization server and its users. Prints one
line a check (verdict, name, what was seen) and ends at the first that fails.
"""

import asyncio
import contextlib
import json
import sys
import traceback
import urllib.request
from urllib.parse import parse_qs, urlparse

import httpx2
from mcp import Client
from mcp.client.auth import OAuthClientProvider
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.auth import AuthorizationCodeResult, OAuthClientMetadata

URL, DESK = sys.argv[1:]
CALLBACK = "http://127.0.0.1:1/callback"
SCOPE = "mcp.read"
TOOL = "zia_list_rule_labels"
SECONDS = 15


async def desk(path, **said):
    """Asks the other side for something."""
    body = json.dumps(said).encode()
    request = urllib.request.Request(DESK + path, body)

    def answer():
        with urllib.request.urlopen(request, timeout=SECONDS) as response:
            return json.loads(response.read())

    return await asyncio.to_thread(answer)


class Person:
    """A user with a client of his own, who keeps what the SDK gives him."""

    def __init__(self, name):
        self.name = name
        self.kept = None
        self.client = None
        self.requests = []
        self.before_sign_in = None
        self.back = None
        metadata = OAuthClientMetadata(
            client_name=f"client of {name}",
            redirect_uris=[CALLBACK],
            grant_types=["authorization_code", "refresh_token"],
            response_types=["code"],
        )
        self.auth = OAuthClientProvider(URL, metadata, self, self.sign_in, self.come_back)

    async def get_tokens(self):
        return self.kept

    async def set_tokens(self, tokens):
        self.kept = tokens

    async def get_client_info(self):
        return self.client

    async def set_client_info(self, client):
        self.client = client

    async def sign_in(self, url):
        if self.before_sign_in:
            await self.before_sign_in()
        self.back = await desk("/visit", url=url, user=self.name)

    async def come_back(self):
        said = {name: values[0] for name, values in parse_qs(urlparse(self.back).query).items()}
        assert "error" not in said, said
        return AuthorizationCodeResult(code=said["code"], state=said["state"], iss=said.get("iss"))

    async def asks(self, route):
        """Returns his requests to the provider's `route`."""
        seen = await desk("/seen", client=self.client.client_id)
        return [one for one in seen if one["route"] == route]

    @contextlib.asynccontextmanager
    async def connected(self, mode="auto"):
        async def note(response):
            request = response.request
            self.requests.append((request.method, request.url.path, response.status_code))
            said = response.headers.get("www-authenticate", "")
            print(self.name, request.method, request.url, response.status_code, said, flush=True)

        hooks = {"response": [note]}
        timeout = httpx2.Timeout(SECONDS, read=60)
        async with httpx2.AsyncClient(auth=self.auth, event_hooks=hooks, timeout=timeout) as http:
            wire = streamable_http_client(URL, http_client=http)
            async with Client(wire, mode=mode, read_timeout_seconds=SECONDS) as client:
                yield client


async def call(client):
    result = await client.call_tool(TOOL, {})
    assert not result.is_error and result.content, result


async def signs_in(mode, newest):
    person = Person(f"python-{mode}")
    async with person.connected(mode) as client:
        tools = (await client.list_tools()).tools
        assert any(tool.name == TOOL for tool in tools), tools
        await call(client)
        assert client.protocol_version == newest, client.protocol_version
    [asked] = await person.asks("authorization")
    assert asked["code_challenge_method"] == "S256", asked
    assert asked["resource"] == URL, asked
    assert SCOPE in asked["scope"].split(), asked
    [token] = await person.asks("token")
    assert (token["grant_type"], token["resource"]) == ("authorization_code", URL), token
    paths = ", ".join(" ".join(map(str, one)) for one in person.requests[:8])
    return f"revision {newest}, {len(tools)} tools, scope {asked['scope']}; {paths}"


async def renews():
    person = Person("python-renews")
    await desk("/behave", life=1)
    async with person.connected() as client:
        before = person.kept.access_token
        await desk("/behave")
        await asyncio.sleep(1.2)
        await call(client)
        assert person.kept.access_token != before
    renewal = (await person.asks("token"))[-1]
    assert (renewal["grant_type"], renewal["resource"]) == ("refresh_token", URL), renewal
    assert len(await person.asks("authorization")) == 1


async def signs_in_again():
    person = Person("python-again")
    await desk("/behave", life=1)
    async with person.connected() as client:
        # The next token is over when it comes, and the client believes that it is good.
        await desk("/behave", late=900)
        await asyncio.sleep(1.2)
        person.before_sign_in = lambda: desk("/behave")
        seen = len(person.requests)
        await call(client)
        assert 401 in [status for _, _, status in person.requests[seen:]], person.requests
    return f"after {len(await person.asks('authorization'))} sign-ins"


async def steps_up():
    person = Person("python-steps-up")
    await desk("/behave", scope="mcp.admin")
    first = "no error"
    try:
        async with person.connected() as client:
            await call(client)
    except Exception as error:  # groups of errors hide the one that matters
        while isinstance(error, BaseExceptionGroup):
            error = error.exceptions[0]
        first = f"{type(error).__name__}: {error}"
    assert 403 in [status for _, _, status in person.requests], person.requests
    await desk("/behave")
    async with person.connected() as client:
        await call(client)
    asked = (await person.asks("authorization"))[-1]
    return f"first {first!r}, then asked for {asked['scope']}"


CHECKS = [
    ("from 401 to a tool call, without a session", lambda: signs_in("auto", "2026-07-28")),
    ("from 401 to a tool call, with a session", lambda: signs_in("legacy", "2025-11-25")),
    ("a token is renewed at its end", renews),
    ("an expired token leads to a new sign-in", signs_in_again),
    ("a 403 sends the user back to the provider for the scope", steps_up),
]


async def main():
    for name, what in CHECKS:
        print(f"check: {name}", flush=True)
        try:
            async with asyncio.timeout(60):
                seen = await what()
        except Exception as error:
            traceback.print_exc()
            print(f"FAIL\t{name}\t{error!r}", flush=True)
            sys.exit(1)
        print(f"PASS\t{name}\t{seen or ''}", flush=True)


asyncio.run(main())
