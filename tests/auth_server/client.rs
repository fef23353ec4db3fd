//! A client of the server under test that keeps its connection and shows a credential.

use std::io::{Read, Write};
use std::net::SocketAddr;
use std::time::{SystemTime, UNIX_EPOCH};

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use serde_json::{Value, json};
use zscaler_mcp::base::encode::base64;

use crate::common::wire::Wire;
use crate::common::{ACCEPT, Response, initialize, request};

pub(crate) type Fields<'a> = [(&'a str, &'a str)];

/// A connection that is kept.
pub(crate) struct Client<S = std::net::TcpStream> {
    pub(crate) wire: Wire<S>,
    pub(crate) host: String,
}

impl Client {
    pub(crate) fn to(address: SocketAddr) -> Self {
        Self { wire: Wire::to(address), host: address.to_string() }
    }
}

impl<S: Read + Write> Client<S> {
    /// Calls a method without a session.
    pub(crate) fn call(&mut self, fields: &Fields<'_>, method: &str, params: Value) -> Response {
        self.send(fields, method, params);
        self.hear()
    }

    pub(crate) fn send(&mut self, fields: &Fields<'_>, method: &str, params: Value) {
        let bytes = stateless(&self.host, fields, method, params);
        self.wire.write_all(&bytes).unwrap();
    }

    pub(crate) fn hear(&mut self) -> Response {
        Response::read(&mut self.wire)
    }

    /// Posts a message as a client with a handshake does.
    pub(crate) fn post(&mut self, fields: &Fields<'_>, message: &Value) -> Response {
        let mut all = ACCEPT.to_vec();
        all.extend_from_slice(fields);
        let bytes = request("POST /mcp HTTP/1.1", &self.host, &all, &message.to_string());
        self.wire.write_all(&bytes).unwrap();
        self.hear()
    }

    /// Makes a handshake and returns the session id.
    pub(crate) fn session(&mut self, fields: &Fields<'_>) -> String {
        let answer = self.post(fields, &initialize("2025-11-25"));
        assert_eq!(answer.status, 200, "{answer:?}");
        let session = answer.field("mcp-session-id").unwrap();
        let ready = json!({"jsonrpc":"2.0","method":"notifications/initialized"});
        let mut all = fields.to_vec();
        all.push(("Mcp-Session-Id", &session));
        assert_eq!(self.post(&all, &ready).status, 202);
        session
    }

    /// Lists the tools in a session and returns the status.
    pub(crate) fn list(&mut self, fields: &Fields<'_>, session: &str) -> u16 {
        let mut all = fields.to_vec();
        all.extend([("Mcp-Session-Id", session), ("MCP-Protocol-Version", "2025-11-25")]);
        self.post(&all, &json!({"jsonrpc":"2.0","id":5,"method":"tools/list"})).status
    }

    /// Asks what the server is and returns the status.
    pub(crate) fn discover(&mut self, fields: &Fields<'_>) -> u16 {
        self.call(fields, "server/discover", json!({})).status
    }
}

/// A call without a session, as bytes.
fn stateless(host: &str, fields: &Fields<'_>, method: &str, mut params: Value) -> Vec<u8> {
    params["_meta"] = json!({
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": {}
    });
    let name = params.get("name").and_then(Value::as_str).map(str::to_owned);
    let mut all = ACCEPT.to_vec();
    all.extend([("MCP-Protocol-Version", "2026-07-28"), ("Mcp-Method", method)]);
    all.extend(name.as_deref().map(|name| ("Mcp-Name", name)));
    all.extend_from_slice(fields);
    let body = json!({"jsonrpc":"2.0","id":1,"method":method,"params":params}).to_string();
    request("POST /mcp HTTP/1.1", host, &all, &body)
}

/// Returns the value of `Authorization` for a pair.
pub(crate) fn basic(id: &str, secret: &str) -> String {
    format!("Basic {}", base64(format!("{id}:{secret}").as_bytes()))
}

pub(crate) fn base64url(bytes: &[u8]) -> String {
    base64(bytes).trim_end_matches('=').replace('+', "-").replace('/', "_")
}

/// A key of an issuer: its name and what it is made of.
#[derive(Clone, Copy)]
pub(crate) struct Signer(pub(crate) &'static str, pub(crate) u8);

pub(crate) const ISSUER: &str = "https://idp.example/";
pub(crate) const AUDIENCE: &str = "zscaler-mcp-server";

impl Signer {
    fn pair(self) -> Ed25519KeyPair {
        Ed25519KeyPair::from_seed_unchecked(&[self.1; 32]).unwrap()
    }

    fn entry(self) -> Value {
        let x = base64url(self.pair().public_key().as_ref());
        json!({"kty":"OKP","crv":"Ed25519","kid":self.0,"x":x})
    }

    /// Returns a token of `subject` that is good for some minutes.
    pub(crate) fn token(self, subject: &str) -> String {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        let exp = since.as_secs() + 600;
        let header = json!({"alg":"EdDSA","kid":self.0}).to_string();
        let payload = json!({"iss":ISSUER,"aud":AUDIENCE,"exp":exp,"sub":subject}).to_string();
        let signed = [base64url(header.as_bytes()), base64url(payload.as_bytes())].join(".");
        let signature = self.pair().sign(signed.as_bytes());
        format!("{signed}.{}", base64url(signature.as_ref()))
    }
}

/// Returns the document that publishes `signers`.
pub(crate) fn published(signers: &[Signer]) -> String {
    let keys: Vec<Value> = signers.iter().map(|signer| signer.entry()).collect();
    json!({ "keys": keys }).to_string()
}
