//! Zone: post-admission. Members of free-form objects that are lists of ids.
//!
//! Callers give plain ids; the services read objects, some of the lists under another name. One
//! table for internet and private access, whose objects share these members.

use crate::tools::names::camel;

/// Sorted by the name that callers use.
const LISTS: &[(&str, &str)] = &[
    ("app_service_groups", "appServiceGroups"),
    ("app_services", "appServices"),
    ("application_ids", "applications"),
    ("auditor", "auditor"),
    ("bandwidth_class_ids", "bandwidthClasses"),
    ("bucket_ids", "buckets"),
    ("cloud_app_tenant_ids", "cloudAppTenants"),
    ("connector_ids", "connectors"),
    ("criteria_domain_profile_ids", "criteriaDomainProfiles"),
    ("departments", "departments"),
    ("dest_ip_groups", "destIpGroups"),
    ("dest_ipv6_groups", "destIpv6Groups"),
    ("dest_workload_groups_ids", "destWorkloadGroups"),
    ("device_groups", "deviceGroups"),
    ("devices", "devices"),
    ("dlp_engines", "dlpEngines"),
    ("ec_groups", "ecGroups"),
    ("email_recipient_profile_ids", "emailRecipientProfiles"),
    ("entity_group_ids", "entityGroups"),
    ("excluded_departments", "excludedDepartments"),
    ("excluded_domain_profile_ids", "excludedDomainProfiles"),
    ("excluded_groups", "excludedGroups"),
    ("excluded_users", "excludedUsers"),
    ("form_sharing_domain_profiles", "formSharingDomainProfiles"),
    ("groups", "groups"),
    ("http_header_action_profile_ids", "httpHeaderActionProfiles"),
    ("http_header_profile_ids", "httpHeaderProfiles"),
    ("included_domain_profile_ids", "includedDomainProfiles"),
    ("labels", "labels"),
    ("location_groups", "locationGroups"),
    ("locations", "locations"),
    ("notification_template", "notificationTemplate"),
    ("nw_application_groups", "nwApplicationGroups"),
    ("nw_service_groups", "nwServiceGroups"),
    ("nw_services", "nwServices"),
    ("object_type_ids", "objectTypes"),
    ("proxy_gateway", "proxyGateway"),
    ("scope_entity_ids", "adminScopeScopeEntities"),
    ("server_group_ids", "serverGroups"),
    ("service_ids", "services"),
    ("sharing_domain_profiles", "sharingDomainProfiles"),
    ("smart_isolation_group_ids", "smartIsolationGroups"),
    ("smart_isolation_user_ids", "smartIsolationUsers"),
    ("source_ip_groups", "sourceIpGroups"),
    ("src_ip_groups", "srcIpGroups"),
    ("src_ipv6_groups", "srcIpv6Groups"),
    ("src_workload_groups_ids", "srcWorkloadGroups"),
    ("supported_region_ids", "supportedRegions"),
    ("tenancy_profile_ids", "tenancyProfileIds"),
    ("time_windows", "timeWindows"),
    ("url_categories", "urlCategories"),
    ("user_portal_ids", "userPortals"),
    ("users", "users"),
    ("virtual_zen_node_ids", "virtualZenNodes"),
    ("workload_groups", "workloadGroups"),
    ("zpa_app_segments", "zpaAppSegments"),
    ("zpa_application_segment_groups", "zpaApplicationSegmentGroups"),
    ("zpa_application_segments", "zpaApplicationSegments"),
];

/// Returns the name that the services have for the list of ids that callers call `name`.
pub(super) fn id_list(name: &str) -> Option<&'static str> {
    LISTS.iter().find(|(own, _)| *own == name).map(|(_, wire)| *wire)
}

/// The same for a name in camel case.
pub(super) fn id_list_in_camel_case(name: &str) -> Option<&'static str> {
    LISTS.iter().find(|(own, _)| camel(own) == name).map(|(_, wire)| *wire)
}

#[cfg(test)]
mod tests {
    use super::{LISTS, camel, id_list, id_list_in_camel_case};

    #[test]
    fn the_table_is_sorted_and_renames_only_what_says_that_it_holds_ids() {
        assert!(LISTS.is_sorted());
        let respelt = LISTS.iter().filter(|(name, wire)| camel(name) != *wire);
        assert!(respelt.into_iter().all(|(name, _)| name.ends_with("_ids")));
        for (name, wire) in LISTS {
            assert_eq!(id_list(name), Some(*wire));
            assert_eq!(id_list_in_camel_case(&camel(name)), Some(*wire));
        }
        assert_eq!((id_list("labelIds"), id_list_in_camel_case("label")), (None, None));
    }
}
