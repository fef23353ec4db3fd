//! Zone: post-admission. Rows of the toolset `zpa_pra` that change something.

use crate::backend::ApiMethod;
use crate::tools::exceptions_zpa_pra::{KIND_KEPT, NO_SSH_KEY, OTHER_SECRETS};
use crate::tools::param::{Form, Kind, Param, Preset};
use crate::tools::plan::{Cond, Member, Plan, Refusal, Step, Takes, Value};
use crate::tools::row::{Row, create, delete, update};
use crate::tools::zpa::ba_certificates::ISSUED;
use crate::tools::zpa::groups::{DESCRIPTION, certificate, member};
use crate::tools::zpa::{MICROTENANT_MEMBER, MICROTENANT_NOT_EMPTY};

const SET: &str = "zpa_pra";
const CREDENTIAL: &str = "pra credential";
const PORTAL: &str = "pra portal";
const GET_CREDENTIAL: &str = "zpa_get_pra_credential";
const GET_PORTAL: &str = "zpa_get_pra_portal";
const CREDENTIALS: &str = "zpa_list_pra_credentials";
const PORTALS: &str = "zpa_list_pra_portals";
const ALL_PORTALS: &str = "/zpa/mgmtconfig/v1/admin/customers/{customerId}/praPortal";
const ONE_CREDENTIAL: &str =
    "/zpa/mgmtconfig/v1/admin/customers/{customerId}/credential/{credential_id}";
const ONE_PORTAL: &str = "/zpa/mgmtconfig/v1/admin/customers/{customerId}/praPortal/{portal_id}";

const CREDENTIAL_ID: Param = Param::path("credential_id").doc("Id of the credential, digits.");
const PORTAL_ID: Param = Param::path("portal_id").doc("Id of the portal, digits.");
const KINDS: &[&str] = &["USERNAME_PASSWORD", "PASSWORD", "SSH_KEY"];
const USERNAME: Param = Param::body("username", Kind::Text, "userName")
    .doc("User name; for USERNAME_PASSWORD and SSH_KEY only.");
const PASSWORD: Param = Param::body("password", Kind::Text, "password")
    .doc("Secret; for USERNAME_PASSWORD and PASSWORD only.");
const PRIVATE_KEY: Param = Param::body("private_key", Kind::Text, "privateKey")
    .doc("Secret PEM text, OPENSSH, RSA or EC; for SSH_KEY only.");
const USER_DOMAIN: Param =
    member("user_domain", Kind::Text, "userDomain").doc("Directory domain of the user.");

/// What the type of a credential does not go with.
const UNFIT: &[Refusal] = &[
    Refusal::new(
        &[Cond::Made(OTHER_SECRETS)],
        "credential_type says what is needed, and nothing else is taken: USERNAME_PASSWORD needs \
         username and password, PASSWORD needs password, SSH_KEY needs username and private_key",
    ),
    Refusal::new(
        &[Cond::Equals("credential_type", "SSH_KEY"), Cond::Made(NO_SSH_KEY)],
        "private_key must be PEM text in lines, with a line such as -----BEGIN OPENSSH PRIVATE \
         KEY----- (or RSA, or EC) in front of the key",
    ),
];

/// The microtenant of a credential, null without one.
const MICROTENANT_GIVEN: Member =
    Member::new("microtenantId", Value::Argument("microtenant_id", Form::Plain))
        .when(&[Cond::Given("microtenant_id")]);
const MICROTENANT_NULL: Member =
    Member::new("microtenantId", Value::Null).when(&[Cond::Absent("microtenant_id")]);

const DOMAIN: Param = member("domain", Kind::Text, "domain").doc("Host name of the portal.");
const NOTIFICATION: Param =
    member("user_notification", Kind::Text, "userNotification").doc("Notice that users see.");
const NOTIFIES: Param =
    member("user_notification_enabled", Kind::Boolean, "userNotificationEnabled")
        .doc("true shows the notice.");

const fn post(members: &'static [Member]) -> Step {
    Step::new(ApiMethod::Post, ALL_PORTALS).takes(Takes::All).body(members)
}

