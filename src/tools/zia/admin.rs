//! Zone: post-admission. Rows of the toolset `zia_admin`.

use crate::backend::ApiMethod;
use crate::tools::row::{Row, Verb, get, update};

const SET: &str = "zia_admin";

pub(in crate::tools) const ROWS: &[Row] = &[
    update("zia_activate_configuration", SET, "/zia/api/v1/status/activate")
        .title("Activate the configuration")
        .doc(
            "Puts every saved change of internet access into effect, after the user has \
             agreed.\nChanges wait until then, and all that wait go together: those of other \
             administrators too. There is no way to choose among them and none back. \
             zia_get_activation_status says whether any wait. Returns the status, mostly ACTIVE; \
             INPROGRESS means that it takes a while.",
        )
        .does(Verb::Update, ApiMethod::Post)
        .subject("pending configuration, with what others have staged", "", "")
        .asks("activate"),
    get("zia_get_activation_status", SET, "/zia/api/v1/status")
        .title("Get the activation status")
        .doc(
            "Returns whether saved changes of internet access wait for their activation.\nACTIVE: \
             none waits; PENDING: some do; INPROGRESS: they are being activated. Which ones is not \
             told. zia_activate_configuration puts them into effect.",
        ),
];
