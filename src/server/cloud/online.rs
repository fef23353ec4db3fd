//! Zone: operator. Tries the credentials and asks each service one small question.

use crate::backend::oneapi::Trouble;
use crate::backend::oneapi::response::Answer;
use crate::backend::{ApiMethod, ApiPath, ApiRequest, PathSegment};
use crate::server::cloud::{Attended, OneApi};

/// What a trial found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probe {
    /// What was tried: `credentials` or the code of a service.
    pub name: &'static str,
    /// True when it works.
    pub works: bool,
    /// What was found, in words.
    pub text: String,
}

/// A question whose answer is small.
struct Question {
    service: &'static str,
    path: &'static str,
    size: &'static str,
}

const QUESTIONS: [Question; 2] = [
    Question { service: "zia", path: "/zia/api/v1/ruleLabels", size: "pageSize" },
    Question {
        service: "zpa",
        path: "/zpa/mgmtconfig/v1/admin/customers/{customerId}/segmentGroup",
        size: "pagesize",
    },
];

impl OneApi {
    /// Returns whether the credentials are accepted and, when they are, which of `services`
    /// answer.
    #[must_use]
    pub fn probe(&self, services: &[&str], customer: Option<&str>) -> Vec<Probe> {
        let mut found = Vec::new();
        match self.token(&self.bounds(&Attended)) {
            Ok(_token) => found.push(worked("credentials", "accepted")),
            Err(trouble) => {
                found.push(failed("credentials", trouble.to_string()));
                return found;
            }
        }
        let asked = QUESTIONS.iter().filter(|question| services.contains(&question.service));
        found.extend(asked.map(|question| self.question(question, customer)));
        found
    }

    fn question(&self, question: &Question, customer: Option<&str>) -> Probe {
        let name = question.service;
        let segment = customer.and_then(|id| PathSegment::new(id).ok());
        let holes: Vec<_> = segment.into_iter().map(|segment| ("customerId", segment)).collect();
        let Ok(path) = ApiPath::fill(question.path, &holes) else {
            return failed(name, "not asked; ZSCALER_CUSTOMER_ID is not set".to_owned());
        };
        let query = ["page", question.size].map(|key| (key.to_owned(), "1".to_owned())).into();
        let request = ApiRequest { method: ApiMethod::Get, path, query, body: None };
        match self.carry_out(&request, &Attended).map(Answer::read) {
            Ok(answer) if answer.is_success() => match answer.body.into_json() {
                Ok(_) => worked(name, "answers"),
                Err(_) => failed(name, Trouble::Body.to_string()),
            },
            Ok(answer) => failed(name, refusal(answer.status)),
            Err(trouble) => failed(name, Trouble::to_string(&trouble)),
        }
    }
}

fn refusal(status: u16) -> String {
    let why = match status {
        401 => "the token is not accepted there",
        403 => "the API client lacks the role, or the tenant lacks the product",
        404 => "nothing is there; check the customer id and the cloud",
        429 => "too many requests",
        _ => "the service refuses",
    };
    format!("HTTP {status}: {why}")
}

fn worked(name: &'static str, text: &str) -> Probe {
    Probe { name, works: true, text: text.to_owned() }
}

const fn failed(name: &'static str, text: String) -> Probe {
    Probe { name, works: false, text }
}
