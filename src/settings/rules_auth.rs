//! Zone: operator. What is not safe about client authentication as it is set.
//!
//! Pure. Refuses what is incomplete, contradicts itself or leaves the mode open; warns of what the
//! operator chose and of settings that the mode does not use. What the texts of keys, addresses
//! and grants say is judged by those who parse them.

use crate::settings::Settings;
use crate::settings::mode::{AuthChoice, AuthMode, OpenBy};
use crate::settings::problem::Problem;
use crate::settings::table::{Id, name};

impl Settings {
    pub(super) fn check_auth(&self, out: &mut Vec<Problem>) {
        let choice = self.auth_choice();
        match &choice {
            AuthChoice::Open(by) => return self.check_open(*by, out),
            AuthChoice::Nothing => out.push(nothing()),
            AuthChoice::Several(modes) => out.push(self.several(modes)),
            AuthChoice::Unnamed => out.push(self.unnamed()),
            AuthChoice::Named(mode) | AuthChoice::Found(mode) => self.check_mode(*mode, out),
            AuthChoice::Tenant => self.check_mode(AuthMode::Zscaler, out),
        }
        if self.auth.certificate.is_some() && self.tls.ca_certs.is_none() {
            let authorities = name(Id::TlsCaCerts);
            let text = format!("clients show no certificate without {authorities}; set it as well");
            out.push(Problem::refuse(name(Id::AuthCertificate), text));
        }
    }

    fn check_open(&self, by: OpenBy, out: &mut Vec<Problem>) {
        let setting = name(if by == OpenBy::Mode { Id::AuthMode } else { Id::AuthEnabled });
        if !self.auth.asked.is_empty() {
            let others = self.auth.asked.join(", ");
            let text = format!("client authentication is off, so {others} has no effect");
            out.push(Problem::warn(setting, text));
        }
        if self.auth.authorize.is_some() {
            let text = "client authentication is off, so every caller is the one called \
                        anonymous, and entries for scopes or other principals fit nobody";
            out.push(Problem::warn(name(Id::Authorize), text));
        }
        if !self.is_loopback() {
            let text = format!(
                "off on {}: whoever reaches this address and passes the network defences can use \
                 every tool",
                self.bind()
            );
            out.push(Problem::warn(setting, text));
        } else if !self.demo {
            let text = "off: every process on this machine can use every tool";
            out.push(Problem::warn(setting, text));
        }
    }

    fn several(&self, modes: &[AuthMode]) -> Problem {
        let given = |mode: &AuthMode| {
            let marks = self.auth.marks.iter().filter(|(mark, _)| mark == mode);
            let names: Vec<&str> = marks.map(|(_, name)| *name).collect();
            format!("{} ({})", mode.as_str(), names.join(", "))
        };
        let given: Vec<String> = modes.iter().map(given).collect();
        let text = format!(
            "settings of several modes are given: {}; name one of the modes here, or take the \
             other settings out",
            given.join(", ")
        );
        Problem::refuse(name(Id::AuthMode), text)
    }

    fn unnamed(&self) -> Problem {
        let names: Vec<&str> = self.auth.marks.iter().map(|(_, name)| *name).collect();
        let text = format!(
            "{} given, and mode oidc holds only when it is named; set {}=oidc",
            names.join(", "),
            name(Id::AuthMode)
        );
        Problem::refuse(name(Id::AuthMode), text)
    }

