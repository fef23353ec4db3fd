//! Zone: operator. Rows: tools, confirmation and results, credentials, actions.

use crate::settings::kind::{Item, Kind, Shape};
use crate::settings::table::{Id, Row};

const NO_CLOUD_SECRETS: &str =
    "secrets are not fetched from a cloud store here; put them into the variables themselves";

pub(super) const TOOLS: [Row; 9] = [
    Row::both(
        Id::Services,
        ("--services", "ZSCALER_MCP_SERVICES"),
        Kind::List(Item::Name),
        "",
        "Services to offer, by code. Default: all.",
    )
    .short("-s"),
    Row::both(
        Id::DisabledServices,
        ("--disabled-services", "ZSCALER_MCP_DISABLED_SERVICES"),
        Kind::List(Item::Name),
        "",
        "Services to leave out; wins over the services to offer.",
    ),
    Row::both(
        Id::Toolsets,
        ("--toolsets", "ZSCALER_MCP_TOOLSETS"),
        Kind::List(Item::Name),
        "",
        "Toolsets to offer; all and default mean every one. Default: all.",
    ),
    Row::both(
        Id::DisabledToolsets,
        ("--disabled-toolsets", "ZSCALER_MCP_DISABLED_TOOLSETS"),
        Kind::List(Item::Name),
        "",
        "Toolsets to leave out; wins over the toolsets to offer.",
    ),
    Row::both(
        Id::DisabledTools,
        ("--disabled-tools", "ZSCALER_MCP_DISABLED_TOOLS"),
        Kind::List(Item::Name),
        "",
        "Tools to leave out, by name or glob; wins over everything else.",
    ),
    Row::both(
        Id::WriteEnabled,
        ("--enable-write-tools", "ZSCALER_MCP_WRITE_ENABLED"),
        Kind::Bool,
        "false",
        "Offer the write tools that the write list names.",
    ),
    Row::both(
        Id::WriteTools,
        ("--write-tools", "ZSCALER_MCP_WRITE_TOOLS"),
        Kind::List(Item::Name),
        "",
        "Write tools to offer, by name or glob; all of them only by the word all-write-tools.",
    ),
    Row::both(
        Id::DisableEntitlementFilter,
        ("--no-entitlement-filter", "ZSCALER_MCP_DISABLE_ENTITLEMENT_FILTER"),
        Kind::Bool,
        "false",
        "Offer tools of products that the tenant has not bought as well.",
    ),
    Row::env(Id::Tools, "ZSCALER_MCP_TOOLS", Kind::List(Item::Name), "", "Has no effect.").inert(
        "it limits nothing; use ZSCALER_MCP_TOOLSETS, ZSCALER_MCP_SERVICES or \
         ZSCALER_MCP_DISABLED_TOOLS",
    ),
];

pub(super) const RESULTS: [Row; 6] = [
    Row::env(
        Id::ConfirmationTtl,
        "ZSCALER_MCP_CONFIRMATION_TTL",
        Kind::Int { min: 30, max: 3_600, unit: "seconds" },
        "300",
        "Seconds for which an answer to a confirmation is accepted, 30 to 3600.",
    ),
    Row::env(
        Id::RequestStateKeys,
        "ZSCALER_MCP_REQUEST_STATE_KEYS",
        Kind::Keys,
        "",
        "Keys that seal request state, newest first, each 32 bytes or more; a JSON array when \
         a key has a comma in it. Default: one random key a start.",
    ),
    Row::env(
        Id::DisableOutputSanitization,
        "ZSCALER_MCP_DISABLE_OUTPUT_SANITIZATION",
        Kind::Bool,
        "false",
        "Pass tenant text to the model unchanged. Gives up the protection against injection.",
    ),
    Row::env(
        Id::ReportTokens,
        "ZSCALER_MCP_REPORT_TOKENS",
        Kind::Bool,
        "false",
        "Add the estimated number of tokens to each result.",
    )
    .later("this build does not report token counts"),
    Row::env(
        Id::TokenEncoding,
        "ZSCALER_MCP_TOKEN_ENCODING",
        Kind::Text(Shape::Identifier),
        "",
        "Has no effect.",
    )
    .inert("token counts are estimates that need no encoding"),
    Row::env(
        Id::SkipConfirmations,
        "ZSCALER_MCP_SKIP_CONFIRMATIONS",
        Kind::Text(Shape::Line),
        "",
        "Has no effect.",
    )
    .inert("confirmations cannot be skipped; take it out"),
];

