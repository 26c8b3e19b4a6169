//! The sums of rows of weights, lane by lane: what every post pays most for.
//!
//! Sums of eight-bit weights are taken in sixteen bits, as many rows at a time as cannot overflow, and are whole
//! numbers: whatever registers a processor has, they come out the same.

use super::{Line, MAX_LANES, MAX_SHORT_SUM, Table};
use crate::simd::{Work, prefetch, widest};

/// The sums of the weights of some rows.
struct Sums<'a> {
    table: &'a Table,
    rows: &'a [u32],
}

impl Work for Sums<'_> {
    type Answer = [i32; MAX_LANES];

    #[inline(always)]
    fn work(self) -> Self::Answer {
        self.table.sums_plainly(self.rows)
    }
}

impl Table {
    /// The sums of the weights of `rows`, lane by lane; lanes that the table does not have are 0.
    ///
    /// Rows are numbers of [`ROW_BITS`](crate::ROW_BITS) bits; a smaller table uses their high bits.
    #[must_use]
    pub fn sums(&self, rows: &[u32]) -> [i32; MAX_LANES] {
        widest(Sums { table: self, rows })
    }

    /// Has the processor fetch the weights of these rows, of which the sums will be asked for soon: there are more
    /// of them than it looks ahead to by itself.
    #[inline]
    pub(crate) fn prefetch(&self, rows: &[u32]) {
        let shift = crate::ROW_BITS.saturating_sub(self.row_bits);
        // How many rows a line of the cache has, as a power of two.
        let shift = shift + (MAX_LANES / self.width).trailing_zeros();
        for row in rows {
            if let Some(line) = self.lines.get((row >> shift) as usize) {
                prefetch(line);
            }
        }
    }

    /// As [`Table::sums`], with what the compiler was told of the processor.
    #[inline(always)]
    pub(crate) fn sums_plainly(&self, rows: &[u32]) -> [i32; MAX_LANES] {
        let mut sums = [0; MAX_LANES];
        let shift = crate::ROW_BITS.saturating_sub(self.row_bits);
        match self.width {
            4 => add::<4>(&self.lines, rows, &mut sums, shift),
            8 => add::<8>(&self.lines, rows, &mut sums, shift),
            16 => add::<16>(&self.lines, rows, &mut sums, shift),
            32 => add::<32>(&self.lines, rows, &mut sums, shift),
            _ => add::<64>(&self.lines, rows, &mut sums, shift),
        }
        sums
    }
}

#[inline(always)]
fn add<const WIDTH: usize>(lines: &[Line], rows: &[u32], sums: &mut [i32; MAX_LANES], shift: u32) {
    for rows in rows.chunks(MAX_SHORT_SUM) {
        let mut short = [0_i16; WIDTH];
        for row in rows {
            let row = (row >> shift) as usize;
            let Some(line) = lines.get(row / (MAX_LANES / WIDTH)) else { continue };
            let (rows_of_line, _) = line.0.as_chunks::<WIDTH>();
            let Some(weights) = rows_of_line.get(row % (MAX_LANES / WIDTH)) else { continue };
            // A fixed number of lanes, no overflow to look for: compilers make vectors of it.
            for (sum, weight) in short.iter_mut().zip(weights) {
                *sum = sum.wrapping_add(i16::from(*weight));
            }
        }
        for (sum, short) in sums.iter_mut().zip(&short) {
            *sum = sum.wrapping_add(i32::from(*short));
        }
    }
}
