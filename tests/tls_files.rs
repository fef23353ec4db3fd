//! TLS files: every fault is named, every supported form loads, and the handshake is the one
//! that the settings promise. Client and server talk in memory.

use std::collections::BTreeSet;
use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer, ServerName};
use rustls::{
    AlertDescription, ClientConfig, ClientConnection, Error, HandshakeKind, NamedGroup,
    ProtocolVersion, RootCertStore, ServerConfig, ServerConnection, SupportedProtocolVersion,
};
use zscaler_mcp::limits::TLS_FILE_BYTES_MAX;
use zscaler_mcp::server::tls::{
    Fault, Loaded, MinVersion, Scheme, TlsFiles, TlsProblem, Variable, load,
};

/// 2027-01-15T08:00:00Z, inside the dates of every fixture.
const NOW: u64 = 1_800_000_000;
const PASSWORD: &[u8] = b"correct-horse";

/// A directory of its own for one test, removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("zscaler-mcp-tls-{}-{number}", std::process::id());
        let path = std::env::temp_dir().join(name);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.join(name);
        fs::write(&path, content).unwrap();
        set_mode(&path, 0o600);
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).unwrap();
    }
}

#[cfg(unix)]
fn set_mode(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[cfg(not(unix))]
fn set_mode(_path: &Path, _mode: u32) {}

fn fixture(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/tls").join(name);
    fs::read_to_string(path).unwrap()
}

/// An authority that signs leaf certificates.
struct Authority {
    pem: String,
    der: CertificateDer<'static>,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    fn new(name: &str) -> Self {
        Self::with(name, |_| {})
    }

    fn with(name: &str, change: impl FnOnce(&mut CertificateParams)) -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(rcgen::DnType::CommonName, name);
        change(&mut params);
        let key = KeyPair::generate().unwrap();
        let certificate = params.self_signed(&key).unwrap();
        let (pem, der) = (certificate.pem(), certificate.der().clone());
        Self { pem, der, issuer: Issuer::new(params, key) }
    }

    fn leaf(&self) -> Leaf {
        self.leaf_with(|_| {})
    }

    fn leaf_with(&self, change: impl FnOnce(&mut CertificateParams)) -> Leaf {
        let mut params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
        change(&mut params);
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        Leaf { pem: certificate.pem(), der: certificate.der().clone(), key }
    }
}

struct Leaf {
    pem: String,
    der: CertificateDer<'static>,
    key: KeyPair,
}

/// The files of one start, in a folder.
struct Setup {
    folder: Folder,
    certfile: PathBuf,
    keyfile: PathBuf,
    ca_certs: Option<PathBuf>,
    password: Option<Vec<u8>>,
    min_version: MinVersion,
}

impl Setup {
    fn new(certificate: impl AsRef<[u8]>, key: impl AsRef<[u8]>) -> Self {
        let folder = Folder::new();
        let certfile = folder.write("cert.pem", certificate);
        let keyfile = folder.write("key.pem", key);
        Self {
            folder,
            certfile,
            keyfile,
            ca_certs: None,
            password: None,
            min_version: MinVersion::V13,
        }
    }

    fn signed_by(authority: &Authority) -> Self {
        let leaf = authority.leaf();
        Self::new(&leaf.pem, leaf.key.serialize_pem())
    }

    fn key(key: impl AsRef<[u8]>, password: Option<&[u8]>) -> Self {
        let mut setup = Self::new(fixture("test-ec.cert.pem"), key);
        setup.password = password.map(<[u8]>::to_vec);
        setup
    }

    fn authorities(mut self, pem: impl AsRef<[u8]>) -> Self {
        self.ca_certs = Some(self.folder.write("ca.pem", pem));
        self
    }

    fn versions(mut self, min_version: MinVersion) -> Self {
        self.min_version = min_version;
        self
    }

    fn load(&self) -> Result<Loaded, TlsProblem> {
        self.load_at(NOW)
    }

    fn load_at(&self, now_unix: u64) -> Result<Loaded, TlsProblem> {
        let files = TlsFiles {
            certfile: &self.certfile,
            keyfile: &self.keyfile,
            password: self.password.as_deref(),
            ca_certs: self.ca_certs.as_deref(),
            min_version: self.min_version,
        };
        load(&files, now_unix)
    }
}

