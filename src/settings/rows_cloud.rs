//! Zone: operator. Rows: how the cloud is reached; and what they say together.

use std::path::PathBuf;

use crate::base::Secret;
use crate::settings::kind::{Item, Kind, Shape};
use crate::settings::sources::Values;
use crate::settings::table::{Id, Row};

/// How the cloud is reached. Addresses are texts; whoever assembles the program parses them.
#[derive(Debug)]
pub struct CloudSettings {
    /// Address of the services, instead of the one of the cloud.
    pub api_base_url: Option<String>,
    /// Address that gives tokens, instead of the one of the tenant.
    pub token_url: Option<String>,
    /// Authorities to trust.
    pub ca_bundle: Option<PathBuf>,
    /// Authorities to trust when the setting of our own is not given.
    pub ssl_cert_file: Option<PathBuf>,
    /// Proxy, and the variable that names it.
    pub proxy: Option<(&'static str, Secret)>,
    /// Hosts that are reached without it.
    pub no_proxy: Vec<String>,
}

const HTTPS_PROXY: &str = "HTTPS_PROXY";
const HTTPS_PROXY_LOWER: &str = "https_proxy";

pub(super) const CLOUD: [Row; 8] = [
    Row::env(
        Id::ApiBaseUrl,
        "ZSCALER_MCP_API_BASE_URL",
        Kind::Text(Shape::Line),
        "",
        "Address of the services, for private clouds; https, or http to loopback. Default: by the \
         name of the cloud.",
    ),
    Row::env(
        Id::TokenUrl,
        "ZSCALER_MCP_TOKEN_URL",
        Kind::Text(Shape::Line),
        "",
        "Address that gives tokens; https, or http to loopback. Default: by cloud and tenant.",
    ),
    Row::env(
        Id::CaBundle,
        "ZSCALER_MCP_CA_BUNDLE",
        Kind::Path,
        "",
        "PEM file of the authorities that the cloud's certificate may come from, and no others.",
    ),
    Row::env(
        Id::SslCertFile,
        "SSL_CERT_FILE",
        Kind::Path,
        "",
        "The same, when ZSCALER_MCP_CA_BUNDLE is not set. Default: the bundle of the system.",
    ),
    Row::env(
        Id::HttpsProxy,
        HTTPS_PROXY,
        Kind::Secret,
        "",
        "Proxy that is asked for a tunnel to the cloud, as http://[user:password@]host[:port].",
    ),
    Row::env(
        Id::HttpsProxyLower,
        HTTPS_PROXY_LOWER,
        Kind::Secret,
        "",
        "The same, when HTTPS_PROXY is not set.",
    ),
    Row::env(
        Id::NoProxy,
        "NO_PROXY",
        Kind::List(Item::Name),
        "",
        "Hosts, domains and networks that are reached without the proxy; * for all.",
    ),
    Row::env(
        Id::NoProxyLower,
        "no_proxy",
        Kind::List(Item::Name),
        "",
        "The same, when NO_PROXY is not set.",
    ),
];

/// Returns how the cloud is reached.
pub(super) fn cloud(values: &mut Values) -> CloudSettings {
    let mut proxy = |id, name| values.take_secret(id).map(|secret| (name, secret));
    let upper = proxy(Id::HttpsProxy, HTTPS_PROXY);
    let lower = proxy(Id::HttpsProxyLower, HTTPS_PROXY_LOWER);
    let no_proxy = values.list(Id::NoProxy).or_else(|| values.list(Id::NoProxyLower));
    CloudSettings {
        api_base_url: values.text(Id::ApiBaseUrl),
        token_url: values.text(Id::TokenUrl),
        ca_bundle: values.text(Id::CaBundle).map(PathBuf::from),
        ssl_cert_file: values.text(Id::SslCertFile).map(PathBuf::from),
        proxy: upper.or(lower),
        no_proxy: no_proxy.unwrap_or_default(),
    }
}
