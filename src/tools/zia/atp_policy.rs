//! Zone: post-admission. Rows of the toolset `zia_atp_policy`.

use crate::tools::row::{Row, get, list};

const SET: &str = "zia_atp_policy";

pub(in crate::tools) const ROWS: &[Row] = &[
    get(
        "zia_get_atp_security_exceptions",
        SET,
        "/zia/api/v1/cyberThreatProtection/securityExceptions",
    )
    .title("Get security exceptions")
    .doc(
        "Returns bypass_urls, the sites that threat protection does not check.\nEach is a hole: \
         look here when malware came from a known site. Empty: all is checked.",
    ),
    get("zia_get_atp_settings", SET, "/zia/api/v1/cyberThreatProtection/advancedThreatSettings")
        .title("Get threat settings")
        .doc(
            "Returns for each kind of threat (botnets, phishing, tunnels, mining) whether it is \
             blocked and captured, blocked countries and the risk tolerance.\nMalware in files: \
             zia_get_malware_settings.",
        ),
    list("zia_list_atp_malicious_urls", SET, "/zia/api/v1/cyberThreatProtection/maliciousUrls")
        .rows_at("/maliciousUrls")
        .title("List malicious URLs")
        .doc(
            "Returns the URLs that the tenant itself counts as malicious, as texts.\nThe service's \
             view of a URL: zia_url_lookup. Empty: none.",
        ),
];
