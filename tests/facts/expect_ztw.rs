//! What groups of destinations send for countries, written from the description of the algorithm;
//! shares neither code nor table with the product.

use serde_json::{Value, json};

use crate::expect::{each, truthy};
use crate::samples::Dice;

/// Texts and the country that they say; the empty ones say none.
const COUNTRIES: &[(&str, &str)] = &[
    ("FR", "FR"),
    (" de ", "DE"),
    ("JPN", "JP"),
    ("usa", "US"),
    ("COUNTRY_IN", "IN"),
    ("country_gb", "GB"),
    ("Austria", "AT"),
    ("south korea", "KR"),
    ("Korea, Republic of", "KR"),
    ("Bolivia", "BO"),
    ("Russian Federation", "RU"),
    ("Russia", "RU"),
    ("C\u{f4}te d'Ivoire", "CI"),
    ("T\u{fc}rkiye", "TR"),
    ("Czech Republic", "CZ"),
    ("Viet Nam", "VN"),
    ("XX", ""),
    ("COUNTRY_XX", ""),
    ("Frnace", ""),
    ("", ""),
];

/// Returns what is sent for `given`; none when one of them is no country.
pub(crate) fn words(given: &Value) -> Option<Value> {
    let word = |text: &Value| {
        let (_, code) = COUNTRIES.iter().find(|(own, _)| text == own)?;
        (!code.is_empty()).then(|| json!(format!("COUNTRY_{code}")))
    };
    each(given).map(word).collect::<Option<Vec<Value>>>().map(Value::Array)
}

/// Returns countries to try; none for arguments of other tools.
pub(crate) fn sample(fact: &Value, name: &str, dice: &mut Dice) -> Option<Value> {
    if fact["name"] != "ztw_create_ip_destination_group" {
        return None;
    }
    match name {
        "countries" => {
            let known = COUNTRIES.iter().filter(|(_, code)| truthy(&json!(code))).count();
            // Mostly countries, so that most calls are made.
            let among = if dice.below(4) == 0 { COUNTRIES.len() } else { known };
            let count = dice.below(4);
            Some((0..count).map(|_| json!(COUNTRIES[dice.below(among)].0)).collect())
        }
        "type" if dice.below(3) > 0 => Some("DSTN_OTHER".into()),
        _ => None,
    }
}
