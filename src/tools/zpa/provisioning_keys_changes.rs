//! Zone: post-admission. Rows of the toolset `zpa_provisioning_keys` that change something.

use crate::backend::ApiMethod;
use crate::tools::exceptions_zpa_pra::KEY_GONE;
use crate::tools::param::{Form, Kind, Param};
use crate::tools::plan::{Cond, Member, Refusal, Value};
use crate::tools::row::{Row, Verb, create, get, update};
use crate::tools::zpa::groups::{DESCRIPTION, member};
use crate::tools::zpa::provisioning_keys::{
    ALL, ASSOCIATION, GET_KEY, KEY_ID, KEY_TYPE, KEYS, ONE, SET,
};
use crate::tools::zpa::{MICROTENANT_MEMBER, MICROTENANT_NOT_EMPTY};

const SUBJECT: &str = "provisioning key";

const COMPONENT_ID: Param = Param::body("component_id", Kind::Id, "componentId")
    .doc("Id of the app connector group or service edge group.");
const CERTIFICATE_ID: Param = Param::body("enrollment_cert_id", Kind::Id, "enrollmentCertId")
    .even_empty()
    .doc("Certificate that signs, from get_zpa_enrollment_certificate.");
const MAX_USAGE: Param = Param::body("max_usage", Kind::Integer, "maxUsage")
    .even_empty()
    .min(1)
    .doc("How many machines it may enroll in all.");

pub(in crate::tools) const ROWS: &[Row] = &[
    create("zpa_create_provisioning_key", SET, ALL)
        .title("Create a provisioning key")
        .doc(
            "Adds a key that enrolls machines into one group and returns it.\nIt takes effect at \
             once. provisioning_key in the answer is a secret: whoever has it can enroll machines \
             up to max_usage, so give it to the user only and keep max_usage small. component_id \
             is a group of zpa_list_app_connector_groups or zpa_list_service_edge_groups; \
             connectors need enrollment_cert_id too.",
        )
        .params(&[
            Param::body("name", Kind::Text, "name").required().filled().doc("Name, not used yet."),
            KEY_TYPE,
            MAX_USAGE.required(),
            COMPONENT_ID.required().filled(),
            CERTIFICATE_ID,
            DESCRIPTION,
            MICROTENANT_NOT_EMPTY,
        ])
        .refuse(&[Refusal::new(
            &[Cond::Equals("key_type", "connector"), Cond::Falsy("enrollment_cert_id")],
            "a key for connectors needs enrollment_cert_id; get_zpa_enrollment_certificate with \
             name Connector returns the usual one",
        )])
        .binds(ASSOCIATION)
        .body(&[
            Member::new("zcomponentId", Value::Argument("component_id", Form::Plain)),
            MICROTENANT_MEMBER,
        ])
        .subject(SUBJECT, "", ""),
    get("zpa_delete_provisioning_key", SET, ONE)
        .does(Verb::Delete, ApiMethod::Delete)
        .asks("delete")
        .title("Delete a provisioning key")
        .doc(
            "Deletes one provisioning key for good, after the user has agreed.\nIt takes effect at \
             once and cannot be undone: no machine can enroll with it any more, those that did \
             stay. A key that is not there is no error: the answer says that nothing was deleted, \
             which also happens when key_type is not its own. Ids: zpa_list_provisioning_keys.",
        )
        .params(&[KEY_ID, KEY_TYPE, MICROTENANT_NOT_EMPTY])
        .binds(ASSOCIATION)
        .custom(KEY_GONE)
        .see(KEYS)
        .subject(SUBJECT, "key_id", GET_KEY),
    update("zpa_update_provisioning_key", SET, ONE)
        .title("Update a provisioning key")
        .doc(
            "Replaces name, limit, group and certificate of one provisioning key; the key itself \
             stays.\nIt takes effect at once. What is left out is sent as null, which empties it: \
             read the key with zpa_get_provisioning_key and give all that should stay. A larger \
             max_usage lets more machines enroll.",
        )
        .params(&[
            KEY_ID,
            KEY_TYPE,
            member("name", Kind::Text, "name").doc("Name; give the present one to keep it."),
            DESCRIPTION,
            MAX_USAGE.absent(Value::Null),
            COMPONENT_ID.even_empty().absent(Value::Null),
            CERTIFICATE_ID.absent(Value::Null),
            Param::local("microtenant_id", Kind::Id).doc(MICROTENANT_NOT_EMPTY.doc),
        ])
        .binds(ASSOCIATION)
        .body(&[MICROTENANT_MEMBER])
        .see(KEYS)
        .subject(SUBJECT, "key_id", GET_KEY),
];
