//! Zone: operator. Which mode of client authentication the settings ask for.
//!
//! Pure. A mode that is named holds. Without one it follows from the settings that are given, and
//! only when they leave no choice: settings of two modes, or of none, decide nothing. The tenant's
//! name, which the cloud client needs as well, counts only when nothing else speaks.

use crate::limits::{CALLER_CALLS_MAX, CALLER_REQUESTS_PER_SECOND};
use crate::settings::Settings;

/// How callers say who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuthMode {
    /// A key that this server knows.
    ApiKey,
    /// A token signed by keys that are published at a known address.
    Jwt,
    /// Client id and secret of the tenant.
    Zscaler,
    /// A token of an identity provider that the server tells clients about.
    Oidc,
    /// The client certificate alone.
    Certificate,
}

/// What the operator named as the mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Named {
    /// Nobody is asked.
    Nobody,
    /// This mode.
    Mode(AuthMode),
}

/// Why clients are served without being asked who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OpenBy {
    /// Authentication is switched off.
    Switch,
    /// The mode is none.
    Mode,
    /// The demo on a loopback address, and nothing asks for authentication.
    Demo,
}

/// What follows from the settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AuthChoice {
    /// Nobody is asked.
    Open(OpenBy),
    /// This mode, because it is named.
    Named(AuthMode),
    /// This mode, because its settings are given.
    Found(AuthMode),
    /// Mode zscaler, because the tenant is known and nothing else is given.
    Tenant,
    /// Settings of these modes are given and none is named.
    Several(Vec<AuthMode>),
    /// Settings of mode oidc are given, which has to be named.
    Unnamed,
    /// Nothing is given.
    Nothing,
}

impl AuthMode {
    /// Returns the word for the mode.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ApiKey => "api-key",
            Self::Jwt => "jwt",
            Self::Zscaler => "zscaler",
            Self::Oidc => "oidc",
            Self::Certificate => "certificate",
        }
    }

    /// True when the mode asks somebody outside.
    #[must_use]
    pub const fn has_provider(self) -> bool {
        matches!(self, Self::Jwt | Self::Zscaler | Self::Oidc)
    }
}

impl Named {
    /// Returns what a word of the setting stands for.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "none" => Some(Self::Nobody),
            "api-key" => Some(Self::Mode(AuthMode::ApiKey)),
            "jwt" => Some(Self::Mode(AuthMode::Jwt)),
            "zscaler" => Some(Self::Mode(AuthMode::Zscaler)),
            "oidc" | "oidcproxy" | "oauth-proxy" => Some(Self::Mode(AuthMode::Oidc)),
            _ => None,
        }
    }
}

impl AuthChoice {
    /// Returns the mode, when there is exactly one.
    #[must_use]
    pub const fn mode(&self) -> Option<AuthMode> {
        match self {
            Self::Named(mode) | Self::Found(mode) => Some(*mode),
            Self::Tenant => Some(AuthMode::Zscaler),
            Self::Open(_) | Self::Several(_) | Self::Unnamed | Self::Nothing => None,
        }
    }
}

impl Settings {
    /// Returns how HTTP clients are authenticated.
    #[must_use]
    pub fn auth_choice(&self) -> AuthChoice {
        let auth = &self.auth;
        match auth.named {
            _ if !auth.enabled => return AuthChoice::Open(OpenBy::Switch),
            Some(Named::Nobody) => return AuthChoice::Open(OpenBy::Mode),
            Some(Named::Mode(mode)) => return AuthChoice::Named(mode),
            None => {}
        }
        let mut modes: Vec<AuthMode> = Vec::new();
        for (mode, _) in &auth.marks {
            if !modes.contains(mode) {
                modes.push(*mode);
            }
        }
        let demo = self.demo && self.is_loopback() && !auth.mentioned && auth.asked.is_empty();
        match modes.as_slice() {
            [AuthMode::Oidc] => AuthChoice::Unnamed,
            [mode] => AuthChoice::Found(*mode),
            [_, ..] => AuthChoice::Several(modes),
            [] if auth.certificate.is_some() => AuthChoice::Found(AuthMode::Certificate),
            [] if demo => AuthChoice::Open(OpenBy::Demo),
            [] if self.credentials.vanity_domain.is_some() => AuthChoice::Tenant,
            [] => AuthChoice::Nothing,
        }
    }

    /// True when HTTP clients are served without being asked who they are: the operator said so,
    /// or this is the demo on a loopback address and nothing asks for authentication.
    #[must_use]
    pub fn serves_open(&self) -> bool {
        matches!(self.auth_choice(), AuthChoice::Open(_))
    }

    /// Returns the requests a second that one caller may send, 0 for no bound. Without
    /// authentication all callers are one, so the bound holds only when it was asked for.
    #[must_use]
    pub fn requests_per_second(&self) -> u32 {
        let default = if self.tells_callers_apart() { CALLER_REQUESTS_PER_SECOND } else { 0 };
        self.auth.rate_limit.unwrap_or(default)
    }

    /// Returns how many calls of one caller may run at once, 0 for no bound; as with
    /// [`Settings::requests_per_second`].
    #[must_use]
    pub fn calls_per_caller(&self) -> usize {
        let default = if self.tells_callers_apart() { CALLER_CALLS_MAX } else { 0 };
        self.auth.calls_per_caller.filter(|_| self.is_http()).unwrap_or(default)
    }

    fn tells_callers_apart(&self) -> bool {
        self.is_http() && !self.serves_open()
    }
}
