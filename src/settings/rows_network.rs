//! Zone: operator. Rows: process, network defences, limits.

use crate::settings::kind::{Item, Kind, Shape};
use crate::settings::table::{Id, Row};

const fn int(min: u64, max: u64, unit: &'static str) -> Kind {
    Kind::Int { min, max, unit }
}

pub(super) const PROCESS: [Row; 10] = [
    Row::both(
        Id::Transport,
        ("--transport", "ZSCALER_MCP_TRANSPORT"),
        Kind::Choice(&["stdio", "streamable-http", "sse"]),
        "stdio",
        "How clients connect: standard input and output, HTTP, or the older HTTP+SSE.",
    ),
    Row::both(
        Id::Host,
        ("--host", "ZSCALER_MCP_HOST"),
        Kind::Text(Shape::Bind),
        "127.0.0.1",
        "Address or host name to listen on. Anything but loopback needs TLS or an opt-out.",
    )
    .http(),
    Row::both(
        Id::Port,
        ("--port", "ZSCALER_MCP_PORT"),
        int(0, 65_535, ""),
        "8000",
        "TCP port to listen on, 0 to 65535; 0 lets the system pick a free one.",
    )
    .http(),
    Row::both(
        Id::Demo,
        ("--demo", "ZSCALER_MCP_DEMO"),
        Kind::Bool,
        "false",
        "Serve a small invented tenant from inside the program; no account is needed.",
    ),
    Row::both(
        Id::Snapshot,
        ("--snapshot", "ZSCALER_MCP_SNAPSHOT"),
        Kind::Path,
        "",
        "Serve this file, written by export, in place of the tenant: offline and read-only.",
    ),
    Row::both(
        Id::Debug,
        ("--debug", "ZSCALER_MCP_DEBUG"),
        Kind::Bool,
        "false",
        "Write log records of every level.",
    ),
    Row::both(
        Id::LogToolCalls,
        ("--log-tool-calls", "ZSCALER_MCP_LOG_TOOL_CALLS"),
        Kind::Bool,
        "false",
        "Log each tool call with arguments (secrets hidden), duration and outcome.",
    ),
    Row::both(
        Id::UserAgentComment,
        ("--user-agent-comment", "ZSCALER_MCP_USER_AGENT_COMMENT"),
        Kind::Text(Shape::Comment),
        "",
        "Comment added to the User-Agent of requests to the cloud, at most 256 characters.",
    ),
    Row::both(
        Id::DotenvPath,
        ("--dotenv-path", "ZSCALER_MCP_DOTENV_PATH"),
        Kind::Path,
        "",
        "Env file to read. Without it, .env in the working directory is read if it exists.",
    ),
    Row::both(
        Id::PidFile,
        ("--pid-file", "ZSCALER_MCP_PID_FILE"),
        Kind::Path,
        "",
        "File for the process id of the running server.",
    )
    .later("this build writes no PID file; a service manager knows the process"),
];

pub(super) const NETWORK: [Row; 12] = [
    Row::env(
        Id::TlsCertfile,
        "ZSCALER_MCP_TLS_CERTFILE",
        Kind::Path,
        "",
        "PEM file with the server certificate, then its chain. Needs the key file.",
    )
    .http(),
    Row::env(
        Id::TlsKeyfile,
        "ZSCALER_MCP_TLS_KEYFILE",
        Kind::Path,
        "",
        "PEM file with the private key of the certificate.",
    )
    .http(),
    Row::env(
        Id::TlsKeyfilePassword,
        "ZSCALER_MCP_TLS_KEYFILE_PASSWORD",
        Kind::Secret,
        "",
        "Password of an encrypted key file.",
    )
    .http(),
    Row::env(
        Id::TlsCaCerts,
        "ZSCALER_MCP_TLS_CA_CERTS",
        Kind::Path,
        "",
        "PEM file of authorities. When set, every client must show a certificate from one.",
    )
    .http(),
    Row::env(
        Id::TlsMinVersion,
        "ZSCALER_MCP_TLS_MIN_VERSION",
        Kind::Choice(&["1.3", "1.2"]),
        "1.3",
        "Oldest TLS version that is spoken.",
    )
    .http(),
    Row::env(
        Id::AllowHttp,
        "ZSCALER_MCP_ALLOW_HTTP",
        Kind::Bool,
        "false",
        "Serve plaintext on an address that is not loopback, because TLS ends in front.",
    )
    .http(),
    Row::env(
        Id::AllowedHosts,
        "ZSCALER_MCP_ALLOWED_HOSTS",
        Kind::List(Item::Host),
        "",
        "Host values to accept, with globs, with or without a port. Default: the bind address.",
    )
    .http(),
    Row::env(
        Id::DisableHostValidation,
        "ZSCALER_MCP_DISABLE_HOST_VALIDATION",
        Kind::Bool,
        "false",
        "Accept any Host. Gives up the protection against DNS rebinding; for development.",
    )
    .http(),
    Row::env(
        Id::AllowedSourceIps,
        "ZSCALER_MCP_ALLOWED_SOURCE_IPS",
        Kind::List(Item::Source),
        "",
        "Client addresses and networks to accept, IPv4 and IPv6. Default: every address.",
    )
    .http(),
    Row::env(
        Id::TrustedProxies,
        "ZSCALER_MCP_TRUSTED_PROXIES",
        Kind::List(Item::Proxy),
        "",
        "Networks of proxies whose X-Forwarded-For is believed. Default: none.",
    )
    .http(),
    Row::env(
        Id::AllowedOrigins,
        "ZSCALER_MCP_ALLOWED_ORIGINS",
        Kind::List(Item::Origin),
        "",
        "Origins of browser clients to accept, as scheme://host[:port]. Default: none.",
    )
    .http(),
    Row::env(
        Id::ForwardedAllowIps,
        "FORWARDED_ALLOW_IPS",
        Kind::Text(Shape::Line),
        "",
        "Has no effect.",
    )
    .http()
    .inert("it is ignored; name proxies to believe with ZSCALER_MCP_TRUSTED_PROXIES"),
];

pub(super) const LIMITS: [Row; 6] = [
    Row::both(
        Id::MaxConnections,
        ("--max-connections", "ZSCALER_MCP_MAX_CONNECTIONS"),
        int(1, 262_144, "connections"),
        "16384",
        "Connections open at once, 1 to 262144.",
    )
    .http(),
    Row::env(
        Id::MaxSessions,
        "ZSCALER_MCP_MAX_SESSIONS",
        int(1, 1_000_000, "sessions"),
        "10000",
        "Sessions at once, 1 to 1000000.",
    )
    .http(),
    Row::env(
        Id::SessionIdleSeconds,
        "ZSCALER_MCP_SESSION_IDLE_SECONDS",
        int(10, 86_400, "seconds"),
        "1800",
        "Seconds after which an unused session ends, 10 to 86400.",
    )
    .http(),
    Row::env(
        Id::MaxBodyBytes,
        "ZSCALER_MCP_MAX_BODY_BYTES",
        int(1_024, 67_108_864, "bytes"),
        "4194304",
        "Bytes of one request body, 1024 to 67108864.",
    )
    .http(),
    Row::env(
        Id::Workers,
        "ZSCALER_MCP_WORKERS",
        int(1, 1_024, "threads"),
        "256",
        "Most tool calls that run at once, 1 to 1024; a thread is started when one is needed.",
    ),
    Row::env(
        Id::Loops,
        "ZSCALER_MCP_LOOPS",
        int(1, 4, "threads"),
        "",
        "Threads that serve connections, 1 to 4. Default: one a core, at most 4.",
    )
    .http(),
];