// --- handshakes ---

struct Talk {
    server: ServerConnection,
    client: ClientConnection,
}

/// What each side said when a handshake failed.
#[derive(Debug)]
struct Refused {
    server: Option<Error>,
    client: Option<Error>,
}

fn talk(server: &Arc<ServerConfig>, client: &Arc<ClientConfig>) -> Result<Talk, Box<Refused>> {
    let name = ServerName::try_from("localhost").unwrap();
    let mut talk = Talk {
        server: ServerConnection::new(Arc::clone(server)).unwrap(),
        client: ClientConnection::new(Arc::clone(client), name).unwrap(),
    };
    let mut refused = Refused { server: None, client: None };
    for _ in 0..8 {
        let mut wire = Vec::new();
        while talk.client.wants_write() {
            talk.client.write_tls(&mut wire).unwrap();
        }
        let mut rest = wire.as_slice();
        while !rest.is_empty() && refused.server.is_none() {
            talk.server.read_tls(&mut rest).unwrap();
            refused.server = talk.server.process_new_packets().err();
        }
        let mut wire = Vec::new();
        while talk.server.wants_write() {
            talk.server.write_tls(&mut wire).unwrap();
        }
        let mut rest = wire.as_slice();
        while !rest.is_empty() && refused.client.is_none() {
            talk.client.read_tls(&mut rest).unwrap();
            refused.client = talk.client.process_new_packets().err();
        }
    }
    if refused.server.is_some() || refused.client.is_some() {
        return Err(Box::new(refused));
    }
    assert!(!talk.server.is_handshaking() && !talk.client.is_handshaking());
    Ok(talk)
}

const BOTH: &[&SupportedProtocolVersion] = &[&rustls::version::TLS13, &rustls::version::TLS12];
const ONLY_12: &[&SupportedProtocolVersion] = &[&rustls::version::TLS12];

