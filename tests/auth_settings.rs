//! Client authentication as it is set: which mode follows, what is refused, what is reported.

use std::collections::BTreeMap;

use zscaler_mcp::settings::{
    AuthChoice, AuthMode, OpenBy, Parsers, Posture, PostureState, Settings, Severity, render_text,
    resolve, ways_out,
};

type Pairs<'a> = &'a [(&'a str, &'a str)];

const PARSERS: Parsers = Parsers { host: good, network: good, origin: good };
const KEY: (&str, &str) = ("ZSCALER_MCP_AUTH_API_KEY", "0123456789abcdef0123456789abcdef");
const JWKS: (&str, &str) = ("ZSCALER_MCP_AUTH_JWKS_URI", "https://idp.example/keys");
const ISSUER: (&str, &str) = ("ZSCALER_MCP_AUTH_ISSUER", "https://idp.example/");
const TENANT: (&str, &str) = ("ZSCALER_VANITY_DOMAIN", "acme");
const CONFIG: (&str, &str) = ("OIDCPROXY_CONFIG_URL", "https://idp.example/c");
const BASE: (&str, &str) = ("OIDCPROXY_BASE_URL", "https://mcp.example/mcp");
const APP: (&str, &str) = ("OIDCPROXY_CLIENT_ID", "app1");
const DNS: (&str, &str) = ("ZSCALER_MCP_AUTH_CERTIFICATE", "dns");
const CA: (&str, &str) = ("ZSCALER_MCP_TLS_CA_CERTS", "a");
const CERT: (&str, &str) = ("ZSCALER_MCP_TLS_CERTFILE", "c");
const CERT_KEY: (&str, &str) = ("ZSCALER_MCP_TLS_KEYFILE", "k");

const fn mode(word: &str) -> (&str, &str) {
    ("ZSCALER_MCP_AUTH_MODE", word)
}

fn good(_entry: &str) -> Result<(), String> {
    Ok(())
}

fn settings(line: &str, environment: Pairs<'_>) -> Settings {
    let args = format!("--transport streamable-http {line}");
    let args: Vec<String> = args.split_whitespace().map(ToOwned::to_owned).collect();
    let environment: BTreeMap<String, String> =
        environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    resolve(&args, &environment, None)
}

fn posture(line: &str, environment: Pairs<'_>) -> Posture {
    Posture::of(&settings(line, environment), &PARSERS)
}

