//! Settings from their three sources, what they protect, and what is said about them.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;

use proptest::prelude::{any, prop};
use proptest::{prop_assert, proptest};
use zscaler_mcp::audit::{Level, Record, line};
use zscaler_mcp::settings::load::load_from;
use zscaler_mcp::settings::{
    Command, EnvFile, Parsers, Posture, PostureState, Settings, Severity, TlsVersion, Transport,
    render_json, render_text, resolve,
};

type Pair<'a> = (&'a str, &'a str);
type Pairs<'a> = &'a [Pair<'a>];

fn reject_marked(entry: &str) -> Result<(), String> {
    if entry.contains('!') { Err("a '!' is not part of one".to_owned()) } else { Ok(()) }
}

const PARSERS: Parsers =
    Parsers { host: reject_marked, network: reject_marked, origin: reject_marked };

fn settings(line: &str, environment: Pairs<'_>, file: &str) -> Settings {
    let args: Vec<String> = line.split_whitespace().map(ToOwned::to_owned).collect();
    let environment: BTreeMap<String, String> =
        environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let file = EnvFile { path: "a.env".to_owned(), text: file.to_owned(), shared: false };
    resolve(&args, &environment, Some(&file))
}

fn posture(line: &str, environment: Pairs<'_>) -> Posture {
    Posture::of(&settings(line, environment, ""), &PARSERS)
}

fn state(posture: &Posture, name: &str) -> PostureState {
    posture.lines.iter().find(|line| line.name == name).unwrap().state
}

const HTTP: &str = "--transport streamable-http";
const PUBLIC: &str = "--transport streamable-http --host 192.0.2.1";
const CERT: (&str, &str) = ("ZSCALER_MCP_TLS_CERTFILE", "c");
const KEY: (&str, &str) = ("ZSCALER_MCP_TLS_KEYFILE", "k");
const OPEN: (&str, &str) = ("ZSCALER_MCP_AUTH_ENABLED", "false");

#[test]
fn the_first_source_that_gives_a_setting_holds() {
    let file = "ZSCALER_MCP_PORT=3\n";
    for (name, line, environment, file, expected) in [
        ("flag", "--port 1", &[("ZSCALER_MCP_PORT", "2")][..], file, 1),
        ("environment", "", &[("ZSCALER_MCP_PORT", "2")], file, 2),
        ("env file", "", &[], file, 3),
        ("default", "", &[], "", 8000),
    ] {
        let settings = settings(line, environment, file);
        assert_eq!(settings.port, expected, "{name}");
        assert_eq!(settings.bad_values, [], "{name}");
    }
}

#[test]
fn a_flag_can_turn_off_what_the_environment_turns_on() {
    let on = [("ZSCALER_MCP_DEBUG", "yes")];
    assert!(settings("", &on, "").debug);
    assert!(!settings("--debug=off", &on, "").debug);
}

#[test]
fn defaults_are_the_documented_ones() {
    let settings = resolve(&[], &BTreeMap::new(), None);
    assert_eq!(settings.command, Command::Serve);
    assert_eq!(settings.transport, Transport::Stdio);
    assert_eq!(settings.bind(), "127.0.0.1:8000");
    assert!(settings.auth.enabled && settings.sanitize && !settings.allow_http);
    assert_eq!(settings.tls.min_version, TlsVersion::V13);
    assert_eq!((settings.confirmation_ttl_seconds, settings.session_idle_seconds), (300, 1800));
    assert_eq!((settings.max_connections, settings.max_sessions), (16_384, 10_000));
    assert_eq!((settings.max_body_bytes, settings.workers, settings.loops), (4_194_304, 256, None));
    assert_eq!(settings.credentials.cloud, "production");
    assert!(settings.allowed_hosts.is_none() && settings.allowed_sources.is_none());
    assert_eq!(settings.problems(&PARSERS), []);
}

const UNREADABLE: &[(&str, Pairs<'_>, &str, &str)] = &[
    (
        "",
        &[("ZSCALER_MCP_PORT", "many")],
        "",
        "ZSCALER_MCP_PORT: expected a whole number from 0 to 65535, got \"many\" (from \
             environment variable)",
    ),
    (
        "--port 65536",
        &[],
        "",
        "--port: expected a whole number from 0 to 65535, got \"65536\" (from the command \
             line)",
    ),
    (
        "",
        &[],
        "\n ZSCALER_MCP_ALLOW_HTTP = maybe # ?\n",
        "ZSCALER_MCP_ALLOW_HTTP: expected true, 1, yes, on, false, 0, no or off, got \
             \"maybe\" (from env file \"a.env\", line 2)",
    ),
    (
        "",
        &[("ZSCALER_MCP_TRANSPORT", "http")],
        "",
        "ZSCALER_MCP_TRANSPORT: expected one of stdio, streamable-http, sse, got \"http\" \
             (from environment variable)",
    ),
    (
        "",
        &[("ZSCALER_MCP_ALLOWED_HOSTS", ",")],
        "",
        "ZSCALER_MCP_ALLOWED_HOSTS: expected at least one host, such as mcp.example.com or \
             *.example.com:8443, got a list without entries (leave the setting out to have its \
             default) (from environment variable)",
    ),
    (
        "",
        &[("ZSCALER_MCP_CONFIRMATION_TTL", "-5")],
        "",
        "ZSCALER_MCP_CONFIRMATION_TTL: expected a whole number of seconds from 30 to 3600, \
             got \"-5\" (from environment variable)",
    ),
    (
        "",
        &[("ZSCALER_MCP_AUTH_MODE", "basic")],
        "",
        "ZSCALER_MCP_AUTH_MODE: expected one of none, jwt, zscaler, api-key, oidc, \
             oidcproxy, oauth-proxy, got \"basic\" (from environment variable)",
    ),
    ("", &[], "A='x", "env file \"a.env\": line 1: a quote is opened and never closed"),
    ("--port 1 chekc", &[], "", "argument 3: unknown command; did you mean check?"),
    (
        "hunter2-hunter2",
        &[],
        "",
        "argument 1: unknown command; expected one of check, diff, export, reload, restart, status, stop, \
             update; a value stands right behind its flag",
    ),
    (
        "check hunter2",
        &[],
        "",
        "argument 2: one command is enough; a value stands right behind its flag",
    ),
    ("-xhunter2", &[], "", "\"-x\": unknown flag; --help lists all of them"),
    (
        "--client-secret=hunter2",
        &[],
        "",
        "\"--client-secret\": unknown flag; --help lists all of them",
    ),
    ("--json", &[], "", "--json: works with check, diff, --list-tools and --list-toolsets only"),
];

#[test]
fn a_value_that_cannot_be_read_is_told_with_name_expectation_and_source() {
    for &(line, environment, file, expected) in UNREADABLE {
        let bad = settings(line, environment, file).bad_values;
        let told: Vec<String> = bad.iter().map(ToString::to_string).collect();
        assert_eq!(told, [expected]);
    }
}

#[test]
fn all_problems_are_told_together_and_the_exit_code_is_two() {
    let environment =
        [("ZSCALER_MCP_PORT", "x"), ("ZSCALER_MCP_DEBUG", "x"), ("ZSCALER_MCP_TLS_KEYFILE", "k")];
    let posture = posture("--transport sse --bogus", &environment);
    let severities: Vec<Severity> = posture.problems.iter().map(|p| p.severity).collect();
    let unreadable = severities.iter().filter(|s| **s == Severity::Unreadable).count();
    assert_eq!((unreadable, posture.exit_code(), posture.starts), (3, 2, false));
    assert!(severities.contains(&Severity::Refuse));
    assert!(severities.is_sorted_by(|a, b| a >= b));
}

#[test]
fn secrets_never_show() {
    let secret = "hunter2hunter2";
    let keys = format!("[\"{secret}\", 7]");
    let control = format!("{secret}\u{1}");
    let environment = [
        ("ZSCALER_CLIENT_SECRET", secret),
        ("ZSCALER_PRIVATE_KEY", control.as_str()),
        ("ZSCALER_MCP_AUTH_API_KEY", secret),
        ("ZSCALER_MCP_TLS_KEYFILE_PASSWORD", secret),
        ("ZSCALER_MCP_REQUEST_STATE_KEYS", &keys),
    ];
    let settings = settings(HTTP, &environment, "");
    assert_eq!(settings.bad_values.len(), 2);
    let posture = Posture::of(&settings, &PARSERS);
    let shown = format!("{settings:?}{}{}", render_text(&posture), render_json(&posture).unwrap());
    assert!(!shown.contains("hunter2"), "{shown}");
    assert_eq!(settings.credentials.client_secret.unwrap().expose(), secret.as_bytes());
}

#[test]
fn commands_are_found_among_flags() {
    for (line, expected) in [
        ("", Command::Serve),
        ("check", Command::Check { json: false, online: false }),
        ("check --online", Command::Check { json: false, online: true }),
        ("--transport sse check --json", Command::Check { json: true, online: false }),
        ("--list-tools", Command::ListTools { json: false }),
        ("--list-tools --json", Command::ListTools { json: true }),
        ("--list-toolsets", Command::ListToolsets { json: false }),
        ("--list-toolsets --json", Command::ListToolsets { json: true }),
        ("--version check", Command::Version),
        ("-h --version", Command::Help),
        ("--generate-auth-token", Command::GenerateAuthToken { basic: false }),
        ("--generate-auth-token bearer", Command::GenerateAuthToken { basic: false }),
        ("--generate-auth-token basic", Command::GenerateAuthToken { basic: true }),
        ("--generate-docs", Command::Documents),
        ("stop", Command::Lifecycle("stop")),
        ("update --apply", Command::Lifecycle("update")),
    ] {
        let settings = settings(line, &[], "");
        assert_eq!(settings.command, expected, "{line}");
        assert_eq!(settings.bad_values, [], "{line}");
        let unavailable = matches!(expected, Command::Documents | Command::Lifecycle(_));
        assert_eq!(settings.unavailable().is_some(), unavailable, "{line}");
    }
    let broken = settings("--help --port x", &[("ZSCALER_MCP_DEBUG", "x")], "=");
    assert_eq!(broken.command, Command::Help);
}

const REFUSED: &[(&str, &str, Pairs<'_>, Option<&str>)] = &[
    ("stdio needs nothing", "", &[], None),
    ("authentication is on", HTTP, &[], Some("ZSCALER_MCP_AUTH_ENABLED")),
    ("authentication off on loopback", HTTP, &[OPEN], None),
    ("demo on loopback", "--transport sse --demo", &[], None),
    ("demo on localhost", "--transport sse --demo --host LOCALHOST", &[], None),
    (
        "demo with authentication asked for",
        "--transport sse --demo",
        &[("ZSCALER_MCP_AUTH_ENABLED", "true")],
        Some("ZSCALER_MCP_AUTH_ENABLED"),
    ),
    (
        "demo with a platform that authenticates",
        "--transport sse --demo",
        &[("ZSCALER_MCP_TRUST_PLATFORM_AUTH", "1")],
        Some("ZSCALER_MCP_AUTH_ENABLED"),
    ),
    (
        "demo with a bound for callers",
        "--transport sse --demo",
        &[("ZSCALER_MCP_RATE_LIMIT", "1")],
        None,
    ),
    (
        "demo on a public address",
        "--transport sse --demo --host 192.0.2.1",
        &[CERT, KEY],
        Some("ZSCALER_MCP_AUTH_ENABLED"),
    ),
    ("mode none on loopback", HTTP, &[("ZSCALER_MCP_AUTH_MODE", "none")], None),
    ("plaintext on a public address", PUBLIC, &[OPEN], Some("ZSCALER_MCP_TLS_CERTFILE")),
    (
        "plaintext on a name",
        "--transport sse --host mcp.example.com",
        &[OPEN],
        Some("ZSCALER_MCP_TLS_CERTFILE"),
    ),
    ("plaintext allowed", PUBLIC, &[OPEN, ("ZSCALER_MCP_ALLOW_HTTP", "on")], None),
    (
        "plaintext not allowed",
        PUBLIC,
        &[OPEN, ("ZSCALER_MCP_ALLOW_HTTP", "off")],
        Some("ZSCALER_MCP_TLS_CERTFILE"),
    ),
    ("TLS on a public address", PUBLIC, &[OPEN, CERT, KEY], None),
    ("other loopback", "--transport sse --host 127.0.0.2", &[OPEN], None),
    ("IPv6 loopback", "--transport sse --host [::1]", &[OPEN], None),
    ("mapped loopback", "--transport sse --host ::ffff:127.0.0.1", &[OPEN], None),
    ("certificate alone", HTTP, &[OPEN, CERT], Some("ZSCALER_MCP_TLS_CERTFILE")),
    ("key alone", HTTP, &[OPEN, KEY], Some("ZSCALER_MCP_TLS_KEYFILE")),
    (
        "authorities alone",
        HTTP,
        &[OPEN, ("ZSCALER_MCP_TLS_CA_CERTS", "a")],
        Some("ZSCALER_MCP_TLS_CA_CERTS"),
    ),
    ("authorities with TLS", HTTP, &[OPEN, CERT, KEY, ("ZSCALER_MCP_TLS_CA_CERTS", "a")], None),
    (
        "every peer a proxy",
        HTTP,
        &[OPEN, ("ZSCALER_MCP_TRUSTED_PROXIES", "10.0.0.1, 0.0.0.0/0")],
        Some("ZSCALER_MCP_TRUSTED_PROXIES"),
    ),
    ("one proxy", HTTP, &[OPEN, ("ZSCALER_MCP_TRUSTED_PROXIES", "10.0.0.1")], None),
    (
        "every origin",
        HTTP,
        &[OPEN, ("ZSCALER_MCP_ALLOWED_ORIGINS", "*")],
        Some("ZSCALER_MCP_ALLOWED_ORIGINS"),
    ),
    (
        "misspelt TLS",
        HTTP,
        &[OPEN, ("ZSCALER_MCP_TLS_CERT_FILE", "c")],
        Some("ZSCALER_MCP_TLS_CERT_FILE"),
    ),
    (
        "misspelt on stdio",
        "",
        &[("ZSCALER_MCP_TLS_KEY_FILE", "k")],
        Some("ZSCALER_MCP_TLS_KEY_FILE"),
    ),
];

#[test]
fn the_start_is_refused_where_a_defence_would_be_missing_unsaid() {
    for &(name, line, environment, refused) in REFUSED {
        let posture = posture(line, environment);
        let worst = posture.problems.first().filter(|p| p.severity == Severity::Refuse);
        assert_eq!(worst.map(|p| p.setting.as_str()), refused, "{name}");
        assert_eq!(posture.starts, refused.is_none(), "{name}");
        assert_eq!(posture.exit_code(), u8::from(refused.is_some()), "{name}");
    }
}

const WARNED: &[(&str, &str, Pair<'_>, &str, &str)] = &[
    (
        "any host",
        HTTP,
        ("ZSCALER_MCP_DISABLE_HOST_VALIDATION", "1"),
        "ZSCALER_MCP_DISABLE_HOST_VALIDATION",
        "DNS rebinding",
    ),
    ("star", HTTP, ("ZSCALER_MCP_ALLOWED_HOSTS", "a,*"), "ZSCALER_MCP_ALLOWED_HOSTS", "any Host"),
    (
        "sources",
        HTTP,
        ("ZSCALER_MCP_ALLOWED_SOURCE_IPS", "::/0"),
        "ZSCALER_MCP_ALLOWED_SOURCE_IPS",
        "family",
    ),
    (
        "sanitizer",
        "",
        ("ZSCALER_MCP_DISABLE_OUTPUT_SANITIZATION", "on"),
        "ZSCALER_MCP_DISABLE_OUTPUT_SANITIZATION",
        "unchanged",
    ),
    (
        "mode without effect",
        HTTP,
        ("ZSCALER_MCP_AUTH_MODE", "jwt"),
        "ZSCALER_MCP_AUTH_ENABLED",
        "ZSCALER_MCP_AUTH_MODE has no effect",
    ),
    ("open on loopback", HTTP, ("X", ""), "ZSCALER_MCP_AUTH_ENABLED", "every process"),
    (
        "forwarding",
        HTTP,
        ("FORWARDED_ALLOW_IPS", "*"),
        "FORWARDED_ALLOW_IPS",
        "ZSCALER_MCP_TRUSTED_PROXIES",
    ),
    (
        "confirmations",
        "",
        ("ZSCALER_MCP_SKIP_CONFIRMATIONS", "1"),
        "ZSCALER_MCP_SKIP_CONFIRMATIONS",
        "cannot be skipped",
    ),
    ("legacy", "", ("ZSCALER_USE_LEGACY", "true"), "ZSCALER_USE_LEGACY", "OneAPI"),
    ("inert limit", "", ("ZSCALER_MCP_TOOLS", "zia"), "ZSCALER_MCP_TOOLS", "TOOLSETS"),
    (
        "tokens",
        "",
        ("ZSCALER_MCP_REPORT_TOKENS", "true"),
        "ZSCALER_MCP_REPORT_TOKENS",
        "token counts",
    ),
    (
        "spelling",
        "",
        ("ZSCALER_MCP_SERVICE", "zia"),
        "ZSCALER_MCP_SERVICE",
        "ZSCALER_MCP_SERVICES?",
    ),
    (
        "all addresses",
        "--transport sse --host ::",
        ("ZSCALER_MCP_ALLOW_HTTP", "yes"),
        "ZSCALER_MCP_ALLOWED_HOSTS",
        "[::]:8000",
    ),
];

#[test]
fn what_the_operator_chose_is_a_warning() {
    for &(name, line, environment, setting, said) in WARNED {
        let posture = posture(line, &[OPEN, environment]);
        assert!(posture.starts, "{name}: {:?}", posture.problems);
        let found = posture.problems.iter().any(|p| p.setting == setting && p.text.contains(said));
        assert!(found, "{name}: {:?}", posture.problems);
    }
}

#[test]
fn what_is_switched_off_or_empty_is_no_warning() {
    let environment = [
        ("ZSCALER_MCP_WRITE_ENABLED", "false"),
        ("ZSCALER_MCP_TRUST_PLATFORM_AUTH", "no"),
        ("ZSCALER_MCP_AUTH_MODE_", ""),
        ("ZSCALER_MCP_SERVICES", ""),
        ("ZSCALER_MCP_PID_FILE", " "),
        ("ZSCALER_MCP_GCP_SECRET_MANAGER", "0"),
    ];
    let posture = posture("", &environment);
    let settings: Vec<&str> = posture.problems.iter().map(|p| p.setting.as_str()).collect();
    assert_eq!(settings, ["ZSCALER_MCP_AUTH_MODE_"]);
}

#[test]
fn entries_of_lists_are_parsed_by_those_who_match_them() {
    for name in [
        "ZSCALER_MCP_ALLOWED_HOSTS",
        "ZSCALER_MCP_ALLOWED_SOURCE_IPS",
        "ZSCALER_MCP_TRUSTED_PROXIES",
        "ZSCALER_MCP_ALLOWED_ORIGINS",
    ] {
        let posture = posture(HTTP, &[OPEN, (name, "good, b!d")]);
        let first = posture.problems.first().unwrap();
        assert_eq!(first.to_string(), format!("{name}: entry \"b!d\": a '!' is not part of one"));
        assert_eq!(posture.exit_code(), 2);
    }
}

#[test]
fn the_posture_says_the_state_of_each_defence() {
    use PostureState::{NotUsed, Off, On, Partly};
    let stdio = posture("--demo", &[]);
    for name in ["TLS", "Host allowlist", "Source addresses", "CORS", "Client authentication"] {
        assert_eq!(state(&stdio, name), NotUsed, "{name}");
    }
    assert_eq!(state(&stdio, "Demo"), On);
    let http = posture(
        HTTP,
        &[
            OPEN,
            ("ZSCALER_MCP_TLS_CERTFILE", "c"),
            ("ZSCALER_MCP_TLS_KEYFILE", "k"),
            ("ZSCALER_MCP_ALLOWED_SOURCE_IPS", "0.0.0.0/0"),
            ("ZSCALER_MCP_DISABLE_OUTPUT_SANITIZATION", "true"),
        ],
    );
    for (name, expected) in [
        ("TLS", On),
        ("Host allowlist", On),
        ("Source addresses", Partly),
        ("Trusted proxies", Off),
        ("CORS", On),
        ("Client authentication", Off),
        ("Output sanitizer", Off),
        ("Write tools", Off),
        ("Demo", Off),
    ] {
        assert_eq!(state(&http, name), expected, "{name}");
    }
    assert_eq!(http.serving, "streamable-http on https://127.0.0.1:8000/mcp");
}

#[test]
fn the_banner_names_three_ways_out() {
    let text = render_text(&posture("--transport streamable-http --host 0.0.0.0", &[OPEN]));
    let rule = "=".repeat(72);
    assert!(text.starts_with(&format!("{rule}\nSECURITY WARNING: plaintext HTTP on 0.0.0.0:8000")));
    for way in ["ZSCALER_MCP_TLS_CERTFILE=FILE", "ZSCALER_MCP_ALLOW_HTTP=true", "--host 127.0.0.1"]
    {
        assert!(text.contains(way), "{way}");
    }
    assert!(text.ends_with("The server does not start.\n"));
}

#[test]
fn the_report_is_json_too() {
    let text = render_json(&posture("", &[])).unwrap();
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(value["starts"], true);
    assert_eq!(value["lines"][0]["state"], "not-used");
    assert_eq!(value["problems"], serde_json::json!([]));
}

#[test]
fn the_example_of_the_product_page_needs_only_the_tenant() {
    let file = "# an env file\n\
        ZSCALER_MCP_HOST=0.0.0.0\nZSCALER_MCP_PORT=8443\n\
        ZSCALER_MCP_TLS_CERTFILE=/etc/ssl/a.crt\nZSCALER_MCP_TLS_KEYFILE=/etc/ssl/a.key\n\
        ZSCALER_MCP_ALLOWED_HOSTS=mcp.acme.com\nZSCALER_MCP_ALLOWED_SOURCE_IPS=203.0.113.0/24\n\
        ZSCALER_MCP_AUTH_ENABLED=true\nZSCALER_MCP_AUTH_MODE=zscaler\n\
        ZSCALER_MCP_WRITE_ENABLED=false\n";
    let nobody = Posture::of(&settings(HTTP, &[], file), &PARSERS);
    let refused: Vec<&str> = nobody
        .problems
        .iter()
        .filter(|problem| problem.severity == Severity::Refuse)
        .map(|problem| problem.setting.as_str())
        .collect();
    assert_eq!(refused, ["ZSCALER_VANITY_DOMAIN"]);
    let tenant = Posture::of(&settings(HTTP, &[("ZSCALER_VANITY_DOMAIN", "acme")], file), &PARSERS);
    assert!(tenant.starts, "{:?}", tenant.problems);
    assert_eq!(state(&tenant, "Client authentication"), PostureState::On);
    let open = settings(HTTP, &[OPEN], file);
    assert_eq!(open.bind(), "0.0.0.0:8443");
    assert_eq!(open.allowed_hosts.as_deref(), Some(&["mcp.acme.com".to_owned()][..]));
    assert!(Posture::of(&open, &PARSERS).starts);
}

#[test]
fn an_env_file_that_others_may_read_is_told_when_it_holds_secrets() {
    for (name, text, shared, count) in [
        ("secret, shared", "ZSCALER_CLIENT_SECRET=x", true, 1),
        ("secret, private", "ZSCALER_CLIENT_SECRET=x", false, 0),
        ("no secret, shared", "ZSCALER_CLIENT_ID=x", true, 0),
        ("empty secret, shared", "ZSCALER_CLIENT_SECRET=", true, 0),
        ("defined twice", "ZSCALER_CLIENT_ID=x\nZSCALER_CLIENT_ID=y", false, 1),
    ] {
        let file = EnvFile { path: "a.env".to_owned(), text: text.to_owned(), shared };
        assert_eq!(resolve(&[], &BTreeMap::new(), Some(&file)).notes.len(), count, "{name}");
    }
}

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("zscaler-mcp-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).unwrap();
    }
}

#[test]
fn a_named_env_file_must_be_readable_and_a_nearby_one_need_not_exist() {
    let folder = Folder::new("env");
    let good = folder.0.join("good.env");
    let near = folder.0.join(".env");
    std::fs::write(&good, "ZSCALER_MCP_PORT=5").unwrap();
    let load = |path: Option<&PathBuf>, near: &PathBuf| {
        let args = path.map(|path| [OsString::from("--dotenv-path"), path.into()]);
        load_from(args.into_iter().flatten(), [], near)
    };
    assert_eq!(load(Some(&good), &near).port, 5);
    assert_eq!(load(None, &near).problems(&PARSERS), []);
    assert_eq!(load(None, &good).port, 5);
    std::fs::write(&near, b"A=1\nB=\xff\n").unwrap();
    for (name, path, said) in [
        ("missing", Some(folder.0.join("none")), "cannot be read: entity not found"),
        ("directory", Some(folder.0.clone()), "is a directory"),
        ("not text", None, "is not valid UTF-8 on line 2"),
    ] {
        let bad = load(path.as_ref(), &near).bad_values;
        assert_eq!(bad.len(), 1, "{name}");
        assert!(bad[0].to_string().contains(said), "{name}: {}", bad[0]);
    }
    let named = [("ZSCALER_MCP_DOTENV_PATH".into(), good.clone().into())];
    assert_eq!(load_from([], named, &near).port, 5);
    let set = [("ZSCALER_MCP_PORT".into(), "7".into())];
    assert_eq!(load_from([], set, &good).port, 7);
    std::fs::write(&near, "x".repeat(300_000)).unwrap();
    assert!(load(None, &near).bad_values[0].fault.contains("is larger than"));
}

#[cfg(unix)]
#[test]
fn values_that_are_no_text_are_refused_by_name() {
    use std::os::unix::ffi::OsStringExt;
    let not_text = || OsString::from_vec(vec![b'a', 0xff]);
    let environment = [("ZSCALER_CLIENT_ID".into(), not_text()), ("OTHER".into(), not_text())];
    let settings = load_from([not_text()], environment, &PathBuf::from("/nonexistent/.env"));
    let told: Vec<String> = settings.bad_values.iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        ["argument 1: not valid UTF-8", "ZSCALER_CLIENT_ID: the value is not valid UTF-8"]
    );
}

proptest! {
    #[test]
    fn a_log_line_is_one_line(time in any::<String>(), text in any::<String>(), value in "\\PC*|[\\x00-\\x9f]*|[\u{200b}-\u{206f}]*") {
        let record = Record::new(Level::Info, "t", "e").saying(text).with("k", value);
        let out = line(&record, &time);
        let bad = |c: char| c.is_control() || ('\u{2028}'..='\u{202e}').contains(&c) || ('\u{2060}'..='\u{206f}').contains(&c);
        prop_assert!(!out.contains(bad), "{out:?}");
        prop_assert!(out.len() < 10_000);
    }

    #[test]
    fn no_input_breaks_the_readers(args in prop::collection::vec("-{0,2}[a-z-]{0,9}=?\\PC{0,4}", 0..5), file in "([A-Z_]{0,3}[= '\"$\\{\\}#\\n\\\\:-]{0,6}){0,30}") {
        let file = EnvFile { path: "f".to_owned(), text: file, shared: true };
        let settings = resolve(&args, &BTreeMap::new(), Some(&file));
        let text = render_text(&Posture::of(&settings, &PARSERS));
        prop_assert!(text.contains("Security posture"));
    }
}
