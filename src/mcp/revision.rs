//! Zone: post-admission. The five protocol revisions and what each of them knows.

/// A protocol revision, oldest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Revision {
    /// 2024-11-05
    November2024,
    /// 2025-03-26
    March2025,
    /// 2025-06-18
    June2025,
    /// 2025-11-25
    November2025,
    /// 2026-07-28, in which every request describes itself.
    July2026,
}

impl Revision {
    /// The newest revision that begins with a handshake (HSK-3).
    pub(super) const NEWEST_LEGACY: Self = Self::November2025;

    const ALL: [Self; 5] =
        [Self::November2024, Self::March2025, Self::June2025, Self::November2025, Self::July2026];

    /// Returns the revision called `text`.
    pub(super) fn parse(text: &[u8]) -> Option<Self> {
        Self::ALL.into_iter().find(|revision| revision.text().as_bytes() == text)
    }

    /// Returns the revision with a handshake called `text`.
    pub(super) fn parse_legacy(text: &[u8]) -> Option<Self> {
        Self::parse(text).filter(|revision| !revision.stateless())
    }

    /// Returns the name on the wire.
    pub(super) const fn text(self) -> &'static str {
        match self {
            Self::November2024 => "2024-11-05",
            Self::March2025 => "2025-03-26",
            Self::June2025 => "2025-06-18",
            Self::November2025 => "2025-11-25",
            Self::July2026 => "2026-07-28",
        }
    }

    /// True for the revision without handshake and sessions.
    pub(super) const fn stateless(self) -> bool {
        matches!(self, Self::July2026)
    }

    /// True where arrays of messages are accepted (SH-17; tolerated in the oldest).
    pub(super) const fn batches(self) -> bool {
        matches!(self, Self::November2024 | Self::March2025)
    }

    /// True where a stream begins with an empty event (SH-25).
    pub(super) const fn primes(self) -> bool {
        matches!(self, Self::November2025)
    }

    /// True from 2025-03-26: tool annotations, audio, progress messages, `completions`.
    pub(super) fn has_annotations(self) -> bool {
        self >= Self::March2025
    }

    /// True from 2025-06-18: titles, structured output, elicitation by form.
    pub(super) fn has_titles(self) -> bool {
        self >= Self::June2025
    }

    /// True from 2025-11-25: elicitation by URL, description and page of the server.
    pub(super) fn has_url_elicitation(self) -> bool {
        self >= Self::November2025
    }
}

#[cfg(test)]
mod tests {
    use super::Revision;

    #[test]
    fn names_are_exact() {
        assert_eq!(Revision::parse(b"2025-03-26"), Some(Revision::March2025));
        assert_eq!(Revision::parse_legacy(b"2026-07-28"), None);
        for bad in ["", "2025-03-26 ", "2025-3-26", "DRAFT", "2026-07-29"] {
            assert_eq!(Revision::parse(bad.as_bytes()), None, "{bad}");
        }
    }
}
