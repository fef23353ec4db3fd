//! Zone: post-admission. From the member names of the services to words with underscores.
//!
//! One rule and a table of names that the rule would tear apart. Keeps order, numbers and members
//! nobody knows; leaves members out that are null, as absent and null mean the same to the
//! services. Never lets two members of one object become one: who comes first has the name, a later
//! one keeps its own, numbered when that is taken as well.

use crate::json::{Json, Object, Taken};

/// Returns `value` with every member renamed and null members left out, at every depth.
pub(super) fn rename(value: Json) -> Json {
    match value {
        Json::Array(items) => Json::Array(items.into_iter().map(rename).collect()),
        Json::Object(members) => Json::Object(members_of(members)),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => value,
    }
}

fn members_of(members: Object) -> Object {
    let mut taken = Taken::default();
    let mut renamed = Object::new();
    for (name, value) in members.into_iter().filter(|(_, value)| !value.is_null()) {
        let new = snake(&name);
        let new = if taken.take(&new) { new } else { taken.claim(name) };
        renamed.push(new, rename(value));
    }
    renamed
}

/// Returns `name` in lower case with an underscore before each capital.
pub(super) fn snake(name: &str) -> String {
    if name.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return name.to_owned();
    }
    if let Ok(at) = EXCEPTIONS.binary_search_by_key(&name, |(wire, _)| wire) {
        return EXCEPTIONS.get(at).map_or(name, |(_, snake)| snake).to_owned();
    }
    let mut out = String::with_capacity(name.len().saturating_add(4));
    for letter in name.chars() {
        let capital = letter.is_ascii_uppercase();
        if (capital || letter == '_') && !out.is_empty() && !out.ends_with('_') {
            out.push('_');
        }
        if letter != '_' {
            out.push(letter.to_ascii_lowercase());
        }
    }
    out.truncate(out.trim_end_matches('_').len());
    if out.is_empty() { name.to_owned() } else { out }
}

/// Returns `name` in lower camel case, the way back from [`snake`]; a name without underscores
/// stays as it is.
pub(super) fn camel(name: &str) -> String {
    let known = |(_, snake): &&(&str, &str)| *snake == name;
    let own = EXCEPTIONS.iter().find(known).or_else(|| CAMEL_EXCEPTIONS.iter().find(known));
    if let Some((camel, _)) = own {
        return (*camel).to_owned();
    }
    let mut words = name.split('_').filter(|word| !word.is_empty());
    if !name.contains('_') {
        return name.to_owned();
    }
    let mut out = words.next().unwrap_or_default().to_lowercase();
    for word in words {
        let mut letters = word.chars();
        out.extend(letters.next().into_iter().flat_map(char::to_uppercase));
        out.push_str(&letters.as_str().to_lowercase());
    }
    out
}

/// More of the way back to camel case: names that [`snake`] does not make.
const CAMEL_EXCEPTIONS: &[(&str, &str)] = &[
    ("exit_password", "exit_password"),
    ("greTunnelIP", "greTunnel_ip"),
    ("instantForceZPAReauthStateUpdate", "instant_force_zpa_reauth_state_update"),
    ("overrideWPAD", "override_wpad"),
    ("reauthIdleTimeout", "re_auth_idle_timeout"),
    ("reauthTimeout", "re_auth_timeout"),
    ("supportZPASearchDomainsInTRP", "support_zpa_search_domains_in_trp"),
];

