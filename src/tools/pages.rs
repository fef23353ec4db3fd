//! Zone: post-admission. Lists that come in pages: which arguments turn them, and reading on.
//!
//! Follows from the arguments of a row alone. Never reads without end: pages, records and bytes are
//! bounded, and where more follow the result says so.

use crate::json::{Json, write};
use crate::limits::{PAGE_RECORDS, PAGED_BYTES_MAX, PAGED_RECORDS_MAX, PAGES_READ_MAX};
use crate::tools::arguments::Arguments;
use crate::tools::param::{Kind, Param, Preset};
use crate::tools::row::{Row, Shape, Verb};

/// The argument that asks for more than one page.
pub(super) const ALL_PAGES: Param =
    Param::local("all_pages", Kind::Boolean).doc("true: all pages, 5000 records at most.");

/// The arguments that turn pages, and the member of a result that has the value for the next.
const NUMBERS: [(&str, &str); 3] =
    [("page", "next_page"), ("page_num", "next_page_num"), ("page_number", "next_page_number")];
const OFFSET: (&str, &str) = ("offset", "next_offset");
const SIZES: [&str; 3] = ["page_size", "size", "limit"];

/// The smallest page that a service sends when nobody says a size.
const PAGE_RECORDS_LEAST: i64 = 20;

/// How the pages of a list are asked for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Paging {
    /// By the number of the page; the second argument is its size.
    Numbered(&'static Param, &'static Param),
    /// By the number of records to skip; the second argument is the size of the page.
    Skipping(&'static Param, &'static Param),
    /// By a token that came with the page before.
    Token(&'static Param),
}

/// Where more records are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Next {
    /// The member of the result that says so: `next_` and the argument.
    pub(super) member: &'static str,
    /// The value of the argument.
    pub(super) value: String,
}

/// What was read of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Rest {
    /// Records that the service returned.
    pub(super) records: usize,
    /// Where more are, when the service said so.
    pub(super) next: Option<Next>,
}

/// What a walk over the pages of one list has read.
#[derive(Debug)]
pub(super) struct Walk {
    paging: Paging,
    /// Value of the argument for the next page; none for the first page by token, and at the end.
    at: Option<Json>,
    /// Records on a full page.
    size: usize,
    pages: u64,
    bytes: usize,
    records: Vec<Json>,
}

impl Rest {
    /// Returns what was read when `result` is what the service returned.
    pub(super) fn of(result: &Json, next: Option<Next>) -> Self {
        Self { records: result.as_array().map_or(0, <[Json]>::len), next }
    }
}

/// Returns where more records are for a service that gives a token.
pub(super) const fn by_token(value: String) -> Next {
    Next { member: OFFSET.1, value }
}

impl Row {
    /// True when it returns a list of records.
    pub(super) const fn is_list(&self) -> bool {
        matches!(self.shape, Shape::Records(_) | Shape::RecordsOrOne(_))
    }

    /// Returns how its pages are turned; `None` when the whole list comes at once.
    pub(super) fn paging(&self) -> Option<Paging> {
        if self.verb != Verb::Read || !self.is_list() || !self.wrap.is_empty() {
            return None;
        }
        let param = |name: &str| self.params.iter().find(|param| param.name == name);
        if !self.next.is_empty() {
            return param(OFFSET.0).map(Paging::Token);
        }
        let size = SIZES.iter().find_map(|name| param(name))?;
        if let Some(number) = NUMBERS.iter().find_map(|(name, _)| param(name)) {
            return Some(Paging::Numbered(number, size));
        }
        // Where a name is looked up first, the service would skip hits of the name as well.
        let offset = param(OFFSET.0).filter(|_| self.plans.is_empty())?;
        Some(Paging::Skipping(offset, size))
    }

    /// Returns the argument that bounds a list without pages, and its greatest value.
    pub(super) fn widest(&self) -> Option<(&'static str, i64)> {
        let sizes = self.params.iter().filter(|param| SIZES.contains(&param.name));
        sizes.filter_map(|size| Some((size.name, size.max?))).next().filter(|_| self.is_list())
    }

    /// Returns the number of its first page.
    pub(super) fn first_page(&self) -> i64 {
        self.paging().map_or(1, |paging| paging.turned().min.unwrap_or(1))
    }
}