pub(super) const CREDENTIALS: [Row; 10] = [
    Row::env(
        Id::ClientId,
        "ZSCALER_CLIENT_ID",
        Kind::Text(Shape::Line),
        "",
        "Client id of the OneAPI application.",
    ),
    Row::env(
        Id::ClientSecret,
        "ZSCALER_CLIENT_SECRET",
        Kind::Secret,
        "",
        "Client secret of the OneAPI application.",
    ),
    Row::env(
        Id::PrivateKey,
        "ZSCALER_PRIVATE_KEY",
        Kind::Secret,
        "",
        "RSA key: PEM, JSON Web Key, or the path of a PEM file; wins over the client secret.",
    ),
    Row::env(
        Id::VanityDomain,
        "ZSCALER_VANITY_DOMAIN",
        Kind::Text(Shape::Label),
        "",
        "First label of the tenant's identity host.",
    ),
    Row::env(
        Id::Cloud,
        "ZSCALER_CLOUD",
        Kind::Text(Shape::Label),
        "production",
        "Name of the cloud that the tenant is in, such as production, beta, gov or govus.",
    ),
    Row::env(
        Id::CustomerId,
        "ZSCALER_CUSTOMER_ID",
        Kind::Text(Shape::Identifier),
        "",
        "Customer id, for the tools of ZPA and ZMS.",
    ),
    Row::env(
        Id::ZcellCustomerId,
        "ZCELL_CUSTOMER_ID",
        Kind::Text(Shape::Identifier),
        "",
        "Customer id, for the tools of ZCell.",
    ),
    Row::env(Id::SecretName, "ZSCALER_SECRET_NAME", Kind::Text(Shape::Line), "", "Has no effect.")
        .inert(NO_CLOUD_SECRETS),
    Row::env(
        Id::GcpSecretManager,
        "ZSCALER_MCP_GCP_SECRET_MANAGER",
        Kind::Bool,
        "false",
        "Has no effect.",
    )
    .inert(NO_CLOUD_SECRETS),
    Row::env(Id::UseLegacy, "ZSCALER_USE_LEGACY", Kind::Text(Shape::Line), "", "Has no effect.")
        .inert("only OneAPI is spoken; credentials of single products are not used"),
];

pub(super) const ACTIONS: [Row; 11] = [
    Row::action(Id::Help, "--help", &[], "Print this text and end.").short("-h"),
    Row::action(Id::Version, "--version", &[], "Print the version and end.").short("-v"),
    Row::action(Id::ListTools, "--list-tools", &[], "Print the tools by service and end."),
    Row::action(
        Id::ListToolsets,
        "--list-toolsets",
        &[],
        "Print the toolsets by service, with the number of their tools, and end.",
    ),
    Row::action(
        Id::Json,
        "--json",
        &[],
        "Print JSON, with check, diff, --list-tools and --list-toolsets.",
    ),
    Row::action(
        Id::Online,
        "--online",
        &[],
        "With check: try the credentials and say which services answer.",
    ),
    Row::action(
        Id::Redact,
        "--redact",
        &[],
        "With export: stand-ins for names and addresses, the same for the same text.",
    ),
    Row::action(
        Id::GenerateAuthToken,
        "--generate-auth-token",
        &["bearer", "basic"],
        "Print a fresh key and what clients need for it, and end; basic: for mode zscaler.",
    ),
    Row::action(Id::GenerateDocs, "--generate-docs", &[], "Write the documents and end.")
        .inert("not available in this program; its tables come from --help and --list-tools"),
    Row::action(Id::CheckDocs, "--check-docs", &[], "Compare the documents and end.")
        .inert("not available in this program; its tests compare the documents"),
    Row::action(Id::Apply, "--apply", &[], "With update: install.")
        .later("not available in this build"),
];
