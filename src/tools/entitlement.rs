//! Zone: operator. Which services the tenant has, by the server's own access token.
//!
//! For convenience, not for safety: tools of products that nobody bought are not offered, and the
//! service still decides about every request. So nothing is verified, and whatever cannot be read
//! takes nothing away. Never shows the token; what it names is escaped and cut.

use std::collections::BTreeSet;

use crate::jose::base64url;
use crate::json::{Bounds, Json, read};
use crate::limits::{JSON_DEPTH_MAX, JSON_NODES_MAX, TOKEN_BYTES_MAX};

/// Product codes, in capitals, and the service that each stands for.
const PRODUCTS: [(&str, &str); 19] = [
    ("CELLULAR", "zcell"),
    ("CLOUD_CONNECTOR", "ztw"),
    ("EASM", "zeasm"),
    ("IDENTITY", "zid"),
    ("INSIGHTS", "zins"),
    ("ZCC", "zcc"),
    ("ZCELL", "zcell"),
    ("ZCELLULAR", "zcell"),
    ("ZDX", "zdx"),
    ("ZEASM", "zeasm"),
    ("ZIA", "zia"),
    ("ZIAM", "zid"),
    ("ZID", "zid"),
    ("ZIDENTITY", "zid"),
    ("ZINS", "zins"),
    ("ZINSIGHTS", "zins"),
    ("ZMS", "zms"),
    ("ZPA", "zpa"),
    ("ZTW", "ztw"),
];

/// Most codes that are shown, and most characters of one.
const SHOWN_MAX: usize = 16;
const SHOWN_CHARS_MAX: usize = 32;

/// What a token says about the products of its tenant.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Entitlement {
    /// The services; none when the token names no product of the table.
    pub services: Option<BTreeSet<&'static str>>,
    /// Codes that are not in the table, sorted, fit to be shown.
    pub unmapped: Vec<String>,
}

impl Entitlement {
    /// Returns what an operator should know about it.
    #[must_use]
    pub fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        if self.services.is_none() {
            notes.push(
                "entitlement: the access token names no known product, so tools of every service \
                 are offered"
                    .to_owned(),
            );
        }
        if !self.unmapped.is_empty() {
            let codes = self.unmapped.join(", ");
            notes.push(format!("entitlement: products that this build does not know: {codes}"));
        }
        notes
    }
}

/// Returns what the payload of `token` says, without verifying it: the server got this token
/// itself, from where it sends its requests.
///
/// One known product takes every service away that is not named, because a token that uses our
/// codes at all uses them for all products. A token with unknown codes only does not, so there
/// the table may be out of date and nothing is taken away.
#[must_use]
pub fn entitled(token: &str) -> Entitlement {
    let mut services = BTreeSet::new();
    let mut unmapped = BTreeSet::new();
    for code in products(token).unwrap_or_default() {
        match PRODUCTS.iter().find(|(product, _)| *product == code) {
            Some((_, service)) => {
                services.insert(*service);
            }
            None => {
                unmapped.insert(shown(&code));
            }
        }
    }
    let mut unmapped: Vec<String> = unmapped.into_iter().collect();
    unmapped.truncate(SHOWN_MAX);
    Entitlement { services: (!services.is_empty()).then_some(services), unmapped }
}

/// Returns the product codes in the payload, trimmed and in capitals.
fn products(token: &str) -> Option<Vec<String>> {
    if token.len() > TOKEN_BYTES_MAX {
        return None;
    }
    let mut parts = token.split('.');
    let (Some(_), Some(payload), Some(_), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return None;
    };
    let payload = base64url::decode(payload.as_bytes())?;
    let bounds = Bounds { depth: JSON_DEPTH_MAX, nodes: JSON_NODES_MAX };
    let payload = read(&payload, bounds).ok()?;
    let list = |name| payload.get(name).and_then(Json::as_array).filter(|list| !list.is_empty());
    let list = list("service-info").or_else(|| list("serviceInfo"))?;
    let codes = list.iter().filter_map(|entry| entry.get("prd").and_then(Json::as_str));
    let codes = codes.map(|code| code.trim().to_ascii_uppercase());
    Some(codes.filter(|code| !code.is_empty()).collect())
}

fn shown(code: &str) -> String {
    code.chars().take(SHOWN_CHARS_MAX).flat_map(char::escape_default).collect()
}

#[cfg(test)]
mod tests {
    use super::entitled;
    use crate::base::encode::base64;
    use crate::tools::catalogue::SERVICES;

    fn token(payload: &str) -> String {
        let text = base64(payload.as_bytes());
        let text = text.trim_end_matches('=').replace('+', "-").replace('/', "_");
        format!("e30.{text}.c2ln")
    }

    fn of(payload: &str) -> (Option<String>, String) {
        let found = entitled(&token(payload));
        let services = found.services.map(|services| {
            assert!(services.iter().all(|service| SERVICES.contains(service)), "{services:?}");
            services.into_iter().collect::<Vec<_>>().join(" ")
        });
        (services, found.unmapped.join(" "))
    }