impl Paging {
    const fn turned(self) -> &'static Param {
        match self {
            Self::Numbered(param, _) | Self::Skipping(param, _) | Self::Token(param) => param,
        }
    }

    const fn sized(self) -> Option<&'static Param> {
        match self {
            Self::Numbered(_, size) | Self::Skipping(_, size) => Some(size),
            Self::Token(_) => None,
        }
    }

    /// Returns the size of the pages that `arguments` ask for, `None` when they leave it open.
    fn asked(self, arguments: &Arguments) -> Option<i64> {
        let size = self.sized()?;
        let asked = arguments.value(size.name).and_then(Json::as_i64);
        asked.filter(|asked| size.preset != Some(Preset::Integer(*asked)))
    }

    /// Returns what the caller should know after one page of `records`; `None` when it is the last.
    pub(super) fn hint(self, arguments: &Arguments, records: usize) -> Option<String> {
        let records = i64::try_from(records).ok()?;
        let is_full = match (self, self.asked(arguments)) {
            (Self::Token(_), _) => false,
            (Self::Numbered(_, _) | Self::Skipping(_, _), Some(asked)) => records >= asked,
            // Nobody said how large a page is; those of services are round.
            (Self::Numbered(_, _) | Self::Skipping(_, _), None) => {
                records >= PAGE_RECORDS_LEAST && records.checked_rem(10) == Some(0)
            }
        };
        is_full.then(|| {
            format!(
                "This page may be full, and more records may follow: {}: true reads on, {} turns \
                 the page.",
                ALL_PAGES.name,
                self.turned().name
            )
        })
    }

    /// Returns where more records are, at `value`.
    fn next(self, value: String) -> Next {
        let name = self.turned().name;
        let member = NUMBERS.iter().find(|(own, _)| *own == name).unwrap_or(&OFFSET).1;
        Next { member, value }
    }
}

impl Walk {
    /// Returns a walk that begins at the page that `arguments` ask for.
    pub(super) fn new(paging: Paging, arguments: &Arguments) -> Self {
        let turned = paging.turned();
        let first = match paging {
            Paging::Numbered(_, _) => Some(Json::from(turned.min.unwrap_or(1))),
            Paging::Skipping(_, _) => Some(Json::from(0_i64)),
            Paging::Token(_) => None,
        };
        let most = paging.sized().and_then(|size| size.max).unwrap_or(PAGE_RECORDS);
        let size = paging.asked(arguments).unwrap_or_else(|| most.min(PAGE_RECORDS));
        Self {
            paging,
            at: arguments.value(turned.name).cloned().or(first),
            size: usize::try_from(size).unwrap_or(1).max(1),
            pages: 0,
            bytes: 0,
            records: Vec::new(),
        }
    }

    /// Returns the arguments that ask for the next page.
    pub(super) fn arguments(&self, arguments: &Arguments) -> Arguments {
        let mut page = arguments.clone();
        if let Some(at) = &self.at {
            page.put(self.paging.turned(), at.clone());
        }
        if let Some(size) = self.paging.sized() {
            page.put(size, i64::try_from(self.size).unwrap_or(i64::MAX).into());
        }
        page
    }

    /// Takes a page of `bytes` bytes and the token that came with it; false when it was the last,
    /// or as much as one call reads.
    pub(super) fn take(&mut self, page: Vec<Json>, token: Option<String>, bytes: usize) -> bool {
        let count = page.len();
        let is_full = count >= self.size;
        let skipped = |by: usize| {
            let at = self.at.as_ref().and_then(Json::as_i64)?;
            at.checked_add(i64::try_from(by).ok()?).map(Json::from)
        };
        self.at = match self.paging {
            Paging::Numbered(_, _) if is_full => skipped(1),
            Paging::Skipping(_, _) if is_full => skipped(count),
            Paging::Numbered(_, _) | Paging::Skipping(_, _) => None,
            Paging::Token(_) => token.map(Json::from),
        };
        // A service that does not turn the page would be read without end.
        let is_same = count > 0 && self.records.ends_with(&page);
        if is_same {
            self.at = None;
        } else {
            self.records.extend(page);
        }
        self.pages = self.pages.saturating_add(1);
        self.bytes = self.bytes.saturating_add(bytes);
        self.at.is_some()
            && self.pages < PAGES_READ_MAX
            && self.bytes < PAGED_BYTES_MAX
            && self.records.len().saturating_add(self.size.min(PAGED_RECORDS_MAX))
                <= PAGED_RECORDS_MAX
    }

    /// Returns how many pages were read.
    pub(super) const fn pages(&self) -> u64 {
        self.pages
    }

    /// Returns the records, and where more are.
    pub(super) fn finish(self) -> (Vec<Json>, Option<Next>) {
        let at = self.at.map(|at| at.as_str().map_or_else(|| write::to_text(&at), str::to_owned));
        (self.records, at.map(|value| self.paging.next(value)))
    }
}
