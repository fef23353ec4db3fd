//! Zone: pre-admission. Who is calling, as one name that no other caller can have.

/// Who is calling. Two callers with equal principals are the same caller.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Principal(Box<str>);

impl Principal {
    /// Returns the principal of a caller nobody asked for a credential.
    #[must_use]
    pub fn anonymous() -> Self {
        Self("anonymous".into())
    }

    /// Returns the principal called `name`; the caller has checked a credential for it.
    #[must_use]
    pub fn named(name: &str) -> Self {
        Self(name.into())
    }

    /// Returns the principal that `parts` name together, anonymous when there are none.
    ///
    /// A blank separates them; inside a part a blank is `%20` and a percent sign `%25`, so that
    /// two lists never give one name.
    pub(super) fn of(parts: &[String]) -> Self {
        if parts.is_empty() {
            return Self::anonymous();
        }
        let escaped = parts.iter().map(|part| part.replace('%', "%25").replace(' ', "%20"));
        Self(escaped.collect::<Vec<_>>().join(" ").into())
    }

    /// Returns the name for log lines.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0
    }
}

/// What a method found out about a caller.
#[derive(Debug, Default)]
pub(super) struct Caller {
    /// Parts of its name.
    pub(super) parts: Vec<String>,
    /// Scopes of its token.
    pub(super) scopes: Vec<String>,
}

impl Caller {
    /// Returns the caller that one text names.
    pub(super) fn named(name: String) -> Self {
        Self { parts: vec![name], scopes: Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::Principal;

    #[test]
    fn two_lists_never_give_one_name() {
        let lists: [&[&str]; 8] = [
            &["a", "b"],
            &["a b"],
            &["a%20b"],
            &["a", "b", ""],
            &["a", "", "b"],
            &["a%", "20b"],
            &["", "a", "b"],
            &["ab"],
        ];
        let name = |parts: &[&str]| {
            Principal::of(&parts.iter().copied().map(str::to_owned).collect::<Vec<_>>())
        };
        for (at, one) in lists.iter().enumerate() {
            for other in &lists[at + 1..] {
                assert_ne!(name(one), name(other), "{one:?} {other:?}");
            }
        }
        assert_eq!(name(&["a b", "c%"]).name(), "a%20b c%25");
        assert_eq!(name(&[]), Principal::anonymous());
    }
}
