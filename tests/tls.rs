//! The built binary over TLS: versions, private authorities, client certificates.

mod common;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::sync::Arc;

use common::wire::Wire;
use common::{ACCEPT, Folder, Response, Server, initialize, request, run};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

type Authority = CertifiedIssuer<'static, KeyPair>;

fn authority() -> Authority {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

fn leaf(authority: &Authority) -> (rcgen::Certificate, KeyPair) {
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    (params.signed_by(&key, authority).unwrap(), key)
}

struct Files {
    folder: Folder,
    authority: Authority,
}

impl Files {
    fn new() -> Self {
        let folder = Folder::new("tls");
        let authority = authority();
        let (certificate, key) = leaf(&authority);
        std::fs::write(folder.0.join("server.pem"), certificate.pem()).unwrap();
        std::fs::write(folder.0.join("server.key"), key.serialize_pem()).unwrap();
        std::fs::write(folder.0.join("ca.pem"), authority.pem()).unwrap();
        Self { folder, authority }
    }

    fn path(&self, name: &str) -> String {
        self.folder.0.join(name).to_str().unwrap().to_owned()
    }

    fn server(&self, more: &[(&str, &str)]) -> Server {
        let (certificate, key) = (self.path("server.pem"), self.path("server.key"));
        let mut env = vec![
            ("ZSCALER_MCP_TLS_CERTFILE", certificate.as_str()),
            ("ZSCALER_MCP_TLS_KEYFILE", key.as_str()),
        ];
        env.extend_from_slice(more);
        Server::demo(&[], &env)
    }

    fn client(
        &self,
        versions: &[&'static rustls::SupportedProtocolVersion],
        identity: Option<&Authority>,
        alpn: &[&[u8]],
    ) -> ClientConfig {
        let mut roots = RootCertStore::empty();
        roots.add(self.authority.der().clone()).unwrap();
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let builder = ClientConfig::builder_with_provider(provider)
            .with_protocol_versions(versions)
            .unwrap()
            .with_root_certificates(roots);
        let mut config = match identity {
            None => builder.with_no_client_auth(),
            Some(authority) => {
                let (certificate, key) = leaf(authority);
                let chain: Vec<CertificateDer<'static>> = vec![certificate.der().clone()];
                let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
                builder.with_client_auth_cert(chain, key).unwrap()
            }
        };
        config.alpn_protocols = alpn.iter().map(|name| name.to_vec()).collect();
        config
    }
}

type Secure = Wire<StreamOwned<ClientConnection, TcpStream>>;

fn connect(server: &Server, config: ClientConfig) -> Secure {
    let name = ServerName::try_from("localhost").unwrap();
    let tls = ClientConnection::new(Arc::new(config), name).unwrap();
    Wire::new(StreamOwned::new(tls, server.dial()))
}

/// Sends a handshake of the protocol; `None` when TLS or the connection refuses.
fn talk(server: &Server, config: ClientConfig) -> Option<(Response, Secure)> {
    let mut stream = connect(server, config);
    let body = initialize("2025-11-25").to_string();
    let host = format!("localhost:{}", server.address.port());
    stream.write_all(&request("POST /mcp HTTP/1.1", &host, &ACCEPT, &body)).ok()?;
    let mut first = [0; 1];
    stream.read_exact(&mut first).ok()?;
    let mut whole = (&first[..]).chain(&mut stream);
    let response = Response::read(&mut whole);
    Some((response, stream))
}

const V13: &[&rustls::SupportedProtocolVersion] = &[&rustls::version::TLS13];
const V12: &[&rustls::SupportedProtocolVersion] = &[&rustls::version::TLS12];

#[test]
fn a_private_authority_is_served_with_the_hybrid_group() {
    let files = Files::new();
    let server = files.server(&[]);
    let config = files.client(V13, None, &[b"h2", b"http/1.1"]);
    let (response, stream) = talk(&server, config).unwrap();
    assert_eq!(response.status, 200);
    assert!(response.field("strict-transport-security").is_some());
    let group = stream.conn.negotiated_key_exchange_group().unwrap().name();
    assert_eq!(group, rustls::NamedGroup::X25519MLKEM768);
    assert_eq!(stream.conn.alpn_protocol(), Some(&b"http/1.1"[..]));
}

#[test]
fn other_protocols_and_old_versions_are_refused() {
    let files = Files::new();
    let server = files.server(&[]);
    assert!(talk(&server, files.client(V13, None, &[b"h2"])).is_none(), "only h2 offered");
    assert!(talk(&server, files.client(V12, None, &[])).is_none(), "TLS 1.2 without the setting");
    let old = files.server(&[("ZSCALER_MCP_TLS_MIN_VERSION", "1.2")]);
    assert_eq!(talk(&old, files.client(V12, None, &[])).unwrap().0.status, 200);
}

#[test]
fn a_client_certificate_of_the_right_authority_is_required() {
    let files = Files::new();
    let ca = files.path("ca.pem");
    let server = files.server(&[("ZSCALER_MCP_TLS_CA_CERTS", &ca)]);
    assert!(talk(&server, files.client(V13, None, &[])).is_none(), "no certificate");
    let wrong = authority();
    assert!(talk(&server, files.client(V13, Some(&wrong), &[])).is_none(), "wrong authority");
    let right = files.client(V13, Some(&files.authority), &[]);
    assert_eq!(talk(&server, right).unwrap().0.status, 200);
}

#[test]
fn a_large_answer_arrives_whole() {
    let files = Files::new();
    let server = files.server(&[]);
    let (_, mut stream) = talk(&server, files.client(V13, None, &[])).unwrap();
    let list = serde_json::json!({"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":{
        "io.modelcontextprotocol/protocolVersion":"2026-07-28",
        "io.modelcontextprotocol/clientCapabilities":{}}}});
    let host = format!("localhost:{}", server.address.port());
    let mut fields = ACCEPT.to_vec();
    fields.extend([("MCP-Protocol-Version", "2026-07-28"), ("Mcp-Method", "tools/list")]);
    for _ in 0..20 {
        let bytes = request("POST /mcp HTTP/1.1", &host, &fields, &list.to_string());
        stream.write_all(&bytes).unwrap();
        let answer = Response::read(&mut stream);
        assert_eq!(
            answer.message()["result"]["tools"].as_array().unwrap().len(),
            zscaler_mcp::tools::catalogue::reads().count()
        );
    }
}

#[test]
fn plaintext_on_the_tls_port_is_closed_and_others_are_served() {
    let files = Files::new();
    let server = files.server(&[]);
    let mut plain = server.dial();
    plain.write_all(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    drop(plain.read_to_end(&mut answer));
    assert!(!answer.starts_with(b"HTTP"));
    assert_eq!(talk(&server, files.client(V13, None, &[])).unwrap().0.status, 200);
}

#[test]
fn a_key_of_another_certificate_stops_the_start() {
    let files = Files::new();
    let other = KeyPair::generate().unwrap();
    std::fs::write(Path::new(&files.path("other.key")), other.serialize_pem()).unwrap();
    let (certificate, key) = (files.path("server.pem"), files.path("other.key"));
    let ended = run(
        &["--demo", "--transport", "streamable-http", "--port", "0"],
        &[
            ("ZSCALER_MCP_TLS_CERTFILE", certificate.as_str()),
            ("ZSCALER_MCP_TLS_KEYFILE", key.as_str()),
        ],
    );
    assert_eq!(ended.code, Some(1), "{}", ended.text);
    assert!(ended.text.contains("ZSCALER_MCP_TLS_KEYFILE"), "{}", ended.text);
}