    fn check_mode(&self, mode: AuthMode, out: &mut Vec<Problem>) {
        for (id, what) in self.missing(mode) {
            let text = format!("mode {} needs it: {what}", mode.as_str());
            out.push(Problem::refuse(name(id), text));
        }
        if mode == AuthMode::Jwt && self.auth.audience.is_none() {
            let text = "is empty, and no token could name it; leave it out to have the default";
            out.push(Problem::refuse(name(Id::AuthAudience), text));
        }
        self.check_platform(mode, out);
        if mode == AuthMode::Zscaler && self.auth.clients.is_empty() {
            let text = "not set: every API client of the tenant can call, and what it calls runs \
                        with the rights of this server's own client; name those that may";
            out.push(Problem::warn(name(Id::AuthClients), text));
        }
        let elsewhere = self.auth.marks.iter().filter(|(mark, _)| *mark != mode);
        for (_, setting) in elsewhere {
            let text = format!("has no effect in mode {}", mode.as_str());
            out.push(Problem::warn(*setting, text));
        }
        if self.auth.ca_bundle.is_some() && !mode.has_provider() {
            let text = format!("mode {} asks no identity provider", mode.as_str());
            out.push(Problem::warn(name(Id::AuthCaBundle), text));
        }
        if self.auth.failures == 0 && mode != AuthMode::Certificate {
            let text = "0: nothing bounds how many credentials one address may try";
            out.push(Problem::warn(name(Id::AuthFailures), text));
        }
    }

    /// Returns the settings that `mode` needs and that are not given, with what each is.
    fn missing(&self, mode: AuthMode) -> Vec<(Id, &'static str)> {
        let auth = &self.auth;
        let needs = match mode {
            AuthMode::ApiKey => vec![(
                Id::AuthApiKey,
                auth.api_key.is_some(),
                "the keys of clients; --generate-auth-token prints a fresh one",
            )],
            AuthMode::Jwt => vec![
                (
                    Id::AuthJwksUri,
                    auth.jwks_uri.is_some(),
                    "where the keys of tokens are published",
                ),
                (Id::AuthIssuer, auth.issuer.is_some(), "the issuer that tokens must name"),
            ],
            AuthMode::Zscaler => vec![(
                Id::VanityDomain,
                self.credentials.vanity_domain.is_some() || self.cloud.token_url.is_some(),
                "the tenant whose clients may call",
            )],
            AuthMode::Oidc => vec![
                (
                    Id::OidcConfigUrl,
                    auth.oidc.config_url.is_some(),
                    "the configuration document of the identity provider",
                ),
                (
                    Id::OidcBaseUrl,
                    auth.oidc.base_url.is_some(),
                    "the address of this server as clients write it",
                ),
                (
                    Id::OidcAudience,
                    auth.oidc.audience.is_some() || auth.oidc.client_id.is_some(),
                    "the audience that tokens must name; OIDCPROXY_CLIENT_ID can stand in",
                ),
            ],
            AuthMode::Certificate => Vec::new(),
        };
        needs.into_iter().filter(|(_, given, _)| !given).map(|(id, _, what)| (id, what)).collect()
    }

    fn check_platform(&self, mode: AuthMode, out: &mut Vec<Problem>) {
        if !self.auth.trust_platform {
            return;
        }
        let setting = name(Id::TrustPlatformAuth);
        let who = match mode {
            AuthMode::ApiKey => "the holder of the first key",
            AuthMode::Zscaler if self.credentials.client_id.is_some() => "this server's own client",
            AuthMode::Zscaler => {
                let text = format!(
                    "a request without a credential would count as {}, which is not set",
                    name(Id::ClientId)
                );
                out.push(Problem::refuse(setting, text));
                return;
            }
            AuthMode::Jwt | AuthMode::Oidc | AuthMode::Certificate => {
                let text = format!("has no effect in mode {}", mode.as_str());
                out.push(Problem::warn(setting, text));
                return;
            }
        };
        let text = format!(
            "a request without a credential is accepted and counts as {who}; make sure that only \
             the platform reaches this server"
        );
        out.push(Problem::warn(setting, text));
    }
}

fn nothing() -> Problem {
    let (key, mode, enabled) = (name(Id::AuthApiKey), name(Id::AuthMode), name(Id::AuthEnabled));
    let text = format!(
        "client authentication is on and nothing is configured for it; ways out: {key} with a key \
         for clients, {mode} with the settings of another mode, {enabled}=false to serve every \
         client that passes the network defences, --demo on a loopback address to try it out, or \
         --transport stdio"
    );
    Problem::refuse(enabled, text)
}
