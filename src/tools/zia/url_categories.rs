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
            "Returns one URL category with its URLs, keywords and counts.\nIds: \
             zia_list_url_categories. By the name of a predefined one: \
             zia_get_url_category_predefined.",
        )
        .params(&[Param::path("category_id").doc("Id, such as CUSTOM_01 or FINANCE.")])
        .see("zia_list_url_categories"),
    get("zia_get_url_category_predefined", SET, "/zia/api/v1/urlCategories/{name}")
        .title("Get a predefined category")
        .doc(
            "Returns one category of the service's own list, found by id or by name.\nCustom \
             categories are refused: zia_get_url_category.",
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
             it: custom_only, search, or contains_url for those that list a host or a domain above \
             it (hits in _url_match). Only the first page comes, and search and contains_url look \
             through it alone. The service's view of a URL: zia_url_lookup. Empty: none fits.",
        )
        .params(&[
            Param::local("search", Kind::Text)
                .doc("Part of configured_name, any case. Predefined ones mostly have none."),
            Param::query("custom_only", Kind::Boolean, "customOnly")
                .even_empty()
                .doc("true: without predefined categories."),
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
            "Returns the categories that the service gives to each URL, and security \
             alerts.\nCustom categories that list a URL: zia_list_url_categories with \
             contains_url. At most 5000 URLs a call. Members keep the service's spelling.",
        )
        .params(&[Param::local("urls", Kind::Texts)
            .required()
            .filled()
            .doc("URLs or hosts without scheme, such as [\"example.org/path\"].")])
        .by_post()
        .wire_names()
        .custom(URL_LOOKUP),
];
