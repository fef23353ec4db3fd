//! Choices read from the bytes of an input, front to back; an input that has ended gives zeros.

/// What is left of an input.
pub struct Input<'a> {
    rest: &'a [u8],
}

impl<'a> Input<'a> {
    /// Returns a reader at the first byte of `data`.
    pub const fn new(data: &'a [u8]) -> Self {
        Self { rest: data }
    }

    /// Returns the next byte, or 0.
    pub const fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.rest.split_first() else { return 0 };
        self.rest = rest;
        *first
    }

    /// Returns a number below `bound`, from one byte up to 256 and from two above.
    pub fn below(&mut self, bound: usize) -> usize {
        let low = usize::from(self.byte());
        let high = if bound > 256 { usize::from(self.byte()) } else { 0 };
        (high * 256 + low) % bound.max(1)
    }

    /// Returns true for every other byte.
    pub fn flag(&mut self) -> bool {
        self.byte() & 1 == 1
    }

    /// Returns one of `choices`, which are not empty.
    pub fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }

    /// Returns the next `len` bytes, or those that are left.
    pub fn take(&mut self, len: usize) -> &'a [u8] {
        let (taken, rest) = self.rest.split_at(len.min(self.rest.len()));
        self.rest = rest;
        taken
    }

    /// Returns all bytes that are left.
    pub const fn rest(&mut self) -> &'a [u8] {
        let rest = self.rest;
        self.rest = &[];
        rest
    }

    /// True when nothing is left.
    pub const fn is_over(&self) -> bool {
        self.rest.is_empty()
    }
}
