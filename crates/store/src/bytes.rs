//! Numbers and texts as bytes: small numbers are short, and what is read back is never believed.

/// Writes numbers and texts one after the other.
#[derive(Debug)]
pub(crate) struct Out<'a>(pub(crate) &'a mut Vec<u8>);

impl Out<'_> {
    pub(crate) fn byte(&mut self, byte: u8) {
        self.0.push(byte);
    }

    /// Seven bits a byte, lowest first; the last byte has its highest bit clear.
    pub(crate) fn number(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.0.push(number.to_le_bytes()[0] | 0x80);
            number >>= 7;
        }
        self.0.push(number.to_le_bytes()[0]);
    }

    /// A number that may be negative: small ones of both signs are short.
    pub(crate) fn signed(&mut self, number: i64) {
        self.number((number.cast_unsigned() << 1) ^ (number >> 63).cast_unsigned());
    }

    pub(crate) fn text(&mut self, text: &str) {
        self.number(text.len() as u64);
        self.0.extend_from_slice(text.as_bytes());
    }
}

/// Reads back what [`Out`] wrote; nothing where the bytes are something else.
#[derive(Debug)]
pub(crate) struct In<'a>(pub(crate) &'a [u8]);

impl<'a> In<'a> {
    pub(crate) fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    pub(crate) fn number(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7f);
            // The last byte of a long number has room for one bit only.
            if shift == 63 && bits > 1 {
                return None;
            }
            number |= bits << shift;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }

    pub(crate) fn signed(&mut self) -> Option<i64> {
        let number = self.number()?;
        Some((number >> 1).cast_signed() ^ -(number & 1).cast_signed())
    }

    pub(crate) fn text(&mut self) -> Option<&'a str> {
        let n_bytes = self.number()?;
        self.text_of(n_bytes)
    }

    /// A text whose length is known.
    pub(crate) fn text_of(&mut self, n_bytes: u64) -> Option<&'a str> {
        let (bytes, rest) = self.0.split_at_checked(usize::try_from(n_bytes).ok()?)?;
        self.0 = rest;
        std::str::from_utf8(bytes).ok()
    }

    /// How many things follow; each takes a byte at least, so there are not more than bytes.
    pub(crate) fn count(&mut self) -> Option<usize> {
        let n_things = usize::try_from(self.number()?).ok()?;
        (n_things <= self.0.len()).then_some(n_things)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_all_sizes_come_back() {
        for number in [0, 1, 127, 128, 16_383, 16_384, u64::MAX - 1, u64::MAX] {
            let mut bytes = Vec::new();
            Out(&mut bytes).number(number);
            let mut reader = In(&bytes);
            assert_eq!(reader.number(), Some(number));
            assert!(reader.0.is_empty());
        }
        for number in [0, -1, 1, 63, -64, 64, i64::MIN, i64::MAX] {
            let mut bytes = Vec::new();
            Out(&mut bytes).signed(number);
            assert_eq!(In(&bytes).signed(), Some(number));
        }
    }

    #[test]
    fn senseless_bytes_are_nothing() {
        assert_eq!(In(&[0xff; 10]).number(), None, "more than 64 bits");
        assert_eq!(In(&[0xff; 3]).number(), None, "cut off");
        assert_eq!(In(&[5, b'a']).text(), None, "longer than what is there");
        assert_eq!(In(&[1, 0xff]).text(), None, "no text");
        assert_eq!(In(&[9, 0]).count(), None, "more things than bytes");
    }
}
