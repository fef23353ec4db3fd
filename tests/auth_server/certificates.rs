//! Client certificates that say who is calling, alone and together with a key.

use std::net::TcpStream;
use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DistinguishedName, DnType, IsCa, KeyPair,
    SanType,
};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use crate::client::Client;
use crate::common::wire::Wire;
use crate::common::{Folder, Server};
use crate::demo;

/// An authority and the files of a server that trusts it.
struct Files {
    folder: Folder,
    authority: CertifiedIssuer<'static, KeyPair>,
}

/// What a certificate says of its holder: common name, and names of hosts.
type Names<'a> = (&'a str, &'a [&'a str]);

impl Files {
    fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let files = Self { folder: Folder::new("certificates"), authority };
        let (certificate, key) = files.leaf(("server", &["localhost"]));
        let write = |name, text| std::fs::write(files.folder.0.join(name), text).unwrap();
        write("server.pem", certificate.pem());
        write("server.key", key.serialize_pem());
        write("ca.pem", files.authority.pem());
        files
    }

    fn leaf(&self, (subject, hosts): Names<'_>) -> (rcgen::Certificate, KeyPair) {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.distinguished_name = DistinguishedName::new();
        if !subject.is_empty() {
            params.distinguished_name.push(DnType::CommonName, subject);
        }
        let hosts = hosts.iter().map(|host| SanType::DnsName((*host).try_into().unwrap()));
        params.subject_alt_names = hosts.collect();
        (params.signed_by(&key, &self.authority).unwrap(), key)
    }

    fn server(&self, more: &[(&str, &str)]) -> Server {
        let path = |name| self.folder.0.join(name).to_str().unwrap().to_owned();
        let (certificate, key, ca) = (path("server.pem"), path("server.key"), path("ca.pem"));
        let mut env = vec![
            ("ZSCALER_MCP_TLS_CERTFILE", certificate.as_str()),
            ("ZSCALER_MCP_TLS_KEYFILE", key.as_str()),
            ("ZSCALER_MCP_TLS_CA_CERTS", ca.as_str()),
        ];
        env.extend_from_slice(more);
        demo(&env)
    }

    /// Connects with a certificate of these names.
    fn client(&self, server: &Server, names: Names<'_>) -> Secure {
        let mut roots = RootCertStore::empty();
        roots.add(self.authority.der().clone()).unwrap();
        let (certificate, key) = self.leaf(names);
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_protocol_versions(&[&rustls::version::TLS13])
            .unwrap()
            .with_root_certificates(roots)
            .with_client_auth_cert(vec![certificate.der().clone()], key)
            .unwrap();
        let name = ServerName::try_from("localhost").unwrap();
        let tls = ClientConnection::new(Arc::new(config), name).unwrap();
        let wire = Wire::new(StreamOwned::new(tls, server.dial()));
        Client { wire, host: format!("localhost:{}", server.address.port()) }
    }
}

type Secure = Client<StreamOwned<ClientConnection, TcpStream>>;

const ALICE: Names<'static> = ("alice", &[]);
const BOB: Names<'static> = ("bob", &[]);
const KEY: (&str, &str) = ("Authorization", "Bearer the-key-that-both-of-them-have");
const OTHER: (&str, &str) = ("Authorization", "Bearer a-key-that-nobody-has-been-given");

#[test]
fn a_subject_alone_says_who_is_calling() {
    let files = Files::new();
    let server = files.server(&[
        ("ZSCALER_MCP_AUTH_CERTIFICATE", "subject"),
        ("ZSCALER_MCP_AUTHORIZE", "principal:certificate:CN=alice=*:all"),
    ]);
    let mut alice = files.client(&server, ALICE);
    let session = alice.session(&[]);
    assert_eq!(alice.list(&[], &session), 200);
    assert_eq!(
        files.client(&server, ALICE).list(&[], &session),
        200,
        "another certificate of hers"
    );
    assert_eq!(files.client(&server, BOB).list(&[], &session), 404, "her session is not his");
    assert_eq!(files.client(&server, ("", &["alice"])).discover(&[]), 403, "no subject");
    for (who, some) in [(ALICE, true), (BOB, false)] {
        let answer = files.client(&server, who).call(&[], "tools/list", serde_json::json!({}));
        let tools = answer.message()["result"]["tools"].as_array().unwrap().len();
        assert_eq!(tools > 0, some, "{who:?}: {tools}");
    }
}

#[test]
fn an_alternative_name_says_who_is_calling_only_when_there_is_one() {
    let files = Files::new();
    let server = files.server(&[("ZSCALER_MCP_AUTH_CERTIFICATE", "dns")]);
    for (names, status) in [
        (("", &["alice.example"][..]), 200),
        (("alice.example", &[]), 403),
        (("alice", &["alice.example", "bob.example"]), 403),
    ] {
        assert_eq!(files.client(&server, names).discover(&[]), status, "{names:?}");
    }
}

#[test]
fn with_a_key_as_well_both_are_needed_and_both_are_the_caller() {
    let files = Files::new();
    let server = files.server(&[
        ("ZSCALER_MCP_AUTH_CERTIFICATE", "subject"),
        ("ZSCALER_MCP_AUTH_API_KEY", "both=the-key-that-both-of-them-have"),
    ]);
    let mut alice = files.client(&server, ALICE);
    let session = alice.session(&[KEY]);
    for (name, who, fields, status) in [
        ("both", ALICE, &[KEY][..], 200),
        ("no key", ALICE, &[], 401),
        ("a wrong key", ALICE, &[OTHER], 401),
        ("no name", ("", &[][..]), &[KEY], 403),
        ("neither", ("", &[]), &[], 403),
        ("the same key of somebody else", BOB, &[KEY], 404),
    ] {
        assert_eq!(files.client(&server, who).list(fields, &session), status, "{name}");
    }
    assert_eq!(files.client(&server, BOB).discover(&[KEY]), 200);
    assert_eq!(alice.list(&[KEY], &session), 200);
}
