"""Writes vectors.json: states and tokens of confirmations, made without the program.

Needs the package `cryptography`; the tests read only the file. Every key, salt, number and nonce
is fixed, so that a second run writes the same bytes: python3 make.py > vectors.json
"""

import base64
import hashlib
import hmac
import json

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NOW = 1_800_000_000
SECRETS = [b"first secret, and it has 32 bytes", b"second secret, also of 32 bytes."]
SALT, NUMBER, NONCE = bytes(range(8)), bytes(range(16, 32)), bytes(range(64, 76))
TOKEN_NONCE = bytes.fromhex("00ff10ef20df30cf")
MESSAGE = "\n".join([
    "Confirm: delete rule label",
    "  label_id: 77",
    '  name there now: "M\u00fcnchen \'old\'"',
    '  note: "two lines"',
    "Asked for by the agent through the tool zia_delete_rule_label.",
])
ARGUMENTS = '{"note":"two\\nlines","label_id":77}'
PRINCIPAL = "https://idp.example/ alice%20b"
TOOL = "zia_delete_rule_label"


class Spelled(str):
    """A number in its own spelling."""


def canonical(value):
    """Members by name, no blanks, numbers as they were spelled, escapes where JSON needs them."""
    if isinstance(value, dict):
        # By code points, which is the order of the bytes in UTF-8.
        pairs = [f"{canonical(name)}:{canonical(value[name])}" for name in sorted(value)]
        return "{" + ",".join(pairs) + "}"
    if isinstance(value, list):
        return "[" + ",".join(canonical(item) for item in value) + "]"
    if isinstance(value, Spelled):
        return str(value)
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return json.dumps(value)


def read(text):
    return json.loads(text, parse_int=Spelled, parse_float=Spelled)


def sha256(data):
    return hashlib.sha256(data).digest()


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def derived(secret, info):
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=info).derive(secret)


def seal(plain, secret=SECRETS[0], name=None, version="v1."):
    key = derived(secret, b"mcp/request-state/v1/aes-256-gcm")
    name = name or sha256(b"mcp/request-state/v1/kid:" + key)[:4]
    bound = version.encode() + name
    return version + base64url(name + NONCE + AESGCM(key).encrypt(NONCE, plain, bound))


def form():
    choice = {"type": "string", "title": "Your choice", "enum": ["delete", "cancel"]}
    properties = {"choice": choice}
    return {"message": MESSAGE, "requestedSchema": {
        "type": "object", "properties": properties, "required": ["choice"]}}


def claims(changes=(), drop=(), inner=None, arguments=ARGUMENTS, principal=PRINCIPAL):
    asked = base64url(sha256(canonical(form()).encode())[:16])
    inner = inner or {"v": 3, "outcomes": {}, "asked": {"confirm": asked}}
    hidden = sha256(b"mcp/request-state/principal:" + SALT + principal.encode())[:16]
    members = {
        "v": 1, "iat": NOW, "exp": NOW + 300, "m": "tools/call", "t": TOOL,
        "a": base64url(sha256(canonical(read(arguments)).encode())[:16]),
        "s": json.dumps(inner, separators=(",", ":")),
        "aud": "zscaler-mcp", "p": base64url(SALT + hidden), "jti": base64url(NUMBER),
    }
    members.update(changes)
    members = {name: value for name, value in members.items() if name not in drop}
    return json.dumps(members, separators=(",", ":")).encode()


def states():
    """Name, ring (numbers of secrets), what is expected, state; the first one is byte for byte ours."""
    good = claims()
    nested = '{"label_id":77,"note":"two\\nlines","more":null}'
    yield "good", [0], "ok", seal(good)
    yield "good, spelled with blanks", [0], "ok", seal(good.replace(b",", b" , "))
    yield "a member nobody knows", [0], "ok", seal(claims({"x": 1}))
    yield "under the older key", [1, 0], "ok", seal(good)
    yield "under the newest of two", [0, 1], "ok", seal(good)
    yield "under a key outside the ring", [1], "forged", seal(good)
    yield "under one key with the name of the other", [0, 1], "forged", seal(
        good, name=sha256(b"mcp/request-state/v1/kid:" + derived(
            SECRETS[1], b"mcp/request-state/v1/aes-256-gcm"))[:4])
    yield "of another format", [0], "forged", seal(good, version="v2.")
    yield "another version", [0], "forged", seal(claims({"v": 2}))
    yield "another method", [0], "forged", seal(claims({"m": "prompts/get"}))
    yield "another server", [0], "forged", seal(claims({"aud": "other"}))
    yield "another tool", [0], "other", seal(claims({"t": TOOL + "s"}))
    yield "another argument", [0], "other", seal(claims(arguments='{"label_id":78}'))
    yield "an argument more", [0], "other", seal(claims(arguments=nested))
    yield "another caller", [0], "other", seal(claims(principal="alice"))
    yield "longest life", [0], "ok", seal(claims({"exp": NOW + 600}))
    yield "a life too long", [0], "forged", seal(claims({"exp": NOW + 601}))
    yield "an end before its beginning", [0], "forged", seal(claims({"iat": NOW, "exp": NOW - 1}))
    yield "in its last second", [0], "ok", seal(claims({"iat": NOW - 299, "exp": NOW + 1}))
    yield "at its end", [0], "expired", seal(claims({"iat": NOW - 300, "exp": NOW}))
    yield "from within the skew", [0], "ok", seal(claims({"iat": NOW + 60, "exp": NOW + 360}))
    yield "from beyond the skew", [0], "forged", seal(claims({"iat": NOW + 61, "exp": NOW + 361}))
    yield "a time as text", [0], "forged", seal(claims({"exp": str(NOW + 300)}))
    yield "a time with a fraction", [0], "forged", seal(claims({"exp": NOW + 300.5}))
    yield "a time below zero", [0], "forged", seal(claims({"iat": -1}))
    for name in ["v", "iat", "exp", "m", "t", "a", "s", "aud", "p", "jti"]:
        yield f"without {name}", [0], "forged", seal(claims(drop=[name]))
    yield "a caller too short", [0], "forged", seal(claims({"p": base64url(SALT)}))
    yield "inner state of another version", [0], "forged", seal(
        claims(inner={"v": 2, "outcomes": {}, "asked": {"confirm": base64url(NUMBER)}}))
    yield "inner state without a question", [0], "forged", seal(
        claims(inner={"v": 3, "outcomes": {}, "asked": {}}))
    yield "no object", [0], "forged", seal(b"[1]")
    yield "no JSON", [0], "forged", seal(b"v=1")
    yield "nothing", [0], "forged", seal(b"")
    yield "a name twice", [0], "forged", seal(good[:-1] + b',"v":1}')