#[test]
#[expect(clippy::too_many_lines, reason = "one table")]
fn the_mode_is_named_or_follows_from_settings_that_leave_no_choice() {
    use AuthChoice::{Found, Named, Nothing, Open, Several, Tenant, Unnamed};
    use AuthMode::{ApiKey, Certificate, Jwt, Oidc, Zscaler};
    let rows: &[(&str, &str, Pairs<'_>, AuthChoice)] = &[
        ("nothing", "", &[], Nothing),
        ("switched off", "", &[("ZSCALER_MCP_AUTH_ENABLED", "false")], Open(OpenBy::Switch)),
        ("no", "", &[("ZSCALER_MCP_AUTH_ENABLED", " No ")], Open(OpenBy::Switch)),
        ("0", "", &[("ZSCALER_MCP_AUTH_ENABLED", "0")], Open(OpenBy::Switch)),
        // The Python server took this word for on, and any misspelling as well.
        ("off", "", &[("ZSCALER_MCP_AUTH_ENABLED", "off")], Open(OpenBy::Switch)),
        ("a word that is none", "", &[("ZSCALER_MCP_AUTH_ENABLED", "disabled")], Nothing),
        (
            "off wins over a mode",
            "",
            &[("ZSCALER_MCP_AUTH_ENABLED", "0"), mode("jwt")],
            Open(OpenBy::Switch),
        ),
        ("mode none", "", &[mode("none")], Open(OpenBy::Mode)),
        ("mode none wins over keys", "", &[mode(" NONE "), KEY], Open(OpenBy::Mode)),
        ("named jwt", "", &[mode("jwt")], Named(Jwt)),
        ("named api-key", "", &[mode("API-Key")], Named(ApiKey)),
        ("named zscaler", "", &[mode("zscaler"), KEY, JWKS], Named(Zscaler)),
        ("named oidc", "", &[mode("oidc")], Named(Oidc)),
        ("first other name of oidc", "", &[mode("oidcproxy")], Named(Oidc)),
        ("second other name of oidc", "", &[mode("oauth-proxy")], Named(Oidc)),
        ("an unknown mode", "", &[mode("basic")], Nothing),
        ("an empty mode", "", &[mode(""), KEY], Found(ApiKey)),
        ("keys of an issuer", "", &[JWKS, ISSUER], Found(Jwt)),
        ("an issuer is enough to mean jwt", "", &[ISSUER, TENANT], Found(Jwt)),
        ("an API key", "", &[KEY], Found(ApiKey)),
        ("an API key with a tenant", "", &[KEY, TENANT], Found(ApiKey)),
        ("a blank API key with a tenant", "", &[("ZSCALER_MCP_AUTH_API_KEY", " "), TENANT], Tenant),
        ("keys of an issuer with a tenant", "", &[JWKS, TENANT], Found(Jwt)),
        ("the tenant alone", "", &[TENANT], Tenant),
        (
            "the tenant with authentication said to be on",
            "",
            &[TENANT, ("ZSCALER_MCP_AUTH_ENABLED", "true")],
            Tenant,
        ),
        ("clients of the tenant", "", &[TENANT, ("ZSCALER_MCP_AUTH_CLIENTS", "a")], Found(Zscaler)),
        // The Python server took jwt here, and its guide said api-key.
        ("key and issuer", "", &[KEY, JWKS], Several(vec![ApiKey, Jwt])),
        (
            "key and audience",
            "",
            &[KEY, ("ZSCALER_MCP_AUTH_AUDIENCE", "x")],
            Several(vec![ApiKey, Jwt]),
        ),
        (
            "key and clients",
            "",
            &[KEY, ("ZSCALER_MCP_AUTH_CLIENTS", "a")],
            Several(vec![ApiKey, Zscaler]),
        ),
        ("three of them", "", &[CONFIG, JWKS, KEY], Several(vec![ApiKey, Jwt, Oidc])),
        // The Python server took zscaler here, for any client of the tenant.
        ("oidc has to be named", "", &[CONFIG, BASE, APP, TENANT], Unnamed),
        ("a secret that is ignored", "", &[("OIDCPROXY_CLIENT_SECRET", "x")], Nothing),
        ("a certificate", "", &[DNS, CA], Found(Certificate)),
        ("a certificate with a tenant", "", &[DNS, TENANT], Found(Certificate)),
        ("a certificate with a key", "", &[DNS, KEY], Found(ApiKey)),
        ("a certificate that is off", "", &[("ZSCALER_MCP_AUTH_CERTIFICATE", "off")], Nothing),
        ("the demo", "--demo", &[], Open(OpenBy::Demo)),
        ("the demo with a tenant", "--demo", &[TENANT], Open(OpenBy::Demo)),
        (
            "the demo with grants and bounds",
            "--demo",
            &[("ZSCALER_MCP_AUTHORIZE", "*=*"), ("ZSCALER_MCP_RATE_LIMIT", "1")],
            Open(OpenBy::Demo),
        ),
        ("the demo with a key", "--demo", &[KEY], Found(ApiKey)),
        ("the demo with a certificate", "--demo", &[DNS], Found(Certificate)),
        (
            "the demo with a platform",
            "--demo",
            &[("ZSCALER_MCP_TRUST_PLATFORM_AUTH", "1")],
            Nothing,
        ),
        (
            "the demo with authentication said to be on",
            "--demo",
            &[("ZSCALER_MCP_AUTH_ENABLED", "1")],
            Nothing,
        ),
        ("the demo off loopback", "--demo --host 192.0.2.1", &[], Nothing),
        ("loopback is no reason", "--host ::1", &[], Nothing),
        ("bounds are none either", "", &[("ZSCALER_MCP_AUTH_FAILURES", "5")], Nothing),
        ("a platform is none either", "", &[("ZSCALER_MCP_TRUST_PLATFORM_AUTH", "1")], Nothing),
    ];
    for (name, line, environment, expected) in rows {
        assert_eq!(settings(line, environment).auth_choice(), *expected, "{name}");
    }
}

#[test]
fn what_a_mode_needs_is_asked_for_by_name() {
    let platform = ("ZSCALER_MCP_TRUST_PLATFORM_AUTH", "1");
    let rows: &[(&str, Pairs<'_>, &[&str])] = &[
        ("api-key", &[mode("api-key")], &["ZSCALER_MCP_AUTH_API_KEY"]),
        (
            "api-key, given blank",
            &[mode("api-key"), ("ZSCALER_MCP_AUTH_API_KEY", "")],
            &["ZSCALER_MCP_AUTH_API_KEY"],
        ),
        ("api-key, complete", &[mode("api-key"), KEY], &[]),
        ("api-key behind a platform", &[KEY, platform], &[]),
        ("jwt", &[mode("jwt")], &["ZSCALER_MCP_AUTH_JWKS_URI", "ZSCALER_MCP_AUTH_ISSUER"]),
        ("jwt without an issuer", &[JWKS], &["ZSCALER_MCP_AUTH_ISSUER"]),
        ("jwt without keys", &[ISSUER], &["ZSCALER_MCP_AUTH_JWKS_URI"]),
        ("jwt, complete", &[JWKS, ISSUER], &[]),
        (
            "jwt with an empty audience",
            &[JWKS, ISSUER, ("ZSCALER_MCP_AUTH_AUDIENCE", " ")],
            &["ZSCALER_MCP_AUTH_AUDIENCE"],
        ),
        ("an empty audience where it is not used", &[KEY, ("ZSCALER_MCP_AUTH_AUDIENCE", "")], &[]),
        ("zscaler", &[mode("zscaler")], &["ZSCALER_VANITY_DOMAIN"]),
        ("zscaler, complete", &[mode("zscaler"), TENANT], &[]),
        (
            "zscaler with an address for tokens",
            &[mode("zscaler"), ("ZSCALER_MCP_TOKEN_URL", "https://t.example")],
            &[],
        ),
        ("zscaler behind a platform", &[TENANT, platform], &["ZSCALER_MCP_TRUST_PLATFORM_AUTH"]),
        ("the same with a client", &[TENANT, platform, ("ZSCALER_CLIENT_ID", "x")], &[]),
        (
            "oidc",
            &[mode("oidc")],
            &["OIDCPROXY_CONFIG_URL", "OIDCPROXY_BASE_URL", "OIDCPROXY_AUDIENCE"],
        ),
        ("oidc with a client id for audience", &[mode("oidc"), CONFIG, BASE, APP], &[]),
        ("oidc with an audience", &[mode("oidc"), CONFIG, BASE, ("OIDCPROXY_AUDIENCE", "a")], &[]),
        ("a certificate without authorities", &[DNS], &["ZSCALER_MCP_AUTH_CERTIFICATE"]),
        (
            "a certificate with a mode, without authorities",
            &[KEY, DNS],
            &["ZSCALER_MCP_AUTH_CERTIFICATE"],
        ),
        ("a certificate, complete", &[DNS, CA, CERT, CERT_KEY], &[]),
        ("several", &[KEY, JWKS], &["ZSCALER_MCP_AUTH_MODE"]),
        ("oidc unnamed", &[CONFIG], &["ZSCALER_MCP_AUTH_MODE"]),
        ("nothing", &[], &["ZSCALER_MCP_AUTH_ENABLED"]),
    ];
    for (name, environment, expected) in rows {
        let posture = posture("", environment);
        let refused: Vec<&str> = posture
            .problems
            .iter()
            .filter(|problem| problem.severity != Severity::Warn)
            .map(|problem| problem.setting.as_str())
            .collect();
        assert_eq!(refused, *expected, "{name}: {:?}", posture.problems);
        assert_eq!(posture.exit_code(), u8::from(!expected.is_empty()), "{name}");
    }
}

#[test]
fn settings_that_must_not_be_empty_are_refused_when_they_are() {
    for (name, value) in [
        ("ZSCALER_MCP_AUTH_CLIENTS", ""),
        ("ZSCALER_MCP_AUTH_CLIENTS", " , "),
        ("ZSCALER_MCP_AUTHORIZE", " "),
        ("ZSCALER_MCP_AUTH_CERTIFICATE", "cn"),
        ("ZSCALER_MCP_RATE_LIMIT", "-1"),
        ("ZSCALER_MCP_CALLS_PER_CALLER", ""),
    ] {
        let posture = posture("", &[KEY, (name, value)]);
        let first = posture.problems.first().unwrap();
        assert_eq!((first.setting.as_str(), posture.exit_code()), (name, 2), "{value:?}");
    }
}

#[test]
fn texts_of_refusals_name_what_was_given_and_the_way_out() {
    let rows: &[(Pairs<'_>, &[&str])] = &[
        (
            &[],
            &[
                "ZSCALER_MCP_AUTH_API_KEY",
                "ZSCALER_MCP_AUTH_MODE",
                "ZSCALER_MCP_AUTH_ENABLED=false",
                "--demo",
                "--transport stdio",
            ],
        ),
        (
            &[KEY, JWKS, ISSUER],
            &[
                "api-key (ZSCALER_MCP_AUTH_API_KEY)",
                "jwt (ZSCALER_MCP_AUTH_JWKS_URI, ZSCALER_MCP_AUTH_ISSUER)",
            ],
        ),
        (
            &[CONFIG, APP],
            &["OIDCPROXY_CONFIG_URL, OIDCPROXY_CLIENT_ID", "ZSCALER_MCP_AUTH_MODE=oidc"],
        ),
        (&[mode("api-key")], &["mode api-key needs it", "--generate-auth-token"]),
        (&[mode("oidc"), CONFIG, BASE], &["OIDCPROXY_CLIENT_ID can stand in"]),
        (&[DNS], &["ZSCALER_MCP_TLS_CA_CERTS"]),
    ];
    for (environment, said) in rows {
        let text = posture("", environment).problems[0].to_string();
        for words in *said {
            assert!(text.contains(words), "{words}: {text}");
        }
        assert!(!text.contains(KEY.1), "{text}");
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "one table")]
fn what_the_operator_chose_or_has_no_use_for_is_a_warning() {
    let platform = ("ZSCALER_MCP_TRUST_PLATFORM_AUTH", "1");
    let open = ("ZSCALER_MCP_AUTH_ENABLED", "false");
    let rows: &[(&str, Pairs<'_>, &str, &str)] = &[
        (
            "platform",
            &[KEY, platform],
            "ZSCALER_MCP_TRUST_PLATFORM_AUTH",
            "without a credential is accepted",
        ),
        (
            "platform and tokens",
            &[JWKS, ISSUER, platform],
            "ZSCALER_MCP_TRUST_PLATFORM_AUTH",
            "no effect in mode jwt",
        ),
        ("any client of the tenant", &[TENANT], "ZSCALER_MCP_AUTH_CLIENTS", "every API client"),
        (
            "another mode's setting",
            &[mode("api-key"), KEY, JWKS],
            "ZSCALER_MCP_AUTH_JWKS_URI",
            "no effect in mode api-key",
        ),
        (
            "authorities for nobody",
            &[KEY, ("ZSCALER_MCP_AUTH_CA_BUNDLE", "f")],
            "ZSCALER_MCP_AUTH_CA_BUNDLE",
            "asks no identity provider",
        ),
        (
            "no bound on guessing",
            &[KEY, ("ZSCALER_MCP_AUTH_FAILURES", "0")],
            "ZSCALER_MCP_AUTH_FAILURES",
            "nothing bounds",
        ),
        (
            "grants for nobody",
            &[open, ("ZSCALER_MCP_AUTHORIZE", "*=*")],
            "ZSCALER_MCP_AUTHORIZE",
            "anonymous",
        ),
        (
            "a certificate for nobody",
            &[open, DNS],
            "ZSCALER_MCP_AUTH_ENABLED",
            "ZSCALER_MCP_AUTH_CERTIFICATE has no effect",
        ),
        (
            "mode none",
            &[mode("none"), KEY],
            "ZSCALER_MCP_AUTH_MODE",
            "ZSCALER_MCP_AUTH_API_KEY has no effect",
        ),
        ("mode none on loopback", &[mode("none")], "ZSCALER_MCP_AUTH_MODE", "every process"),
        (
            "a secret without use",
            &[KEY, ("OIDCPROXY_CLIENT_SECRET", "s")],
            "OIDCPROXY_CLIENT_SECRET",
            "no client secret",
        ),
    ];
    for (name, environment, setting, said) in rows {
        let posture = posture("", environment);
        assert!(posture.starts, "{name}: {:?}", posture.problems);
        let found = posture.problems.iter().any(|p| p.setting == *setting && p.text.contains(said));
        assert!(found, "{name}: {:?}", posture.problems);
    }
    assert_eq!(posture("", &[KEY]).problems, []);
    let complete = posture("", &[JWKS, ISSUER, ("ZSCALER_MCP_AUTHORIZE", "*=*")]);
    assert_eq!(complete.problems, []);
}

#[test]
#[expect(clippy::too_many_lines, reason = "one table")]
fn the_posture_says_mode_trust_and_bounds() {
    use PostureState::{NotUsed, Off, On, Partly};
    const AUTH: &str = "Client authentication";
    const LIMITS: &str = "Caller limits";
    const GRANTS: &str = "Tool grants";
    let platform = ("ZSCALER_MCP_TRUST_PLATFORM_AUTH", "1");
    let open = ("ZSCALER_MCP_AUTH_ENABLED", "false");
    let rows: &[(&str, Pairs<'_>, PostureState, &str)] = &[
        (AUTH, &[], Off, "asked for, but nothing is configured"),
        (AUTH, &[KEY, JWKS], Off, "asked for, but it is not said by which mode"),
        (AUTH, &[open], Off, "ZSCALER_MCP_AUTH_ENABLED=false"),
        (AUTH, &[mode("none")], Off, "ZSCALER_MCP_AUTH_MODE=none"),
        (AUTH, &[KEY], On, "mode api-key by its settings; keys of ZSCALER_MCP_AUTH_API_KEY"),
        (
            AUTH,
            &[KEY, platform],
            Partly,
            "mode api-key by its settings; keys of ZSCALER_MCP_AUTH_API_KEY; a request without a credential counts as authenticated by the platform",
        ),
        (
            AUTH,
            &[JWKS, ISSUER],
            On,
            "mode jwt by its settings; tokens of \"https://idp.example/\" for \"zscaler-mcp-server\", signed with \"RS256\", \"ES256\" by keys from \"https://idp.example/keys\"",
        ),
        (
            AUTH,
            &[TENANT],
            On,
            "mode zscaler because ZSCALER_VANITY_DOMAIN is set and no mode; every API client of the tenant, asked at its token endpoint",
        ),
        (
            AUTH,
            &[mode("zscaler"), TENANT, ("ZSCALER_MCP_AUTH_CLIENTS", "a,b")],
            On,
            "mode zscaler by ZSCALER_MCP_AUTH_MODE; 2 API clients of the tenant, asked at its token endpoint",
        ),
        (
            AUTH,
            &[mode("oidc"), CONFIG, BASE, APP, ("OIDCPROXY_REQUIRED_SCOPES", "mcp.read")],
            On,
            "mode oidc by ZSCALER_MCP_AUTH_MODE; tokens for \"app1\", issuer and keys as \"https://idp.example/c\" says; 1 scope required",
        ),
        (
            AUTH,
            &[DNS, CA],
            On,
            "mode certificate by its settings; client certificates, by their only DNS name",
        ),
        (
            AUTH,
            &[KEY, DNS, CA],
            On,
            "mode api-key by its settings; keys of ZSCALER_MCP_AUTH_API_KEY; and client certificates, by their only DNS name",
        ),
        (
            LIMITS,
            &[KEY],
            On,
            "50 requests a second of one caller, 32 calls of one caller at once, 10 wrong credentials a minute of one address",
        ),
        (
            LIMITS,
            &[KEY, ("ZSCALER_MCP_RATE_LIMIT", "0")],
            Partly,
            "32 calls of one caller at once, 10 wrong credentials a minute of one address",
        ),
        // Without authentication all callers are one: a default would bound them together.
        (LIMITS, &[open], Off, "no bound for one caller"),
        (
            LIMITS,
            &[open, ("ZSCALER_MCP_RATE_LIMIT", "9")],
            Partly,
            "9 requests a second of one caller",
        ),
        (GRANTS, &[KEY], Off, "every caller may use every tool that is offered"),
        (
            GRANTS,
            &[KEY, ("ZSCALER_MCP_AUTHORIZE", "*=*")],
            On,
            "callers may use what ZSCALER_MCP_AUTHORIZE says",
        ),
    ];
    for (name, environment, state, why) in rows {
        let posture = posture("", environment);
        let line = posture.lines.iter().find(|line| line.name == *name).unwrap();
        assert_eq!((line.state, &*line.why), (*state, *why), "{environment:?}");
    }
    let stdio = Posture::of(&resolve(&[], &BTreeMap::new(), None), &PARSERS);
    for name in [AUTH, LIMITS, GRANTS] {
        assert_eq!(stdio.lines.iter().find(|line| line.name == name).unwrap().state, NotUsed);
    }
}

#[test]
fn an_address_is_shown_without_what_its_query_may_hide() {
    let keys = ("ZSCALER_MCP_AUTH_JWKS_URI", "https://idp.example/keys?code=hunter2");
    let text = render_text(&posture("", &[keys, ISSUER]));
    assert!(text.contains("https://idp.example/keys") && !text.contains("hunter2"), "{text}");
}

#[test]
fn bounds_hold_for_callers_that_are_told_apart() {
    for (name, environment, expected) in [
        ("defaults", &[KEY][..], (50, 32)),
        (
            "none",
            &[KEY, ("ZSCALER_MCP_RATE_LIMIT", "0"), ("ZSCALER_MCP_CALLS_PER_CALLER", "0")],
            (0, 0),
        ),
        (
            "given",
            &[KEY, ("ZSCALER_MCP_RATE_LIMIT", "7"), ("ZSCALER_MCP_CALLS_PER_CALLER", "3")],
            (7, 3),
        ),
        ("open", &[mode("none")], (0, 0)),
        ("open and given", &[mode("none"), ("ZSCALER_MCP_CALLS_PER_CALLER", "3")], (0, 3)),
    ] {
        let settings = settings("", environment);
        let found = (settings.requests_per_second(), settings.calls_per_caller());
        assert_eq!(found, expected, "{name}");
    }
    let stdio =
        resolve(&[], &BTreeMap::from([KEY].map(|(n, v)| (n.to_owned(), v.to_owned()))), None);
    assert_eq!((stdio.requests_per_second(), stdio.calls_per_caller()), (0, 0));
}

#[test]
fn the_ways_out_fit_a_terminal_and_hold_the_key_once() {
    let text = ways_out("K-E_Y");
    assert!(text.lines().all(|line| line.len() <= 80), "{text}");
    assert_eq!(text.matches("ZSCALER_MCP_AUTH_API_KEY=K-E_Y").count(), 1);
    assert_eq!(text.matches("K-E_Y").count(), 1);
    for way in ["ZSCALER_MCP_AUTH_MODE=jwt, zscaler or oidc", "ZSCALER_MCP_AUTH_ENABLED=false"] {
        assert!(text.contains(way), "{text}");
    }
}
