//! Zone: post-admission. Rows of the toolset `zia_sandbox`.

use crate::tools::param::{Kind, Param};
use crate::tools::plan::Value;
use crate::tools::row::{Row, get, list};
use crate::tools::zia::rules::{BY_NAME, NAMED, RULE_ID};

const SET: &str = "zia_sandbox";
const SETTINGS: &str = "/zia/api/v1/behavioralAnalysisAdvancedSettings";

pub(in crate::tools) const ROWS: &[Row] = &[
    get("zia_get_sandbox_behavioral_analysis", SET, SETTINGS).title("Get sandbox hashes").doc(
        "Returns the MD5 hashes that the sandbox blocks or lets pass without analysis, with \
         comments.\nHow many more fit: zia_get_sandbox_file_hash_count. Empty: none; rules judge \
         every file.",
    ),
    get(
        "zia_get_sandbox_file_hash_count",
        SET,
        "/zia/api/v1/behavioralAnalysisAdvancedSettings/fileHashCount",
    )
    .title("Count sandbox hashes")
    .doc(
        "Returns how many file hashes the sandbox list holds and how many more fit.\nThe hashes: \
         zia_get_sandbox_behavioral_analysis. Members keep the service's spelling.",
    )
    .wire_names(),
    get("zia_get_sandbox_quota", SET, "/zia/api/v1/sandbox/report/quota")
        .title("Get the sandbox quota")
        .doc(
            "Returns how many sandbox reports may still be fetched in the present period, and how \
             many were.\nLook here when zia_get_sandbox_report is refused.",
        ),
    get("zia_get_sandbox_report", SET, "/zia/api/v1/sandbox/report/{md5_hash}")
        .title("Get a sandbox report")
        .doc(
            "Returns what the sandbox found in one file.\nEach call uses the quota of \
             zia_get_sandbox_quota. A text in place of the report, or 404: not analysed. Members \
             keep the service's spelling.",
        )
        .params(&[
            Param::path("md5_hash").doc("MD5 hash of the file, 32 hexadecimal digits."),
            Param::query("report_details", Kind::Text, "details")
                .absent(Value::Text("summary"))
                .doc("summary or full."),
        ])
        .wire_names()
        .outside(),
    get("zia_get_sandbox_rule", SET, "/zia/api/v1/sandboxRules/{rule_id}")
        .title("Get a sandbox rule")
        .doc(
            "Returns one sandbox rule: ba_rule_action, first-time handling, threat score, file \
             types and who it applies to.\nIds: zia_list_sandbox_rules.",
        )
        .params(&[RULE_ID])
        .see("zia_list_sandbox_rules"),
    list("zia_list_sandbox_rules", SET, "/zia/api/v1/sandboxRules")
        .title("List sandbox rules")
        .doc(
            "Returns the rules that say which files the sandbox analyses and what happens \
             meanwhile.\nThe lowest order that fits decides; the default rule comes last. Analysis \
             of a file: zia_get_sandbox_report. Empty: none fits.",
        )
        .params(&[NAMED])
        .keep(BY_NAME),
];
