//! Zone: post-admission. Rows of the toolset `zia_url_categories`.

use crate::tools::exceptions::{NO_HOST, PREDEFINED_CATEGORY, URL_LOOKUP, URL_MATCH};
use crate::tools::param::{Kind, Param};
use crate::tools::plan::{Cond, Keep, Refusal};
use crate::tools::row::{Row, get, list};

const SET: &str = "zia_url_categories";

pub(in crate::tools) const ROWS: &[Row] = &[
    get("zia_get_url_category", SET, "/zia/api/v1/urlCategories/{category_id}")
        .title("Get a URL category")
        .doc(
            "Returns one URL category with its URLs, keywords and counts.\nTakes the id of a \
             custom or predefined category; by the name of a predefined one use \
             zia_get_url_category_predefined.",
        )
        .params(&[Param::path("category_id").doc("Id, such as CUSTOM_01 or FINANCE.")])
        .see("zia_list_url_categories"),
    get("zia_get_url_category_predefined", SET, "/zia/api/v1/urlCategories/{name}")
        .title("Get a predefined URL category")
        .doc(
            "Returns one category of the service's own list, found by id or by name.\nCustom \
             categories are refused here: use zia_get_url_category for those.",
        )
        .params(&[Param::local("name", Kind::Text)
            .required()
            .filled()
            .doc("Id or name of a predefined category, any case, such as FINANCE.")])
        .see("zia_list_url_categories")
        .custom(PREDEFINED_CATEGORY),
    list("zia_list_url_categories", SET, "/zia/api/v1/urlCategories")
        .title("List URL categories")
        .doc(
            "Returns URL categories with their URLs and keywords; the full list is long.\nNarrow \
             it: custom_only for the tenant's own ones, search for a part of the name, \
             contains_url for those that list a host or a domain above it (each hit is shown in \
             _url_match). Only the service's first page comes, and search and contains_url look \
             only through it: a full or round count may not be all. An empty list means that none \
             fits. How the service itself classifies a URL is in zia_url_lookup.",
        )
        .params(&[
            Param::local("search", Kind::Text)
                .doc("Part of the configured name, any case. Predefined ones mostly have none."),
            Param::query("custom_only", Kind::Boolean, "customOnly")
                .even_empty()
                .doc("True leaves the predefined categories out."),
            Param::query("type", Kind::Text, "type").doc("URL_CATEGORY, TLD_CATEGORY or ALL."),
            Param::local("contains_url", Kind::Text)
                .doc("A URL or host, such as files.example.org."),
        ])
        .refuse(&[Refusal::new(
            &[Cond::Made(NO_HOST)],
            "contains_url must hold a host name, such as files.example.org",
        )])
        .keep(&[Keep::containing("search", "configuredName")])
        .after(URL_MATCH),
    list("zia_url_lookup", SET, "/zia/api/v1/urlLookup")
        .title("Look up URLs")
        .doc(
            "Returns the categories that the service gives to each URL, and security alerts.\nFor \
             which custom category lists a URL use zia_list_url_categories with contains_url. A \
             call takes at most 5000 URLs. Members keep the service's spelling.",
        )
        .params(&[Param::local("urls", Kind::Texts)
            .required()
            .filled()
            .doc("URLs or hosts without scheme, such as [\"example.org/path\"].")])
        .by_post()
        .wire_names()
        .custom(URL_LOOKUP),
];