def token(expires=str(NOW + 300), nonce=TOKEN_NONCE.hex(), secret=SECRETS[0], tool=TOOL,
          arguments=ARGUMENTS, principal=PRINCIPAL):
    key = derived(secret, b"zscaler-mcp/confirmation-token/v1/hmac-sha256")
    parts = [tool, sha256(canonical(read(arguments)).encode()).hex(),
             sha256(principal.encode()).hex(), expires, nonce]
    return f"{expires}:{nonce}:" + hmac.new(key, ":".join(parts).encode(), "sha256").hexdigest()


def tokens():
    """Name, ring, what is expected, token; each signed for the spelling that it has."""
    yield "good", [0], "ok", token()
    yield "under the older key", [1, 0], "ok", token()
    yield "under a key outside the ring", [1], "other", token()
    yield "another tool", [0], "other", token(tool=TOOL + "s")
    yield "another argument", [0], "other", token(arguments='{"label_id":77}')
    yield "another caller", [0], "other", token(principal="alice")
    yield "in its last second", [0], "ok", token(str(NOW))
    yield "a second late", [0], "expired", token(str(NOW - 1))
    yield "at the beginning of time", [0], "expired", token("0")
    yield "as far as life and skew", [0], "ok", token(str(NOW + 360))
    yield "farther", [0], "forged", token(str(NOW + 361))
    yield "at the end of time", [0], "forged", token(str(2**64 - 1))
    yield "behind the end of time", [0], "forged", token(str(2**64))
    for name, expires in [("a leading zero", f"0{NOW}"), ("two zeros", "00"), ("plus", f"+{NOW}"),
                          ("minus", "-1"), ("a blank before", f" {NOW}"), ("a blank behind", f"{NOW} "),
                          ("an empty time", ""), ("a fraction", f"{NOW}.0"), ("a power", "18e8"),
                          ("digits of another script", "\u0661" * 10)]:
        yield name, [0], "forged", token(expires)
    for name, nonce in [("an empty nonce", ""), ("upper case in the nonce", TOKEN_NONCE.hex().upper()),
                        ("a shorter nonce", TOKEN_NONCE.hex()[:-2]), ("a longer nonce", "00" * 9),
                        ("no hex in the nonce", "g" * 16), ("a colon in the nonce", "0:" * 8)]:
        yield name, [0], "forged", token(nonce=nonce)


CANONICAL = [
    '{}',
    '{"b":1,"a":2}',
    '{ "\\u00e9":1, "z":{"y":[{"b":0,"a":-0.0},[]],"x":null}, "":true }',
    '{"n":[1.50,1e3,-0,12345678901234567890],"s":"\\u0000\\u007f\\b\\t\\n\\f\\r\\"\\\\\\/\\u20ac"}',
    '{"\\ud83d\\ude00":1,"\\uffee":2,"a":"\\ud83d\\ude00"}',
    '{"a.b":1,"a":{"b":1},"aa":0,"A":0}',
]


def main():
    def rows(all_of):
        return [dict(zip(["name", "ring", "expected", "text"], row)) for row in all_of]

    vectors = {
        "now": NOW, "ttl": 300, "secrets": [secret.decode() for secret in SECRETS],
        "tool": TOOL, "arguments": ARGUMENTS, "principal": PRINCIPAL,
        "random": {"state": (SALT + NUMBER + NONCE).hex(), "token": TOKEN_NONCE.hex()},
        "question": {"name": "M\u00fcnchen \"old\"", "params": form()},
        "canonical": [{"text": text, "is": canonical(read(text)),
                       "digest": sha256(canonical(read(text)).encode()).hex()} for text in CANONICAL],
        "states": rows(states()), "tokens": rows(tokens()),
    }
    print(json.dumps(vectors, indent=1))


main()