fn client(
    trusted: &Authority,
    versions: &[&'static SupportedProtocolVersion],
    alpn: &[&[u8]],
    identity: Option<&Leaf>,
) -> Arc<ClientConfig> {
    let mut roots = RootCertStore::empty();
    roots.add(trusted.der.clone()).unwrap();
    let builder = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_protocol_versions(versions)
        .unwrap()
        .with_root_certificates(roots);
    let mut config = match identity {
        None => builder.with_no_client_auth(),
        Some(leaf) => {
            let key = PrivatePkcs8KeyDer::from(leaf.key.serialize_der());
            builder.with_client_auth_cert(vec![leaf.der.clone()], key.into()).unwrap()
        }
    };
    config.alpn_protocols = alpn.iter().map(|name| name.to_vec()).collect();
    Arc::new(config)
}

#[test]
fn tls_1_3_negotiates_the_hybrid_group_and_carries_data() {
    let ca = Authority::new("ca");
    let loaded = Setup::signed_by(&ca).load().unwrap();
    assert_eq!(loaded.warnings, Vec::<String>::new());
    let mut talk = talk(&loaded.config, &client(&ca, BOTH, &[b"http/1.1"], None)).unwrap();
    assert_eq!(talk.server.protocol_version(), Some(ProtocolVersion::TLSv1_3));
    let group = talk.server.negotiated_key_exchange_group().unwrap().name();
    assert_eq!(group, NamedGroup::X25519MLKEM768);
    talk.client.writer().write_all(b"GET").unwrap();
    let mut wire = Vec::new();
    talk.client.write_tls(&mut wire).unwrap();
    talk.server.read_tls(&mut wire.as_slice()).unwrap();
    talk.server.process_new_packets().unwrap();
    let mut got = [0; 3];
    talk.server.reader().read_exact(&mut got).unwrap();
    assert_eq!(&got, b"GET");
}

#[test]
fn tls_1_2_is_refused_unless_the_setting_allows_it() {
    let ca = Authority::new("ca");
    let old = client(&ca, ONLY_12, &[], None);
    let strict = Setup::signed_by(&ca).load().unwrap();
    let refused = talk(&strict.config, &old).err().unwrap();
    assert_eq!(refused.client, Some(Error::AlertReceived(AlertDescription::ProtocolVersion)));
    let lenient = Setup::signed_by(&ca).versions(MinVersion::V12).load().unwrap();
    let talked = talk(&lenient.config, &old).unwrap();
    assert_eq!(talked.server.protocol_version(), Some(ProtocolVersion::TLSv1_2));
    let talked = talk(&lenient.config, &client(&ca, BOTH, &[], None)).unwrap();
    assert_eq!(talked.server.protocol_version(), Some(ProtocolVersion::TLSv1_3));
}

#[test]
fn only_forward_secret_authenticated_suites_and_four_groups_are_offered() {
    let ca = Authority::new("ca");
    for (min_version, suites) in [(MinVersion::V13, 3), (MinVersion::V12, 9)] {
        let config = Setup::signed_by(&ca).versions(min_version).load().unwrap().config;
        let provider = config.crypto_provider();
        let names: Vec<String> =
            provider.cipher_suites.iter().map(|suite| format!("{:?}", suite.suite())).collect();
        assert_eq!(names.len(), suites, "{names:?}");
        for name in &names {
            let forward = name.starts_with("TLS13_") || name.starts_with("TLS_ECDHE_");
            assert!(forward && (name.contains("_GCM_") || name.contains("_POLY1305_")), "{name}");
        }
        let groups: Vec<NamedGroup> = provider.kx_groups.iter().map(|group| group.name()).collect();
        assert_eq!(
            groups,
            [
                NamedGroup::X25519MLKEM768,
                NamedGroup::X25519,
                NamedGroup::secp256r1,
                NamedGroup::secp384r1
            ]
        );
        assert_eq!(config.max_early_data_size, 0);
    }
}

#[test]
fn alpn_selects_http_1_1_and_refuses_clients_without_it() {
    let ca = Authority::new("ca");
    let config = Setup::signed_by(&ca).load().unwrap().config;
    for (name, offered, expected) in [
        ("http/1.1 alone", &[&b"http/1.1"[..]][..], Some(&b"http/1.1"[..])),
        ("h2 first", &[b"h2", b"http/1.1"], Some(b"http/1.1")),
        ("no extension", &[], None),
    ] {
        let talk = talk(&config, &client(&ca, BOTH, offered, None)).unwrap();
        assert_eq!(talk.server.alpn_protocol(), expected, "{name}");
    }
    for (name, offered) in [("h2", &[&b"h2"[..]][..]), ("http/1.0", &[b"http/1.0"])] {
        let refused = talk(&config, &client(&ca, BOTH, offered, None)).err().unwrap();
        assert_eq!(refused.server, Some(Error::NoApplicationProtocol), "{name}");
        let alert = Error::AlertReceived(AlertDescription::NoApplicationProtocol);
        assert_eq!(refused.client, Some(alert), "{name}");
    }
}

#[test]
fn client_certificates_are_required_once_authorities_are_set() {
    let (ca, clients, others) =
        (Authority::new("ca"), Authority::new("clients"), Authority::new("others"));
    let past = |params: &mut CertificateParams| params.not_after = date_time_ymd(2020, 1, 1);
    let (right, wrong, expired) = (clients.leaf(), others.leaf(), clients.leaf_with(past));
    for (min_version, versions) in [(MinVersion::V13, BOTH), (MinVersion::V12, ONLY_12)] {
        let setup = Setup::signed_by(&ca).authorities(&clients.pem).versions(min_version);
        let config = setup.load().unwrap().config;
        for (name, identity, accepted) in [
            ("none", None, false),
            ("wrong authority", Some(&wrong), false),
            ("expired", Some(&expired), false),
            ("right authority", Some(&right), true),
        ] {
            let outcome = talk(&config, &client(&ca, versions, &[], identity));
            assert_eq!(outcome.is_ok(), accepted, "{name}");
            if let Err(refused) = outcome {
                assert!(refused.server.is_some(), "{name}: refused by {refused:?}");
            }
        }
    }
}

#[test]
fn sessions_resume_only_where_no_client_certificate_is_required() {
    let (ca, clients) = (Authority::new("ca"), Authority::new("clients"));
    let identity = clients.leaf();
    for versions in [BOTH, ONLY_12] {
        let open = Setup::signed_by(&ca).versions(MinVersion::V12);
        let mutual = Setup::signed_by(&ca).versions(MinVersion::V12).authorities(&clients.pem);
        for (setup, identity, expected) in
            [(open, None, HandshakeKind::Resumed), (mutual, Some(&identity), HandshakeKind::Full)]
        {
            let config = setup.load().unwrap().config;
            let client = client(&ca, versions, &[], identity);
            let first = talk(&config, &client).unwrap();
            assert_eq!(first.server.handshake_kind(), Some(HandshakeKind::Full));
            let second = talk(&config, &client).unwrap();
            assert_eq!(second.server.handshake_kind(), Some(expected));
            let reloaded = setup.load().unwrap().config;
            let third = talk(&reloaded, &client).unwrap();
            assert_eq!(third.server.handshake_kind(), Some(HandshakeKind::Full));
        }
    }
}

// --- keys ---

#[test]
fn every_supported_key_form_loads_without_a_warning() {
    for (certificate, key, password) in [
        ("test-rsa.cert.pem", "test-rsa-pkcs1.key.pem", None),
        ("test-rsa.cert.pem", "test-rsa-default.key.pem", Some(PASSWORD)),
        ("test-ec.cert.pem", "test-ec-sec1.key.pem", None),
        ("test-ec.cert.pem", "test-ec-aes128-sha1.key.pem", Some(PASSWORD)),
        ("test-ec.cert.pem", "test-ec-aes192-sha384.key.pem", Some(PASSWORD)),
        ("test-ec.cert.pem", "test-ec-aes256-sha256.key.pem", Some(PASSWORD)),
        ("test-ec.cert.pem", "test-ec-aes256-sha512.key.pem", Some(PASSWORD)),
        ("test-ed25519.cert.pem", "test-ed25519-pkcs8.key.pem", None),
    ] {
        let mut setup = Setup::new(fixture(certificate), fixture(key));
        setup.password = password.map(<[u8]>::to_vec);
        let loaded = setup.load().unwrap_or_else(|problem| panic!("{key}: {problem}"));
        assert_eq!(loaded.warnings, Vec::<String>::new(), "{key}");
        assert!(loaded.not_after_unix > NOW + 90 * 365 * 86_400, "{key}");
    }
}

#[test]
fn certificate_and_key_may_share_one_file_with_windows_line_ends() {
    let text = fixture("test-ec.cert.pem") + &fixture("test-ec-aes256-sha256.key.pem");
    let text = text.replace('\n', "\r\n");
    let mut setup = Setup::new(&text, &text);
    setup.password = Some(PASSWORD.to_vec());
    assert!(setup.load().is_ok());
}

#[test]
fn encrypted_keys_fail_with_the_reason() {
    let good = || fixture("test-ec-aes128-sha1.key.pem");
    let right = Some(PASSWORD);
    for (name, key, password, expected) in [
        ("no password", good(), None, Fault::PasswordMissing),
        ("empty password", good(), Some(&b""[..]), Fault::PasswordMissing),
        ("wrong password", good(), Some(b"wrong"), Fault::PasswordWrong),
        // This one decrypts the fixture to something that ends in valid padding.
        ("wrong password, good padding", good(), Some(b"wrong-396"), Fault::PasswordWrong),
        (
            "traditional",
            fixture("test-ec-traditional.key.pem"),
            right,
            Fault::Encryption(Scheme::Traditional),
        ),
        ("scrypt", fixture("test-ec-scrypt.key.pem"), right, Fault::Encryption(Scheme::Scrypt)),
        ("des3", fixture("test-ec-des3.key.pem"), right, Fault::Encryption(Scheme::TripleDes)),
        (
            "no password",
            fixture("test-ec-des3.key.pem"),
            None,
            Fault::Encryption(Scheme::TripleDes),
        ),
        ("pbe", fixture("test-ec-pbe-sha1-3des.key.pem"), right, Fault::Encryption(Scheme::Pbes1)),
        ("sha224", fixture("test-ec-aes256-sha224.key.pem"), right, Fault::Encryption(Scheme::Prf)),
    ] {
        let problem = Setup::key(key, password).load().err().unwrap();
        assert_eq!(problem.fault, expected, "{name}");
    }
}

// --- files ---

#[test]
fn file_faults_name_the_variable_of_the_file() {
    let ca = Authority::new("ca");
    let leaf = ca.leaf();
    let key = leaf.key.serialize_pem();
    let cut = leaf.pem.replace("-----END CERTIFICATE-----", "");
    let huge = vec![b'#'; usize::try_from(TLS_FILE_BYTES_MAX + 1).unwrap()];
    let der = leaf.der.to_vec();
    let csr = "-----BEGIN CERTIFICATE REQUEST-----\nMAMC\n-----END CERTIFICATE REQUEST-----\n";
    for (name, content, certificate_fault, key_fault, authority_fault) in [
        ("empty", &b""[..], Fault::NotPem, Fault::NotPem, Fault::NotPem),
        ("DER", &der, Fault::NotPem, Fault::NotPem, Fault::NotPem),
        ("too large", &huge, Fault::TooLarge, Fault::TooLarge, Fault::TooLarge),
        ("no end", cut.as_bytes(), Fault::PemDamaged, Fault::PemDamaged, Fault::PemDamaged),
        ("another section", csr.as_bytes(), Fault::NoCertificate, Fault::NoKey, Fault::NoAuthority),
    ] {
        let problem = Setup::new(content, &key).load().err().unwrap();
        assert_eq!((problem.variable, problem.fault), (Variable::Certificate, certificate_fault));
        let problem = Setup::new(&leaf.pem, content).load().err().unwrap();
        assert_eq!((problem.variable, problem.fault), (Variable::Key, key_fault), "{name}");
        let problem = Setup::new(&leaf.pem, &key).authorities(content).load().err().unwrap();
        assert_eq!((problem.variable, problem.fault), (Variable::Authorities, authority_fault));
    }
}

#[test]
fn paths_that_cannot_be_read_are_told_apart() {
    let ca = Authority::new("ca");
    let base = Setup::signed_by(&ca);
    let folder = base.folder.0.clone();
    let below = base.certfile.join("below");
    for (path, expected) in [
        (folder.join("absent.pem"), Fault::Missing),
        (folder.clone(), Fault::NotAFile),
        (below, Fault::Unreadable(std::io::ErrorKind::NotADirectory)),
    ] {
        let mut setup = Setup::signed_by(&ca);
        setup.certfile.clone_from(&path);
        let problem = setup.load().err().unwrap();
        assert_eq!((problem.variable, problem.fault), (Variable::Certificate, expected));
        let mut setup = Setup::signed_by(&ca);
        setup.keyfile.clone_from(&path);
        let problem = setup.load().err().unwrap();
        assert_eq!((problem.variable, problem.fault), (Variable::Key, expected));
        let mut setup = Setup::signed_by(&ca);
        setup.ca_certs = Some(path);
        let problem = setup.load().err().unwrap();
        assert_eq!((problem.variable, problem.fault), (Variable::Authorities, expected));
    }
}

#[test]
fn a_key_must_be_alone_usable_and_the_one_of_the_first_certificate() {
    let ca = Authority::new("ca");
    let (leaf, other) = (ca.leaf(), ca.leaf());
    let (key, foreign) = (leaf.key.serialize_pem(), other.key.serialize_pem());
    let damaged = "-----BEGIN PRIVATE KEY-----\nMAMCAQU=\n-----END PRIVATE KEY-----\n";
    let sealed = fixture("test-ec-aes256-sha256.key.pem");
    let chain = ca.pem.clone() + &leaf.pem;
    for (name, certificate, key, expected) in [
        ("another key", &leaf.pem, foreign.clone(), Fault::Mismatch),
        ("another kind of key", &leaf.pem, fixture("test-rsa-pkcs1.key.pem"), Fault::Mismatch),
        ("chain in the wrong order", &chain, key.clone(), Fault::Mismatch),
        ("two keys", &leaf.pem, foreign + &key, Fault::SeveralKeys),
        ("a plain and an encrypted key", &leaf.pem, key + &sealed, Fault::SeveralKeys),
        ("damaged", &leaf.pem, damaged.to_owned(), Fault::KeyUnusable),
        ("Ed448", &leaf.pem, fixture("test-ed448-pkcs8.key.pem"), Fault::KeyUnusable),
    ] {
        let problem = Setup::new(certificate, key).load().err().unwrap();
        assert_eq!((problem.variable, problem.fault), (Variable::Key, expected), "{name}");
    }
    let chain = leaf.pem + &ca.pem;
    assert!(Setup::new(chain, leaf.key.serialize_pem()).load().is_ok());
}

#[test]
fn a_certificate_that_is_not_one_is_refused() {
    let ca = Authority::new("ca");
    let leaf = ca.leaf();
    let damaged = "-----BEGIN CERTIFICATE-----\nMAMCAQU=\n-----END CERTIFICATE-----\n";
    let problem = Setup::new(damaged, leaf.key.serialize_pem()).load().err().unwrap();
    assert_eq!(problem.fault, Fault::CertificateDamaged);
    let setup = Setup::new(&leaf.pem, leaf.key.serialize_pem());
    let problem = setup.authorities(ca.pem + damaged).load().err().unwrap();
    assert_eq!(
        (problem.variable, problem.fault),
        (Variable::Authorities, Fault::AuthorityUnusable(2))
    );
}

/// 2027-01-01T00:00:00Z and 2028-01-01T00:00:00Z.
const YEAR_2027: (u64, u64) = (1_798_761_600, 1_830_297_600);

fn during_2027(params: &mut CertificateParams) {
    params.not_before = date_time_ymd(2027, 1, 1);
    params.not_after = date_time_ymd(2028, 1, 1);
}

#[test]
fn a_certificate_outside_its_dates_is_refused() {
    let leaf = Authority::new("ca").leaf_with(during_2027);
    let setup = Setup::new(&leaf.pem, leaf.key.serialize_pem());
    let (not_before, not_after) = YEAR_2027;
    for (name, now, expected) in [
        ("a second early", not_before - 1, Some(Fault::NotYetValid { not_before })),
        ("first second", not_before, None),
        ("last second", not_after, None),
        ("a second late", not_after + 1, Some(Fault::Expired { not_after })),
        ("far future", u64::MAX, Some(Fault::Expired { not_after })),
    ] {
        assert_eq!(setup.load_at(now).err().map(|problem| problem.fault), expected, "{name}");
    }
    assert_eq!(setup.load_at(NOW).unwrap().not_after_unix, not_after);
}

#[test]
fn an_authority_outside_its_dates_is_left_out() {
    let ca = Authority::new("ca");
    let old = Authority::with("old", during_2027);
    let late = YEAR_2027.1 + 1;
    let alone = Setup::signed_by(&ca).authorities(&old.pem);
    assert_eq!(
        alone.load_at(late).err().map(|problem| problem.fault),
        Some(Fault::AuthoritiesExpired)
    );
    assert!(alone.load_at(late - 1).unwrap().warnings.is_empty());
    let clients = Authority::new("clients");
    let both = Setup::signed_by(&ca).authorities(old.pem.clone() + &clients.pem);
    let loaded = both.load_at(late).unwrap();
    assert_eq!(loaded.warnings.len(), 1);
    assert!(loaded.warnings[0].starts_with("ZSCALER_MCP_TLS_CA_CERTS: "), "{loaded:?}");
    assert!(loaded.warnings[0].contains("number 1"), "{loaded:?}");
    let identity = old.leaf();
    assert!(talk(&loaded.config, &client(&ca, BOTH, &[], Some(&identity))).is_err());
    let identity = clients.leaf();
    assert!(talk(&loaded.config, &client(&ca, BOTH, &[], Some(&identity))).is_ok());
}

#[test]
fn a_certificate_near_its_end_gives_a_warning() {
    let leaf = Authority::new("ca").leaf_with(during_2027);
    let setup = Setup::new(&leaf.pem, leaf.key.serialize_pem());
    for (days, expected) in [(0, 1), (29, 1), (30, 0), (200, 0)] {
        let loaded = setup.load_at(YEAR_2027.1 - days * 86_400).unwrap();
        assert_eq!(loaded.warnings.len(), expected, "{days}");
        for line in loaded.warnings {
            assert!(line.starts_with("ZSCALER_MCP_TLS_CERTFILE: "), "{line}");
            assert!(line.contains(&format!("in {days} days")), "{line}");
        }
    }
}

#[test]
fn a_password_without_an_encrypted_key_gives_a_warning() {
    let setup = Setup::key(fixture("test-ec-sec1.key.pem"), Some(b"spare"));
    let warnings = setup.load().unwrap().warnings;
    assert_eq!(warnings.len(), 1);
    assert!(warnings[0].starts_with("ZSCALER_MCP_TLS_KEYFILE_PASSWORD: "), "{warnings:?}");
}

#[cfg(unix)]
#[test]
fn a_key_file_open_to_others_gives_a_warning() {
    let setup = Setup::signed_by(&Authority::new("ca"));
    for (mode, expected) in [(0o600, 0), (0o400, 0), (0o640, 1), (0o604, 1), (0o620, 1)] {
        set_mode(&setup.keyfile, mode);
        let warnings = setup.load().unwrap().warnings;
        assert_eq!(warnings.len(), expected, "{mode:o}");
        assert!(warnings.iter().all(|line| line.starts_with("ZSCALER_MCP_TLS_KEYFILE: ")));
    }
}

#[test]
fn every_problem_is_one_line_with_variable_path_and_way_out() {
    let faults = [
        (Variable::Certificate, Fault::Missing, "create the file"),
        (Variable::Certificate, Fault::NotAFile, "name a PEM file"),
        (
            Variable::Key,
            Fault::Unreadable(std::io::ErrorKind::PermissionDenied),
            "(permission denied); check owner and mode",
        ),
        (Variable::Key, Fault::TooLarge, "larger than 1048576 bytes"),
        (Variable::Certificate, Fault::NotPem, "openssl x509 -inform der"),
        (Variable::Certificate, Fault::PemDamaged, "copy the file again"),
        (Variable::Certificate, Fault::NoCertificate, "put the server certificate first"),
        (Variable::Certificate, Fault::CertificateDamaged, "must be an X.509 v3"),
        (Variable::Certificate, Fault::Expired { not_after: NOW }, "; renew it"),
        (Variable::Certificate, Fault::NotYetValid { not_before: NOW }, "check the clock"),
        (Variable::Key, Fault::NoKey, "BEGIN PRIVATE KEY"),
        (Variable::Key, Fault::SeveralKeys, "keep the one"),
        (Variable::Key, Fault::KeyUnusable, "use RSA from 2048 bits"),
        (Variable::Password, Fault::PasswordMissing, "set it"),
        (Variable::Password, Fault::PasswordWrong, "correct the password"),
        (Variable::Key, Fault::Encryption(Scheme::Traditional), "Proc-Type"),
        (Variable::Key, Fault::Encryption(Scheme::Pbes1), "PBES1"),
        (Variable::Key, Fault::Encryption(Scheme::Scrypt), "scrypt"),
        (Variable::Key, Fault::Encryption(Scheme::TripleDes), "openssl pkcs8 -topk8 -v2"),
        (Variable::Key, Fault::Encryption(Scheme::Prf), "PBKDF2"),
        (Variable::Key, Fault::Encryption(Scheme::Iterations), "1 to 10000000"),
        (Variable::Key, Fault::Encryption(Scheme::Other), "unknown scheme"),
        (Variable::Key, Fault::Mismatch, "does not belong to the first certificate"),
        (Variable::Authorities, Fault::NoAuthority, "put the CA"),
        (Variable::Authorities, Fault::AuthorityUnusable(3), "(number 3)"),
        (Variable::Authorities, Fault::AuthoritiesExpired, "renew the client CA"),
        (Variable::Certificate, Fault::Library, "refused the configuration"),
    ];
    let mut lines = BTreeSet::new();
    for (variable, fault, part) in faults {
        let path = PathBuf::from("/etc/tls/a\nb.pem");
        let line = TlsProblem { variable, path, fault }.to_string();
        let start = format!("{}: \"/etc/tls/a\\nb.pem\" ", variable.name());
        assert!(line.starts_with(&start), "{line}");
        assert!(line.contains(part) && !line.contains('\n'), "{line}");
        assert!(lines.insert(line), "two faults share a text: {fault:?}");
    }
}