pub(in crate::tools) const ROWS: &[Row] = &[
    create(
        "zpa_create_pra_credential",
        SET,
        "/zpa/mgmtconfig/v1/admin/customers/{customerId}/credential",
    )
    .title("Create a PRA credential")
    .doc(
        "Stores a credential that privileged remote access fills in, and returns it without the \
         secret.\nIt takes effect at once. The type decides what is needed and cannot be changed \
         later. The secret passes through this conversation: say so before the user types one, and \
         never repeat it.",
    )
    .params(&[
        Param::body("name", Kind::Text, "name").required().filled().doc("Name, not used yet."),
        Param::body("credential_type", Kind::Text, "credentialType")
            .required()
            .choices(KINDS)
            .doc("What it consists of."),
        USERNAME,
        PASSWORD,
        PRIVATE_KEY,
        DESCRIPTION,
        USER_DOMAIN,
        MICROTENANT_NOT_EMPTY,
    ])
    .refuse(UNFIT)
    .body(&[MICROTENANT_GIVEN, MICROTENANT_NULL])
    .subject(CREDENTIAL, "", ""),
    create("zpa_create_pra_portal", SET, "")
        .title("Create a PRA portal")
        .doc(
            "Adds a portal of privileged remote access and returns it with its id.\nIt takes \
             effect at once; the domain has to lead to the service in DNS. Without certificate_id \
             the web certificate with the name of the portal is taken, whatever the case; with \
             none nothing is created. See zpa_list_pra_portals first.",
        )
        .params(&[
            Param::body("name", Kind::Text, "name").required().filled().doc("Name, not used yet."),
            DOMAIN.required().filled(),
            Param::local("certificate_id", Kind::Id)
                .doc("Certificate for the domain, from zpa_list_ba_certificates."),
            DESCRIPTION,
            Param::body("enabled", Kind::Boolean, "enabled")
                .even_empty()
                .preset(Preset::Bool(true))
                .doc("false keeps it closed."),
            NOTIFICATION,
            NOTIFIES,
            MICROTENANT_NOT_EMPTY,
        ])
        .plans(&[
            Plan::when(
                &[Cond::Truthy("certificate_id")],
                &[post(&[
                    Member::new("certificateId", Value::Argument("certificate_id", Form::Plain)),
                    MICROTENANT_MEMBER,
                ])],
            ),
            Plan::otherwise(&[
                Step::get(ISSUED)
                    .query(&[Member::new("search", Value::Argument("name", Form::Expression))]),
                post(&[
                    Member::new(
                        "certificateId",
                        Value::Found(certificate(&Value::Argument("name", Form::Plain))),
                    )
                    .needed(
                        "no web certificate has the name of the portal, so nothing was created; \
                         give certificate_id, from zpa_list_ba_certificates",
                    ),
                    MICROTENANT_MEMBER,
                ]),
            ]),
        ])
        .subject(PORTAL, "", ""),
    delete("zpa_delete_pra_credential", SET, ONE_CREDENTIAL)
        .title("Delete a PRA credential")
        .doc(
            "Deletes one credential of privileged remote access for good, after the user has \
             agreed.\nIt takes effect at once and cannot be undone: the secret is gone too, for \
             every session that would use it. Ids: zpa_list_pra_credentials.",
        )
        .params(&[CREDENTIAL_ID, MICROTENANT_NOT_EMPTY])
        .see(CREDENTIALS)
        .subject(CREDENTIAL, "credential_id", GET_CREDENTIAL),
    delete("zpa_delete_pra_portal", SET, ONE_PORTAL)
        .title("Delete a PRA portal")
        .doc(
            "Deletes one portal of privileged remote access for good, after the user has \
             agreed.\nIt takes effect at once and cannot be undone: users cannot open sessions \
             there any more; to try that out, close it with zpa_update_pra_portal. Ids: \
             zpa_list_pra_portals.",
        )
        .params(&[PORTAL_ID, MICROTENANT_NOT_EMPTY])
        .see(PORTALS)
        .subject(PORTAL, "portal_id", GET_PORTAL),
    update("zpa_update_pra_credential", SET, ONE_CREDENTIAL)
        .title("Update a PRA credential")
        .doc(
            "Replaces one credential of privileged remote access, its secret too.\nIt takes effect \
             at once. The secret has to be given anew, and credential_type has to be the stored \
             one. What else is left out is sent as null, which empties it: read the credential \
             with zpa_get_pra_credential and give all that should stay. Do not repeat the secret.",
        )
        .params(&[
            CREDENTIAL_ID,
            Param::local("credential_type", Kind::Text)
                .required()
                .choices(KINDS)
                .doc("The stored type; it cannot be changed."),
            member("name", Kind::Text, "name").doc("Name; give the present one to keep it."),
            USERNAME,
            PASSWORD,
            PRIVATE_KEY,
            DESCRIPTION,
            USER_DOMAIN,
            MICROTENANT_NOT_EMPTY,
        ])
        .refuse(UNFIT)
        .before(&[Step::get(ONE_CREDENTIAL)])
        .body(&[
            Member::new("credentialType", Value::Made(KIND_KEPT)),
            MICROTENANT_GIVEN,
            MICROTENANT_NULL,
        ])
        .see(CREDENTIALS)
        .subject(CREDENTIAL, "credential_id", GET_CREDENTIAL),
    update("zpa_update_pra_portal", SET, ONE_PORTAL)
        .title("Update a PRA portal")
        .doc(
            "Replaces one portal of privileged remote access.\nIt takes effect at once; enabled \
             false closes the portal to all users. What is left out is sent as null, which empties \
             it: read the portal with zpa_get_pra_portal and give every member that should stay, \
             domain and certificate_id too.",
        )
        .params(&[
            PORTAL_ID,
            member("name", Kind::Text, "name").doc("Name; give the present one to keep it."),
            DOMAIN,
            member("certificate_id", Kind::Id, "certificateId")
                .doc("Certificate for the domain, from zpa_list_ba_certificates."),
            DESCRIPTION,
            member("enabled", Kind::Boolean, "enabled")
                .doc("false closes it; give the present state to keep it."),
            NOTIFICATION,
            NOTIFIES,
            MICROTENANT_NOT_EMPTY,
        ])
        .body(&[MICROTENANT_MEMBER])
        .see(PORTALS)
        .subject(PORTAL, "portal_id", GET_PORTAL),
];