/// Names the rule would tear apart, sorted.
const EXCEPTIONS: &[(&str, &str)] = &[
    ("ECI", "eci"),
    ("MCC", "mcc"),
    ("MNC", "mnc"),
    ("TAC", "tac"),
    ("_url_match", "_url_match"),
    ("addAppBypassToVPNGateway", "add_app_bypass_to_vpn_gateway"),
    ("addZDXServiceEntitlement", "add_zdx_service_entitlement"),
    ("bundleID", "bundle_id"),
    ("bypassDNSTrafficUsingUDPProxy", "bypass_dns_traffic_using_udp_proxy"),
    ("capturePCAP", "capture_pcap"),
    ("computeDeviceGroupsForZAD", "compute_device_groups_for_zad"),
    ("computeDeviceGroupsForZDX", "compute_device_groups_for_zdx"),
    ("computeDeviceGroupsForZIA", "compute_device_groups_for_zia"),
    ("computeDeviceGroupsForZPA", "compute_device_groups_for_zpa"),
    ("cookieStealingPCAPEnabled", "cookie_stealing_pcap_enabled"),
    ("crowdStrikeZTAOsScoreVisibility", "crowd_strike_zta_os_score_visibility"),
    ("crowdStrikeZTAScoreVisibility", "crowd_strike_zta_score_visibility"),
    (
        "crowdStrikeZTASensorConfigScoreVisibility",
        "crowd_strike_zta_sensor_config_score_visibility",
    ),
    ("customDNS", "custom_dns"),
    ("customMTUForZpaVisibility", "custom_mtu_for_zpa_visibility"),
    ("defaultCSP", "default_csp"),
    ("defaultProtocolForZPA", "default_protocol_for_zpa"),
    ("deleteDHCPOption121Routes", "delete_dhcp_option121_routes"),
    ("deleteDHCPOption121RoutesVisibility", "delete_dhcp_option121_routes_visibility"),
    ("disableDNSRouteExclusion", "disable_dns_route_exclusion"),
    ("disableParallelIpv4AndIPv6", "disable_parallel_ipv4_and_ipv6"),
    ("dnsResolutionOnTransparentProxyIPv6Apps", "dns_resolution_on_transparent_proxy_ipv6_apps"),
    (
        "dnsResolutionOnTransparentProxyIPv6ExemptApps",
        "dns_resolution_on_transparent_proxy_ipv6_exempt_apps",
    ),
    (
        "dnsResolutionOnTransparentProxyIPv6ExemptUrlCategories",
        "dns_resolution_on_transparent_proxy_ipv6_exempt_url_categories",
    ),
    (
        "dnsResolutionOnTransparentProxyIPv6UrlCategories",
        "dns_resolution_on_transparent_proxy_ipv6_url_categories",
    ),
    (
        "domainInclusionExclusionForDNSRequestVisibility",
        "domain_inclusion_exclusion_for_dns_request_visibility",
    ),
    (
        "dynamicZPAServiceEdgeAssignmenttVisibility",
        "dynamic_zpa_service_edge_assignmentt_visibility",
    ),
    ("ecVMs", "ec_vms"),
    ("emailDLPLogType", "email_dlp_log_type"),
    ("enableAPCforCriticalSections", "enable_apc_for_critical_sections"),
    ("enableAPCforOtherSections", "enable_apc_for_other_sections"),
    ("enableCIPACompliance", "enable_cipa_compliance"),
    ("enableEvaluatePolicyOnGlobalSSLBypass", "enable_evaluate_policy_on_global_ssl_bypass"),
    (
        "enableIPv6DnsOptimizationOnAllTransparentProxy",
        "enable_ipv6_dns_optimization_on_all_transparent_proxy",
    ),
    (
        "enableIPv6DnsResolutionOnTransparentProxy",
        "enable_ipv6_dns_resolution_on_transparent_proxy",
    ),
    ("enableOneIDAdminMigrationChanges", "enable_one_id_admin_migration_changes"),
    ("enableOneIDPhase2Changes", "enable_one_id_phase2_changes"),
    ("enablePCAdditionalSpace", "enable_pc_additional_space"),
    ("enablePOEPrompt", "enable_poe_prompt"),
    ("enablePortBasedZPAFilter", "enable_port_based_zpa_filter"),
    ("enablePublicAPI", "enable_public_api"),
    ("enableReactUI", "enable_react_ui"),
    ("enableSetProxyOnVPNAdapters", "enable_set_proxy_on_vpn_adapters"),
    ("enableSetProxyOnVPNAdaptersVisibility", "enable_set_proxy_on_vpn_adapters_visibility"),
    ("enableUDPTransportSelection", "enable_udp_transport_selection"),
    ("enableZCCFailCloseSettingsForSEMode", "enable_zcc_fail_close_settings_for_se_mode"),
    ("enableZCCRevert", "enable_zcc_revert"),
    ("enableZiaDR", "enable_zia_dr"),
    ("enableZpaDR", "enable_zpa_dr"),
    ("endIPAddress", "end_ip_address"),
    ("endPointDLPLogType", "end_point_dlp_log_type"),
    ("enforceSplitDNS", "enforce_split_dns"),
    ("enforceSplitDNSVisibility", "enforce_split_dns_visibility"),
    ("extranetDNSList", "extranet_dns_list"),
    ("extranetDTO", "extranet_dto"),
    ("flowLoggerVPNTunnelTypeVisibility", "flow_logger_vpn_tunnel_type_visibility"),
    ("flowLoggerVPNTypeVisibility", "flow_logger_vpn_type_visibility"),
    ("flowLoggerZCCBlockedTrafficVisibility", "flow_logger_zcc_blocked_traffic_visibility"),
    ("flowLoggerZPATypeVisibility", "flow_logger_zpa_type_visibility"),
    ("greTunnelIP", "gre_tunnel_ip"),
    ("hideDTLSSupportSettings", "hide_dtls_support_settings"),
    ("interceptZIATrafficAllAdapters", "intercept_zia_traffic_all_adapters"),
    ("ipV6Enabled", "ipv6_enabled"),
    ("isIncompleteDRConfig", "is_incomplete_dr_config"),
    ("linuxRPMBuildVisibility", "linux_rpm_build_visibility"),
    ("locationDTO", "location_dto"),
    ("locationGroupDTO", "location_group_dto"),
    ("logoutZCCForZDXService", "logout_zcc_for_zdx_service"),
    ("minClientTLSVersion", "min_client_tls_version"),
    ("minServerTLSVersion", "min_server_tls_version"),
    ("minTLSVersion", "min_tls_version"),
    ("modUId", "mod_uid"),
    ("notificationForZPAReauthVisibility", "notification_for_zpa_reauth_visibility"),
    ("oneIdMTDeviceAuthEnabled", "one_id_mt_device_auth_enabled"),
    ("overrideATCmdByPolicy", "override_at_cmd_by_policy"),
    ("overrideATCmdByPolicyVisibility", "override_at_cmd_by_policy_visibility"),
    ("pacWithStaticIPs", "pac_with_static_ips"),
    ("packetTunnelExcludeListForIPv6", "packet_tunnel_exclude_list_for_ipv6"),
    ("packetTunnelIncludeListForIPv6", "packet_tunnel_include_list_for_ipv6"),
    (
        "postureCrowdStrikeZTAScoreVisibilityForLinux",
        "posture_crowd_strike_zta_score_visibility_for_linux",
    ),
    ("predefinedADPControls", "predefined_adp_controls"),
    ("primaryDNSServer", "primary_dns_server"),
    ("primaryGW", "primary_gw"),
    ("prioritizeIPv4OverIpv6", "prioritize_ipv4_over_ipv6"),
    ("purgeKerberosPreferredDCCache", "purge_kerberos_preferred_dc_cache"),
    ("purgeKerberosPreferredDCCacheVisibility", "purge_kerberos_preferred_dc_cache_visibility"),
    ("routableIP", "routable_ip"),
    ("runtimeOS", "runtime_os"),
    ("secondaryDNSServer", "secondary_dns_server"),
    ("secondaryGW", "secondary_gw"),
    ("serverGroupDTOs", "server_group_dtos"),
    ("showEUN", "show_eun"),
    ("showEUNATP", "show_eunatp"),
    ("showVPNTunNotification", "show_vpn_tun_notification"),
    ("slowRolloutZCC", "slow_rollout_zcc"),
    ("startIPAddress", "start_ip_address"),
    ("supportMultiplePWLPostures", "support_multiple_pwl_postures"),
    ("surrogateIP", "surrogate_ip"),
    ("surrogateIPEnforcedForKnownBrowsers", "surrogate_ip_enforced_for_known_browsers"),
    ("truncateLargeUDPDNSResponse", "truncate_large_udpdns_response"),
    ("truncateLargeUDPDNSResponseVisibility", "truncate_large_udpdns_response_visibility"),
    ("tunID", "tun_id"),
    ("tunnelTwoForiOSDevices", "tunnel_two_fori_os_devices"),
    ("useCustomDNS", "use_custom_dns"),
    ("useDefaultAdapterForDNS", "use_default_adapter_for_dns"),
    ("useDefaultAdapterForDNSVisibility", "use_default_adapter_for_dns_visibility"),
    ("useEndPointLocationForDCSelection", "use_end_point_location_for_dc_selection"),
    ("validSSLCertificate", "valid_ssl_certificate"),
    ("windowsAPCaptivePortalDetectionVisibility", "windows_ap_captive_portal_detection_visibility"),
    ("windowsAPEnableFailOpenVisibility", "windows_ap_enable_fail_open_visibility"),
    ("zappSSLScanEnabled", "zapp_ssl_scan_enabled"),
    ("zccSyntheticIPRangeVisibility", "zcc_synthetic_ip_range_visibility"),
    ("ziaDRMethod", "zia_dr_method"),
    ("ziaGlobalDbUrlForDR", "zia_global_db_url_for_dr"),
    ("ziaRSAPubKey", "zia_rsa_pub_key"),
    ("ziaRSAPubKeyName", "zia_rsa_pub_key_name"),
    ("zpaRSAPubKey", "zpa_rsa_pub_key"),
    ("zpaRSAPubKeyName", "zpa_rsa_pub_key_name"),
];

