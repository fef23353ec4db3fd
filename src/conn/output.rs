//! Zone: pre-admission. Bytes waiting to be written: owned pieces and shared ones, in order.
//!
//! Shared pieces (rendered lists) are never copied. Gives its memory back when it is empty.

use std::collections::VecDeque;
use std::io::IoSlice;
use std::sync::Arc;

#[derive(Debug)]
enum Piece {
    Owned(Vec<u8>),
    Shared(Arc<[u8]>),
}

impl Piece {
    fn bytes(&self) -> &[u8] {
        match self {
            Self::Owned(bytes) => bytes,
            Self::Shared(bytes) => bytes,
        }
    }
}

/// Largest piece that further bytes are added to. A piece is freed as a whole, so one that grew for
/// as long as a reader lags behind would keep all that was ever sent.
const PIECE_BYTES_MAX: usize = 16 * 1024;

/// The outgoing bytes of one connection.
#[derive(Debug, Default)]
pub struct Output {
    pieces: VecDeque<Piece>,
    sent: usize,
    len: usize,
}

impl Output {
    /// Adds bytes at the end.
    pub fn push(&mut self, bytes: Vec<u8>) {
        self.add(Piece::Owned(bytes));
    }

    /// Adds shared bytes at the end.
    pub fn share(&mut self, bytes: Arc<[u8]>) {
        self.add(Piece::Shared(bytes));
    }

    /// Adds a copy of `bytes` at the end, in the last owned piece where they fit.
    pub fn extend(&mut self, bytes: &[u8]) {
        match self.pieces.back_mut() {
            Some(Piece::Owned(last))
                if last.len().saturating_add(bytes.len()) <= PIECE_BYTES_MAX =>
            {
                last.extend_from_slice(bytes);
                self.len = self.len.saturating_add(bytes.len());
            }
            Some(Piece::Owned(_) | Piece::Shared(_)) | None => self.push(bytes.to_vec()),
        }
    }

    /// Takes `count` bytes away from the front: they were written.
    pub fn advance(&mut self, count: usize) {
        self.len = self.len.saturating_sub(count);
        self.sent = self.sent.saturating_add(count);
        while let Some(front) = self.pieces.front() {
            let size = front.bytes().len();
            if self.sent < size {
                return;
            }
            self.sent = self.sent.saturating_sub(size);
            self.pieces.pop_front();
        }
        self.pieces = VecDeque::new();
        self.sent = 0;
    }

    /// Returns the next bytes as at most `N` slices.
    #[must_use]
    pub fn slices<const N: usize>(&self) -> ([IoSlice<'_>; N], usize) {
        let mut slices = core::array::from_fn(|_| IoSlice::new(&[]));
        let mut used = 0_usize;
        for (index, (slot, piece)) in slices.iter_mut().zip(&self.pieces).enumerate() {
            let skip = if index == 0 { self.sent } else { 0 };
            let bytes = piece.bytes().get(skip..).unwrap_or_default();
            *slot = IoSlice::new(bytes);
            used = used.saturating_add(1);
        }
        (slices, used)
    }

    /// Returns how many bytes wait.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.len
    }

    /// True when nothing waits.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    fn add(&mut self, piece: Piece) {
        let size = piece.bytes().len();
        if size > 0 {
            self.len = self.len.saturating_add(size);
            self.pieces.push_back(piece);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Output;

    fn text(output: &Output) -> Vec<u8> {
        let (slices, used) = output.slices::<8>();
        slices[..used].iter().flat_map(|slice| slice.to_vec()).collect()
    }

    #[test]
    fn a_reader_that_always_lags_behind_does_not_keep_what_was_sent() {
        let mut output = Output::default();
        for _ in 0..10_000 {
            output.extend(&[b'x'; 1_000]);
            output.advance(output.len().saturating_sub(500));
        }
        assert_eq!(output.len(), 500);
        let held: usize = output.pieces.iter().map(|piece| piece.bytes().len()).sum();
        assert!(held <= 16 * 1024 + 1_000, "{held} bytes are held");
    }

    #[test]
    fn more_than_was_there_is_all_of_it() {
        let mut output = Output::default();
        output.extend(b"abc");
        output.advance(9);
        output.extend(b"def");
        assert_eq!((text(&output), output.len()), (b"def".to_vec(), 3));
    }

    #[test]
    fn pieces_leave_in_order_at_any_cut() {
        for cut in 0..=9 {
            let mut output = Output::default();
            output.push(b"abc".to_vec());
            output.share(b"def"[..].into());
            output.extend(b"gh");
            output.extend(b"i");
            output.advance(cut);
            assert_eq!(text(&output), &b"abcdefghi"[cut..]);
            assert_eq!(output.len(), 9 - cut);
        }
    }
}
