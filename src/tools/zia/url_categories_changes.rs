//! Zone: post-admission. Rows of the toolset `zia_url_categories` that change categories.

use crate::backend::ApiMethod;
use crate::tools::exceptions_zia::{CATEGORY_ADVANCED, CUSTOM_ID, PREDEFINED_ID, PREDEFINED_NAME};
use crate::tools::param::{Form, Kind, Param};
use crate::tools::plan::{Bind, Cond, Member, Plan, Refusal, Step, Takes, Value};
use crate::tools::row::{Row, create, delete, update};

const SET: &str = "zia_url_categories";
const KIND: &str = "url category";
const READ: &str = "zia_get_url_category";
const LIST: &str = "zia_list_url_categories";
const CATEGORY: &str = "/zia/api/v1/urlCategories/{category_id}";
/// The same, once it was read and is one of the tenant.
const CUSTOM: &str = "/zia/api/v1/urlCategories/{=category_id}";

const BEFORE: &[Step] = &[Step::get(CATEGORY)];
const CUSTOM_ONLY: &[Bind] = &[Bind {
    name: "category_id",
    value: Value::Made(CUSTOM_ID),
    missing: "this is a predefined category, which cannot be deleted and whose lists change only \
              by zia_update_url_category_predefined; nothing was changed",
}];
const ADVANCED: &[Value] = &[Value::Argument("advanced", Form::Made(CATEGORY_ADVANCED))];

const CATEGORY_ID: Param =
    Param::path("category_id").doc("Id of a category of the tenant, such as CUSTOM_01.");
const ANY_CATEGORY_ID: Param = Param::path("category_id").doc("Id, such as CUSTOM_01 or FINANCE.");
const NAME: Param = Param::body("configured_name", Kind::Text, "configuredName");
const URLS: Param = Param::body("urls", Kind::Texts, "urls").even_empty();
const SOME_URLS: Param =
    URLS.required().doc("URLs or hosts without scheme, such as [\".example.org\"].");
const DESCRIPTION: Param = Param::body("description", Kind::Text, "description")
    .even_empty()
    .doc("What the category is for.");
const KEYWORDS: Param = Param::body("keywords", Kind::Texts, "keywords")
    .even_empty()
    .doc("Words that put a URL into this category alone.");
const RANGES: Param = Param::body("ip_ranges", Kind::Texts, "ipRanges")
    .even_empty()
    .doc("Addresses and networks, such as [\"203.0.113.0/24\"].");
const MORE: Param = Param::local("advanced", Kind::Object).doc(
    "Lists whose entries also keep the category that the service gives them, as \
     {\"db_categorized_urls\": [..]}.",
);