#[cfg(test)]
mod tests {
    use super::{EXCEPTIONS, rename, snake};
    use crate::json::{Bounds, read, write};

    #[test]
    fn names_follow_the_rule_or_the_table() {
        for (wire, expected) in [
            ("id", "id"),
            ("configuredName", "configured_name"),
            ("enablePAC", "enable_p_a_c"),
            ("surrogateIP", "surrogate_ip"),
            ("routableIP", "routable_ip"),
            ("zappSSLScanEnabled", "zapp_ssl_scan_enabled"),
            ("dynamiclocationGroups", "dynamiclocation_groups"),
            ("ip_addr_cidr", "ip_addr_cidr"),
            ("ScopeEntities", "scope_entities"),
            ("__a__b_", "a_b"),
            ("___", "___"),
            ("TAC", "tac"),
        ] {
            assert_eq!(snake(wire), expected);
        }
        assert!(EXCEPTIONS.is_sorted());
    }

    #[test]
    fn nothing_is_lost_when_names_meet() {
        for (text, expected) in [
            (r#"{"aB":1,"a_b":2,"a__b":3}"#, r#"{"a_b":1,"a_b_2":2,"a__b":3}"#),
            (r#"{"surrogateIP":1,"surrogateIp":2}"#, r#"{"surrogate_ip":1,"surrogateIp":2}"#),
            (
                r#"{"zB":1.50,"a":[{"cD":12345678901234567890}],"n":null}"#,
                r#"{"z_b":1.50,"a":[{"c_d":12345678901234567890}]}"#,
            ),
        ] {
            let value = read(text.as_bytes(), Bounds { depth: 9, nodes: 99 }).unwrap();
            assert_eq!(write::to_text(&rename(value)), expected);
        }
    }
}