    fn codes(codes: &[&str]) -> String {
        let list: Vec<String> = codes.iter().map(|code| format!(r#"{{"prd":"{code}"}}"#)).collect();
        format!(r#"{{"service-info":[{}]}}"#, list.join(","))
    }

    #[test]
    fn every_code_of_the_table_stands_for_its_service() {
        for (service, products) in [
            ("zia", &["ZIA"][..]),
            ("zpa", &["ZPA"]),
            ("zdx", &["ZDX"]),
            ("zcc", &["ZCC"]),
            ("ztw", &["ZTW", "CLOUD_CONNECTOR"]),
            ("zid", &["ZIDENTITY", "ZID", "IDENTITY", "ZIAM"]),
            ("zeasm", &["ZEASM", "EASM"]),
            ("zins", &["ZINS", "INSIGHTS", "ZINSIGHTS"]),
            ("zms", &["ZMS"]),
            ("zcell", &["ZCELL", "ZCELLULAR", "CELLULAR"]),
        ] {
            for product in products {
                assert_eq!(of(&codes(&[product])), (Some(service.into()), "".into()), "{product}");
                let near = format!("{product}X");
                assert_eq!(of(&codes(&[&near])), (None, near.clone()), "{near}");
            }
        }
    }

    #[test]
    fn the_list_is_read_leniently() {
        for (name, payload, services, unmapped) in [
            ("blanks and case", codes(&[" zia\\n", "Zpa"]), Some("zia zpa"), ""),
            ("twice", codes(&["ZIA", "zia", "NEW", "new"]), Some("zia"), "NEW"),
            ("the other name", r#"{"serviceInfo":[{"prd":"ZDX"}]}"#.into(), Some("zdx"), ""),
            (
                "both names, the first decides",
                r#"{"service-info":[{"prd":"ZIA"}],"serviceInfo":[{"prd":"ZDX"}]}"#.into(),
                Some("zia"),
                "",
            ),
            (
                "both names, the first empty",
                r#"{"service-info":[],"serviceInfo":[{"prd":"ZDX"}]}"#.into(),
                Some("zdx"),
                "",
            ),
            (
                "other members and shapes do not count",
                r#"{"service-info":[{"prd":"ZIA","role":"ZPA"},{"prd":7},{"name":"ZPA"},"ZPA",
                    null,{"prd":" "},{"prd":null}]}"#
                    .into(),
                Some("zia"),
                "",
            ),
            ("one known and one unknown", codes(&["ZBP", "ZIA"]), Some("zia"), "ZBP"),
            ("unknown ones only", codes(&["ZWA", "ZBP"]), None, "ZBP ZWA"),
            ("none", codes(&[]), None, ""),
            ("no such member", r#"{"sub":"x"}"#.into(), None, ""),
            ("no list", r#"{"service-info":{"prd":"ZIA"}}"#.into(), None, ""),
            ("a list at the top", r#"[{"prd":"ZIA"}]"#.into(), None, ""),
            ("no JSON", "service-info".into(), None, ""),
        ] {
            let expected = (services.map(str::to_owned), unmapped.to_owned());
            assert_eq!(of(&payload), expected, "{name}");
        }
    }

    #[test]
    fn what_is_no_token_takes_nothing_away() {
        let good = token(&codes(&["ZIA"]));
        assert!(entitled(&good).services.is_some());
        let [head, payload, end] = good.split('.').collect::<Vec<_>>()[..] else { panic!() };
        for (name, text) in [
            ("nothing", String::new()),
            ("an opaque token", "0123456789abcdef".to_owned()),
            ("two parts", format!("{head}.{payload}")),
            ("four parts", format!("{good}.{end}")),
            ("padding", format!("{head}.{payload}=.{end}")),
            ("not base64", format!("{head}.{payload}!.{end}")),
            ("not ASCII", format!("{head}.\u{e9}{payload}.{end}")),
            ("over the bound", format!("{good}{}", "x".repeat(12 * 1024))),
        ] {
            let found = entitled(&text);
            assert_eq!((found.services.clone(), found.unmapped.len()), (None, 0), "{name}");
            assert_eq!(found.notes().len(), 1, "{name}");
        }
    }

    #[test]
    fn codes_that_are_shown_are_escaped_cut_and_few() {
        let many: Vec<String> = (10..99).map(|n| format!("N{n}")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        let found = entitled(&token(&codes(&many)));
        assert_eq!((found.unmapped.len(), found.unmapped[0].as_str()), (16, "N10"));
        assert_eq!(found.notes().len(), 2);
        let hostile = format!("{}\u{202e}\\n", "A".repeat(20));
        let found = entitled(&token(&codes(&[&hostile, &"B".repeat(99)])));
        assert_eq!(found.unmapped, [format!("{}\\u{{202e}}", "A".repeat(20)), "B".repeat(32)]);
        assert!(found.notes()[1].is_ascii());
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_and_names_known_services_only(text in "\\PC*", payload in "\\PC*") {
            let code = payload.replace(['"', '\\'], "");
            for text in [text, token(&payload), token(&codes(&[&code]))] {
                let found = entitled(&text);
                let known = |services: &std::collections::BTreeSet<&str>| {
                    services.iter().all(|service| SERVICES.contains(service))
                };
                assert!(found.services.as_ref().is_none_or(known) && found.unmapped.len() <= 16);
            }
        }
    }
}
