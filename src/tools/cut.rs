//! Zone: post-admission. Keeps a list within a bound: whole records, and a count of the rest.

use crate::json::{Event, Sink};

/// What a sink has written so far.
pub(super) trait Written {
    /// Returns the number of bytes.
    fn written(&self) -> usize;
}

/// Hands on the events of a list until the sink has written as much as it may, then no further
/// record; other values pass whole.
#[derive(Debug)]
pub(super) struct Cut<S> {
    sink: S,
    most: usize,
    depth: usize,
    is_list: bool,
    is_dropping: bool,
    kept: usize,
    left_out: usize,
}

impl<S: Sink + Written> Cut<S> {
    /// Returns a sink that keeps a list at `most` bytes and at most one record more.
    pub(super) const fn new(sink: S, most: usize) -> Self {
        Self { sink, most, depth: 0, is_list: false, is_dropping: false, kept: 0, left_out: 0 }
    }

    /// Returns the sink, the number of records that it was told, and of those that it was not.
    pub(super) fn finish(self) -> (S, usize, usize) {
        (self.sink, self.kept, self.left_out)
    }
}

impl<S: Sink + Written> Sink for Cut<S> {
    fn take(&mut self, event: Event<'_>) {
        let closes = matches!(event, Event::ArrayEnd | Event::ObjectEnd);
        match self.depth {
            0 => self.is_list = event == Event::Array,
            1 if self.is_list && !closes => {
                self.is_dropping = self.sink.written() >= self.most;
                let count = if self.is_dropping { &mut self.left_out } else { &mut self.kept };
                *count = count.saturating_add(1);
            }
            1 => self.is_dropping = false,
            _ => {}
        }
        if closes {
            self.depth = self.depth.saturating_sub(1);
        } else if matches!(event, Event::Array | Event::Object) {
            self.depth = self.depth.saturating_add(1);
        }
        if !self.is_dropping {
            self.sink.take(event);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Cut, Written};
    use crate::json::{Bounds, Event, Sink, Tree, scan, write};

    #[derive(Default)]
    struct Counted(Tree, usize);

    impl Sink for Counted {
        fn take(&mut self, event: Event<'_>) {
            self.1 += 1;
            self.0.take(event);
        }
    }

    impl Written for Counted {
        fn written(&self) -> usize {
            self.1
        }
    }

    #[test]
    fn a_list_is_cut_between_records_and_nothing_else_is() {
        for (text, most, expected, kept, left_out) in [
            ("[1,2,3]", 9, "[1,2,3]", 3, 0),
            ("[1,2,3]", 2, "[1]", 1, 2),
            ("[1,2,3]", 1, "[]", 0, 3),
            ("[[1,[2]],{\"a\":[3]},[4]]", 2, "[[1,[2]]]", 1, 2),
            ("[{\"a\":{\"b\":[]}},{\"c\":1}]", 9, "[{\"a\":{\"b\":[]}}]", 1, 1),
            ("[]", 0, "[]", 0, 0),
            ("{\"a\":[1,2],\"b\":3}", 1, "{\"a\":[1,2],\"b\":3}", 0, 0),
            ("7", 0, "7", 0, 0),
        ] {
            let mut cut = Cut::new(Counted::default(), most);
            scan(text.as_bytes(), Bounds { depth: 9, nodes: 99 }, &mut cut).unwrap();
            let (sink, records, rest) = cut.finish();
            assert_eq!((records, rest), (kept, left_out), "{text} {most}");
            assert_eq!(write::to_text(&sink.0.into_value()), expected, "{text} {most}");
        }
    }
}
