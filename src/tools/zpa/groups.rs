//! Zone: post-admission. What rows of app connector groups and of service edge groups share.
//!
//! The arguments that say where a group of machines stands and when it upgrades, and how its
//! enrollment certificate is found by name.

use crate::tools::param::{Form, Kind, Param};
use crate::tools::plan::{Find, Test, Value};

/// Where enrollment certificates are listed.
pub(super) const CERTIFICATES: &str =
    "/zpa/mgmtconfig/v2/admin/customers/{customerId}/enrollmentCert";

/// Returns an argument that goes out as null when it is left out.
pub(super) const fn member(name: &'static str, kind: Kind, key: &'static str) -> Param {
    Param::body(name, kind, key).even_empty().absent(Value::Null)
}

pub(super) const DESCRIPTION: Param =
    member("description", Kind::Text, "description").doc("Remark for administrators.");
pub(super) const LATITUDE: Param =
    member("latitude", Kind::Text, "latitude").doc("Latitude in degrees as text: \"48.8566\".");
pub(super) const LONGITUDE: Param =
    member("longitude", Kind::Text, "longitude").doc("Longitude in degrees as text: \"2.3522\".");
pub(super) const LOCATION: Param =
    member("location", Kind::Text, "location").doc("Place by name: \"Paris, France\".");
pub(super) const CITY_COUNTRY: Param =
    member("city_country", Kind::Text, "cityCountry").doc("City and country: \"Paris, FR\".");
pub(super) const COUNTRY_CODE: Param = Param::body("country_code", Kind::Text, "countryCode")
    .form(Form::Country)
    .absent(Value::Null)
    .doc("Country as two letters, such as FR.");
pub(super) const OVERRIDE_PROFILE: Param =
    member("override_version_profile", Kind::Boolean, "overrideVersionProfile")
        .doc("true: follow version_profile in place of the tenant's default.");
pub(super) const UPGRADE_DAY: Param = member("upgrade_day", Kind::Text, "upgradeDay")
    .doc("Day on which connectors upgrade: SUNDAY to SATURDAY.");
pub(super) const UPGRADE_TIME: Param =
    member("upgrade_time_in_secs", Kind::Id, "upgradeTimeInSecs")
        .doc("Time of upgrades in seconds after midnight, as text: \"66600\".");

/// Returns how the id of the certificate called `with` is found in the first answer.
pub(super) const fn certificate(with: &'static Value) -> Find {
    Find { step: 0, list: "/list", member: "name", test: Test::SameName, with, take: "/id" }
}

/// Returns `first` and behind it `then`; `N` has to be the sum of their lengths.
pub(super) const fn joined<const A: usize, const B: usize, const N: usize>(
    first: [Param; A],
    then: [Param; B],
) -> [Param; N] {
    let mut all = [DESCRIPTION; N];
    let (before, behind) = all.split_at_mut(A);
    before.copy_from_slice(&first);
    behind.copy_from_slice(&then);
    all
}
