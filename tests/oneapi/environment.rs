//! What the environment says about the way to the cloud, as the built binary follows it.

use std::path::Path;

use serde_json::json;

use crate::common::{Folder, Server, run};
use crate::program::{HTTP, environment, pairs};
use crate::script::{Cloud, labels, proxy};

const SECRET: (&str, &str) = ("ZSCALER_CLIENT_SECRET", "s3cret-value");

fn lists(cloud: &Cloud, more: &[(&str, &str)]) -> bool {
    let mut all = vec![SECRET];
    all.extend_from_slice(more);
    let server = Server::start(&HTTP, &pairs(&environment(cloud, &all)));
    let result = server.tool("zia_list_rule_labels", json!({}));
    result["structuredContent"]["result"][0]["id"] == 7
}

#[test]
fn plain_http_reaches_a_cloud_on_loopback() {
    let cloud = Cloud::plain([labels()]);
    let port = cloud.port;
    let base = format!("http://127.0.0.1:{port}");
    let token = format!("{base}/oauth2/v1/token");
    assert!(lists(
        &cloud,
        &[("ZSCALER_MCP_API_BASE_URL", &base), ("ZSCALER_MCP_TOKEN_URL", &token)]
    ));
    assert!(cloud.seen()[1].contains(&format!("\r\nHost: 127.0.0.1:{port}\r\n")));
}

#[test]
fn the_proxy_of_the_environment_is_used_unless_it_says_otherwise() {
    for (name, variables, tunnels) in [
        ("upper case", &["HTTPS_PROXY"][..], 2),
        ("lower case", &["https_proxy"], 2),
        ("exception", &["HTTPS_PROXY", "NO_PROXY"], 0),
        ("exception in lower case", &["https_proxy", "no_proxy"], 0),
    ] {
        let (port, seen) = proxy("HTTP/1.1 200 Yes\r\n\r\n");
        let place = format!("http://me:s3cret-value@127.0.0.1:{port}");
        let cloud = Cloud::new([labels()]);
        let value = |name: &&'static str| match *name {
            "NO_PROXY" | "no_proxy" => (*name, "example.com,localhost"),
            name => (name, place.as_str()),
        };
        let more: Vec<_> = variables.iter().map(value).collect();
        assert!(lists(&cloud, &more), "{name}");
        let heads = seen.lock().unwrap().clone();
        assert_eq!(heads.len(), tunnels, "{name}: {heads:?}");
        let connect = format!("CONNECT localhost:{} HTTP/1.1\r\n", cloud.port);
        assert!(heads.iter().all(|head| head.starts_with(&connect)), "{name}: {heads:?}");
    }
}

#[test]
fn the_usual_variable_names_the_authorities_when_ours_does_not() {
    let (cloud, stranger) = (Cloud::new([labels()]), Cloud::new([]));
    let (own, other) = (cloud.authority(), stranger.authority());
    let (own, other) = (own.to_str().unwrap(), other.to_str().unwrap());
    let with = |ours, usual| [("ZSCALER_MCP_CA_BUNDLE", ours), ("SSL_CERT_FILE", usual)];
    assert!(!lists(&cloud, &with("", other)), "another authority");
    assert!(!lists(&cloud, &with(other, own)), "ours goes first");
    assert!(cloud.seen().is_empty());
    assert!(lists(&cloud, &with("", own)));
}

#[cfg(unix)]
#[test]
fn a_private_key_that_others_can_read_is_warned_of() {
    use std::os::unix::fs::PermissionsExt;
    let (cloud, folder) = (Cloud::new([]), Folder::new("key"));
    let file = folder.0.join("client.key");
    std::fs::write(&file, crate::program::private_key()).unwrap();
    let check = |path: &Path| {
        let key = ("ZSCALER_PRIVATE_KEY", path.to_str().unwrap());
        let ended = run(&["check"], &pairs(&environment(&cloud, &[key])));
        assert_eq!(ended.code, Some(0), "{}", ended.text);
        ended.text.contains("ZSCALER_PRIVATE_KEY") && ended.text.contains("0600")
    };
    for (mode, warned) in [(0o600, false), (0o400, false), (0o640, true), (0o644, true)] {
        std::fs::set_permissions(&file, PermissionsExt::from_mode(mode)).unwrap();
        assert_eq!(check(&file), warned, "{mode:o}");
    }
}