pub(in crate::tools) const ROWS: &[Row] = &[
    update("zia_add_urls_to_category", SET, CATEGORY)
        .title("Add category URLs")
        .doc(
            "Adds URLs to the list of one category and returns the category.\nWhat is in the list \
             stays. A URL in a category of the tenant counts as that category alone. Look with \
             zia_list_url_categories and contains_url whether it is in one already. Staged until \
             zia_activate_configuration.",
        )
        .params(&[
            ANY_CATEGORY_ID,
            NAME.required().even_empty().doc("Name that the category has now."),
            SOME_URLS,
        ])
        .query(&[Member::new("action", Value::Text("ADD_TO_LIST"))])
        .see(LIST)
        .subject(KIND, "category_id", READ),
    create("zia_create_url_category", SET, "/zia/api/v1/urlCategories")
        .spread(ADVANCED)
        .title("Create a URL category")
        .doc(
            "Adds a category of the tenant's own and returns it with its id.\nNo rule knows it \
             yet: give the id among the url_categories of one. The service asks for at least one \
             URL, keyword or address. Names must be unique: see zia_list_url_categories with \
             custom_only first. advanced takes db_categorized_urls, \
             keywords_retaining_parent_category and ip_ranges_retaining_parent_category. Staged \
             until zia_activate_configuration.",
        )
        .params(&[
            NAME.required().filled().doc("Name; no other category may have it."),
            Param::body("super_category", Kind::Text, "superCategory")
                .required()
                .even_empty()
                .doc("The class it belongs to, such as USER_DEFINED or BUSINESS_AND_ECONOMY."),
            URLS.absent(Value::Null)
                .doc("URLs or hosts without scheme; a leading dot takes all below the domain."),
            DESCRIPTION,
            KEYWORDS,
            RANGES,
            MORE,
        ])
        .body(&[
            Member::new("type", Value::Text("URL_CATEGORY")),
            Member::new("customCategory", Value::Bool(true)),
        ])
        .subject(KIND, "", ""),
    delete("zia_delete_url_category", SET, CUSTOM)
        .title("Delete a URL category")
        .doc(
            "Deletes one category of the tenant's own, after the user has agreed.\nThe category is \
             read first, and a predefined one is refused. The service refuses it while rules name \
             the category. Staged until zia_activate_configuration.",
        )
        .params(&[CATEGORY_ID])
        .before(BEFORE)
        .binds(CUSTOM_ONLY)
        .see(LIST)
        .subject(KIND, "category_id", READ),
    update("zia_remove_urls_from_category", SET, CATEGORY)
        .title("Remove category URLs")
        .doc(
            "Removes URLs from the list of one category, after the user has agreed, and returns \
             the category.\nThe rest of the list stays. URLs must be spelled as they stand there: \
             zia_list_url_categories with contains_url shows the entries. Rules about the category \
             no longer fit these URLs. Staged until zia_activate_configuration.",
        )
        .params(&[
            ANY_CATEGORY_ID,
            NAME.required().even_empty().doc("Name that the category has now."),
            SOME_URLS,
        ])
        .query(&[Member::new("action", Value::Text("REMOVE_FROM_LIST"))])
        .see(LIST)
        .subject(KIND, "category_id", READ)
        .asks("remove"),
    update("zia_update_url_category", SET, CUSTOM)
        .spread(ADVANCED)
        .title("Replace a URL category")
        .doc(
            "Replaces one category of the tenant's own by what is given and returns it.\nThe lists \
             that are left out are not kept: to add or remove single URLs use \
             zia_add_urls_to_category or zia_remove_urls_from_category. advanced takes \
             db_categorized_urls, keywords_retaining_parent_category and \
             ip_ranges_retaining_parent_category. A predefined one is refused. Staged until \
             zia_activate_configuration.",
        )
        .params(&[
            CATEGORY_ID,
            NAME.required().even_empty().doc("Name; give the present one to keep it."),
            URLS.doc("The whole list of URLs or hosts as it should be."),
            DESCRIPTION,
            KEYWORDS,
            RANGES,
            MORE,
        ])
        .before(BEFORE)
        .binds(CUSTOM_ONLY)
        .see(LIST)
        .subject(KIND, "category_id", READ),
    update("zia_update_url_category_predefined", SET, "")
        .title("Replace predefined category lists")
        .doc(
            "Replaces what the tenant has added to a category of the service's own list, and \
             returns the category.\nThe category is found by id or name. The service does not keep \
             the lists that are left out: to add or remove single URLs use \
             zia_add_urls_to_category or zia_remove_urls_from_category. Without configured_name \
             the present one stays. Categories of the tenant are refused: use \
             zia_update_url_category. Staged until zia_activate_configuration.",
        )
        .params(&[
            Param::local("name", Kind::Text)
                .required()
                .filled()
                .doc("Id or name of a predefined category, any case, such as FINANCE."),
            NAME.doc("Another name for it. The present one stays when left out."),
            URLS.doc("The whole list of the tenant's own URLs or hosts in it."),
            DESCRIPTION,
            KEYWORDS,
            RANGES,
            MORE,
        ])
        .refuse(&[Refusal::new(
            &[
                Cond::Falsy("configured_name"),
                Cond::Absent("urls"),
                Cond::Absent("description"),
                Cond::Absent("keywords"),
                Cond::Absent("ip_ranges"),
                Cond::Falsy("advanced"),
            ],
            "nothing to change was given; give the lists as they should be",
        )])
        .plans(&[Plan::otherwise(&[
            Step::get("/zia/api/v1/urlCategories/{=name}")
                .binds(&[Bind {
                    name: "name",
                    value: Value::Argument("name", Form::Trimmed),
                    missing: "name must not be empty",
                }])
                .may_fail(),
            Step::get("/zia/api/v1/urlCategories").when(&[Cond::Failed(0)]),
            Step::new(ApiMethod::Put, CUSTOM)
                .takes(Takes::All)
                .body(&[Member::new(
                    "configuredName",
                    Value::First(&[Value::Made(PREDEFINED_NAME)]),
                )
                .when(&[Cond::Falsy("configured_name")])])
                .spread(ADVANCED)
                .binds(&[Bind {
                    name: "category_id",
                    value: Value::Made(PREDEFINED_ID),
                    missing: "the category has no id; nothing was changed",
                }]),
        ])])
        .see(LIST)
        .subject(KIND, "name", "zia_get_url_category_predefined"),
];
