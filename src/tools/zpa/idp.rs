//! Zone: post-admission. Rows of the toolset `zpa_idp`.

use crate::tools::param::{Form, Kind, Param};
use crate::tools::plan::{Bind, Cond, Find, Member, Plan, Refusal, Step, Takes, Test, Value};
use crate::tools::row::{Row, Shape, list};
use crate::tools::zpa::{PAGE, PAGE_SIZE, SEARCH};

const SET: &str = "zpa_idp";
/// Each lists the ids it takes, when it is called without one.
const SCIM_ATTRIBUTE: &str = "get_zpa_scim_attribute";
const SCIM_GROUP: &str = "get_zpa_scim_group";

const IDP_NAME: Param = Param::local("idp_name", Kind::Text);
const NAMED: &[Cond] = &[Cond::Truthy("idp_name")];
const LISTED: Takes = Takes::Only(&["search", "page", "page_size"]);

const NAME: Value = Value::Argument("idp_name", Form::Plain);
/// The first request: which identity provider has the name.
const PROVIDER: Step = Step::get("/zpa/mgmtconfig/v2/admin/customers/{customerId}/idp")
    .query(&[Member::new("search", Value::Argument("idp_name", Form::Expression))]);
const PROVIDER_ID: &[Bind] = &[Bind {
    name: "idp_id",
    value: Value::Found(Find {
        step: 0,
        list: "/list",
        member: "name",
        test: Test::Same,
        with: &NAME,
        take: "/id",
    }),
    missing: "no identity provider has exactly the name in idp_name, capitals included; records of \
              get_zpa_saml_attribute without idp_name show idp_name of each",
}];

const SAML_OF_ONE: &str =
    "/zpa/mgmtconfig/v2/admin/customers/{customerId}/samlAttribute/idp/{=idp_id}";

/// Returns the second request, below the provider that was found.
const fn below(path: &'static str) -> Step {
    Step::get(path).takes(LISTED).binds(PROVIDER_ID)
}

pub(in crate::tools) const ROWS: &[Row] = &[
    list("get_zpa_saml_attribute", SET, "")
        .title("Find SAML attributes")
        .doc(
            "Returns the SAML attributes, of one identity provider or of all.\nTheir ids are lhs \
             of SAML conditions. A provider that does not exist is an error. Empty: none fits.",
        )
        .params(&[
            IDP_NAME.doc("Exact name of the provider; all when left out."),
            SEARCH,
            PAGE,
            PAGE_SIZE,
        ])
        .plans(&[
            Plan::when(NAMED, &[PROVIDER, below(SAML_OF_ONE)]),
            Plan::otherwise(&[Step::get(
                "/zpa/mgmtconfig/v2/admin/customers/{customerId}/samlAttribute",
            )
            .takes(LISTED)]),
        ])
        .rows_at("/list"),
    list(SCIM_ATTRIBUTE, SET, "")
        .title("Find SCIM attributes")
        .doc(
            "Returns the SCIM attributes of one identity provider, or the one with \
             attribute_id.\nTheir ids are lhs of SCIM conditions. Groups: get_zpa_scim_group. \
             Empty: none fits.",
        )
        .params(&[
            IDP_NAME.required().filled().doc("Exact name of the provider."),
            Param::maybe_path("attribute_id").doc("Id of one attribute, digits."),
            SEARCH,
            PAGE,
            PAGE_SIZE,
        ])
        .plans(&[
            Plan::when(
                &[Cond::Truthy("attribute_id")],
                &[
                    PROVIDER,
                    below(
                        "/zpa/mgmtconfig/v1/admin/customers/{customerId}/idp/{=idp_id}\
                         /scimattribute/{attribute_id}",
                    ),
                ],
            )
            .shape(Shape::Records("")),
            Plan::otherwise(&[
                PROVIDER,
                below(
                    "/zpa/mgmtconfig/v1/admin/customers/{customerId}/idp/{=idp_id}/scimattribute",
                ),
            ]),
        ])
        .rows_at("/list")
        .see(SCIM_ATTRIBUTE),
    list(SCIM_GROUP, SET, "")
        .title("Find SCIM groups")
        .doc(
            "Returns the SCIM groups of one identity provider, or the one with \
             scim_group_id.\nConditions of rules name a group by idp_id as lhs and id as rhs. \
             Empty: none fits.",
        )
        .params(&[
            Param::maybe_path("scim_group_id").doc("Id of one group, digits; wins over idp_name."),
            IDP_NAME.doc("Exact name of the provider; needed without scim_group_id."),
            SEARCH,
            PAGE,
            PAGE_SIZE,
        ])
        .refuse(&[Refusal::new(
            &[Cond::Falsy("scim_group_id"), Cond::Falsy("idp_name")],
            "give idp_name for the groups of an identity provider, or scim_group_id for one group; \
             get_zpa_saml_attribute without idp_name shows the names of providers",
        )])
        .plans(&[
            Plan::when(
                &[Cond::Truthy("scim_group_id")],
                &[Step::get("/zpa/userconfig/v1/customers/{customerId}/scimgroup/{scim_group_id}")
                    .takes(LISTED)],
            )
            .shape(Shape::Records("")),
            Plan::otherwise(&[
                PROVIDER,
                below("/zpa/userconfig/v1/customers/{customerId}/scimgroup/idpId/{=idp_id}"),
            ]),
        ])
        .rows_at("/list")
        .see(SCIM_GROUP),
];
