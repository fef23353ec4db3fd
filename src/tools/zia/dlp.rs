//! Zone: post-admission. Rows of the toolset `zia_dlp`.

use crate::tools::param::{Kind, Param, Preset};
use crate::tools::plan::{Cond, Keep, Plan, Refusal, Step, Takes};
use crate::tools::row::{Row, get, list};
use crate::tools::zia::rules::{BY_NAME, NAMED, RULE_ID};

const SET: &str = "zia_dlp";
const DICTIONARIES: &str = "get_zia_dlp_dictionaries";
const ENGINES: &str = "get_zia_dlp_engines";

const ACTION: Param = Param::local("action", Kind::Text)
    .preset(Preset::Text("read"))
    .choices(&["read", "read_lite"])
    .doc("read_lite lists ids and names only.");
const IS_LITE: Cond = Cond::Equals("action", "read_lite");
const SAY_LITE: &str = "read_lite lists all of them; leave the id out, or use action read";
const SAY_SEARCH: &str = "give the id of one or search, not both";

pub(in crate::tools) const ROWS: &[Row] = &[
    list(DICTIONARIES, SET, "")
        .title("List DLP dictionaries")
        .doc(
            "Returns the dictionaries of phrases and patterns that DLP engines look for; with \
             dict_id a list of that one.\nEngines (get_zia_dlp_engines) combine them. Empty: none \
             fits.",
        )
        .params(&[
            ACTION,
            Param::maybe_path("dict_id").doc("Id of one, digits. Not with read_lite or search."),
            Param::query("search", Kind::Text, "search").doc("Part of the name, any case."),
        ])
        .refuse(&[
            Refusal::new(&[Cond::Truthy("dict_id"), IS_LITE], SAY_LITE),
            Refusal::new(&[Cond::Truthy("dict_id"), Cond::Truthy("search")], SAY_SEARCH),
        ])
        .plans(&[
            Plan::when(
                &[Cond::Truthy("dict_id")],
                &[Step::get("/zia/api/v1/dlpDictionaries/{dict_id}")],
            ),
            Plan::when(&[IS_LITE], &[Step::get("/zia/api/v1/dlpDictionaries/lite")])
                .keep(&[Keep::containing("search", "name")]),
            Plan::otherwise(&[Step::get("/zia/api/v1/dlpDictionaries").takes(Takes::All)]),
        ])
        .see(DICTIONARIES),
    list(ENGINES, SET, "")
        .title("List DLP engines")
        .doc(
            "Returns the engines that DLP rules name: expressions over dictionaries; with \
             engine_id a list of that one.\nThe numbers in an expression are ids of \
             get_zia_dlp_dictionaries. Predefined ones may lack a name and are not found by \
             search. Empty: none fits.",
        )
        .params(&[
            ACTION,
            Param::maybe_path("engine_id").doc("Id of one, digits. Not with read_lite or search."),
            Param::local("search", Kind::Text).doc("Part of the name, any case."),
        ])
        .refuse(&[
            Refusal::new(&[Cond::Truthy("engine_id"), IS_LITE], SAY_LITE),
            Refusal::new(&[Cond::Truthy("engine_id"), Cond::Truthy("search")], SAY_SEARCH),
        ])
        .plans(&[
            Plan::when(
                &[Cond::Truthy("engine_id")],
                &[Step::get("/zia/api/v1/dlpEngines/{engine_id}")],
            ),
            Plan::when(&[IS_LITE], &[Step::get("/zia/api/v1/dlpEngines/lite")]).keep(BY_NAME),
            Plan::otherwise(&[Step::get("/zia/api/v1/dlpEngines")]).keep(BY_NAME),
        ])
        .see(ENGINES),
    get("zia_get_web_dlp_rule", SET, "/zia/api/v1/webDlpRules/{rule_id}")
        .title("Get a DLP rule")
        .doc(
            "Returns one web DLP rule: action, severity, engines, file types, auditor and who it \
             applies to.\nIds: zia_list_web_dlp_rules.",
        )
        .params(&[RULE_ID])
        .see("zia_list_web_dlp_rules"),
    list("zia_list_web_dlp_rules", SET, "/zia/api/v1/webDlpRules")
        .title("List DLP rules")
        .doc(
            "Returns the rules that allow, report or block content that leaves by web.\nThe lowest \
             order that fits decides. Ids and names alone: zia_list_web_dlp_rules_lite; what \
             engines look for: get_zia_dlp_engines. Empty: none fits.",
        )
        .params(&[NAMED])
        .keep(BY_NAME),
    list("zia_list_web_dlp_rules_lite", SET, "/zia/api/v1/webDlpRules/lite")
        .title("List DLP rule names")
        .doc(
            "Returns ids and names of all web DLP rules.\nTo find an id cheaply; conditions and \
             actions: zia_list_web_dlp_rules. Empty: none fits.",
        )
        .params(&[NAMED])
        .keep(BY_NAME),
];
