//! Tables of weights for linear models: a row for each feature, a lane for each class, eight bits a weight.
//!
//! A score is `sum of the rows' weights × 1/√(number of rows) × scale + bias`. The sum is of integers, and what
//! follows is plain arithmetic of IEEE 754, so that every machine comes to the same score.
//! Rows are padded to a power of two of lanes, four at least, and never cross a line of the cache.
//! Eight lanes are one machine word, which any x86-64 and any ARM processor widens and adds in a few
//! instructions; wider rows use AVX2 where the processor has it. The sums are the same in any case.
//!
//! The file: the magic, the revision of the [features](crate::Features), the binary logarithm of the number of
//! rows, the lanes (name, scale, bias), the weights row by row, a checksum of all before it. Little-endian.

mod softmax;
mod sums;

pub(crate) use softmax::softmax_of_lanes;
pub use softmax::{exp, logistic, softmax};

/// What a file of weights begins with; the last byte is the version of the form.
const MAGIC: &[u8; 8] = b"VIGIEWT\x01";
/// More lanes make a row longer than a line of the cache.
pub const MAX_LANES: usize = 64;
/// Rows of fewer lanes are padded to this many: one machine word.
const MIN_WIDTH: usize = 4;
/// Bigger tables do not stay in the cache.
const MAX_ROW_BITS: u32 = 20;
/// The longest name of a lane, in bytes.
const MAX_NAME_BYTES: usize = 64;
/// So many bytes of weights are summed before a sum of 16 bits could overflow: 255 × 128 < 2^15.
const MAX_SHORT_SUM: usize = 255;

/// Why a file of weights cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TableError {
    /// It is something else, or of a version that this program does not know.
    #[error("this is no file of weights of this version of the program: train it again")]
    Magic,
    /// It is shorter or longer than it says.
    #[error("the file of weights is cut or has more bytes than it says: copy or train it again")]
    Length,
    /// It was damaged.
    #[error("the checksum of the file of weights is wrong: copy or train it again")]
    Checksum,
    /// Its features are not those of this program.
    #[error(
        "the weights are for revision {found} of the features, this program has {expected}: train them again"
    )]
    Revision {
        /// The revision in the file.
        found: u16,
        /// The revision of this program.
        expected: u16,
    },
    /// It names no lanes, too many, or one with a name or scale that cannot be.
    #[error("the lanes of the file of weights are out of bounds: train it again")]
    Lanes,
}

/// What all weights of one class have in common.
#[derive(Clone, Debug, PartialEq)]
pub struct Lane {
    /// The class, such as `negative` or `fr`.
    pub name: String,
    /// What a weight of 1 in the table is worth.
    pub scale: f32,
    /// What is added to every score.
    pub bias: f32,
}

/// One line of the cache.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
struct Line([i8; MAX_LANES]);

/// A table of weights. Threads can share one.
#[derive(Clone, Debug)]
pub struct Table {
    lanes: Vec<Lane>,
    /// The number of rows is two to the power of this.
    row_bits: u32,
    /// How many bytes a row takes: 8, 16, 32 or 64.
    width: usize,
    lines: Vec<Line>,
}

impl Table {
    /// A table of `lanes` with `weights` row by row, each row as long as there are lanes.
    ///
    /// # Errors
    /// Where the lanes are out of bounds or the weights are not `lanes.len() << row_bits` in number.
    pub fn new(lanes: Vec<Lane>, row_bits: u32, weights: &[i8]) -> Result<Self, TableError> {
        let n_lanes = lanes.len();
        let is_sane = |lane: &Lane| {
            lane.name.len() <= MAX_NAME_BYTES && lane.scale.is_finite() && lane.bias.is_finite()
        };
        if n_lanes == 0 || n_lanes > MAX_LANES || !lanes.iter().all(is_sane) {
            return Err(TableError::Lanes);
        }
        if row_bits > MAX_ROW_BITS || weights.len() != n_lanes << row_bits {
            return Err(TableError::Length);
        }
        let width = n_lanes.next_power_of_two().max(MIN_WIDTH);
        let rows_per_line = MAX_LANES / width;
        let n_lines = (1_usize << row_bits).div_ceil(rows_per_line);
        let mut lines = vec![Line([0; MAX_LANES]); n_lines];
        for (row, weights) in weights.chunks_exact(n_lanes).enumerate() {
            let first = row % rows_per_line * width;
            let Some(line) = lines.get_mut(row / rows_per_line) else { continue };
            for (to, from) in line.0.iter_mut().skip(first).zip(weights) {
                *to = *from;
            }
        }
        Ok(Self { lanes, row_bits, width, lines })
    }

    /// A table with the lanes of this one and then those of `other`: one look at a row serves both.
    ///
    /// Where one has fewer rows, each of them serves as many of the other as it stands for.
    ///
    /// # Errors
    /// Where they have too many lanes together.
    pub fn beside(&self, other: &Self) -> Result<Self, TableError> {
        let row_bits = self.row_bits.max(other.row_bits);
        let lanes = self.lanes.iter().chain(&other.lanes).cloned().collect();
        let times = |table: &Self| 1 << (row_bits - table.row_bits);
        let repeated = |times| move |row| std::iter::repeat_n(row, times);
        let ours = self.rows().flat_map(repeated(times(self)));
        let others = other.rows().flat_map(repeated(times(other)));
        let weights: Vec<i8> =
            ours.zip(others).flat_map(|(one, other)| one.iter().chain(other)).copied().collect();
        Self::new(lanes, row_bits, &weights)
    }

    /// The weights row by row, as many as there are lanes.
    fn rows(&self) -> impl Iterator<Item = &[i8]> {
        let rows = self.lines.iter().flat_map(|line| line.0.chunks(self.width));
        let n_lanes = self.lanes.len();
        rows.map(move |row| row.get(..n_lanes).unwrap_or_default()).take(1 << self.row_bits)
    }

    /// The lanes, in the order of [`Table::sums`].
    #[must_use]
    pub fn lanes(&self) -> &[Lane] {
        &self.lanes
    }

    /// The place of the lane of this name.
    #[must_use]
    pub fn lane(&self, name: &str) -> Option<usize> {
        self.lanes.iter().position(|lane| lane.name == name)
    }

    /// The binary logarithm of the number of rows.
    #[must_use]
    pub const fn row_bits(&self) -> u32 {
        self.row_bits
    }

    /// What the sums of a text of `n_rows` rows are multiplied with.
    #[must_use]
    pub fn norm(n_rows: usize) -> f32 {
        1.0 / (n_rows.max(1) as f32).sqrt()
    }

    /// The score of a lane for a text of `n_rows` rows that sum to `sum`.
    #[must_use]
    pub fn score(&self, lane: usize, sum: i32, n_rows: usize) -> f32 {
        let Some(lane) = self.lanes.get(lane) else { return 0.0 };
        // A thousand rows of 127 are far below 2^24, up to which f32 holds integers exactly.
        sum as f32 * Self::norm(n_rows) * lane.scale + lane.bias
    }

    /// The weight of one row in one lane: what the row adds to the sum.
    #[must_use]
    pub fn weight(&self, row: u32, lane: usize) -> i32 {
        if lane >= self.lanes.len() {
            return 0;
        }
        self.sums(&[row]).get(lane).copied().unwrap_or_default()
    }

    /// The file of this table.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        bytes.extend(crate::features::REVISION.to_le_bytes());
        bytes.push(self.row_bits as u8);
        bytes.push(self.lanes.len() as u8);
        for lane in &self.lanes {
            bytes.push(lane.name.len() as u8);
            bytes.extend(lane.name.as_bytes());
            bytes.extend(lane.scale.to_le_bytes());
            bytes.extend(lane.bias.to_le_bytes());
        }
        let rows = self.lines.iter().flat_map(|line| line.0.chunks(self.width));
        for row in rows.take(1 << self.row_bits) {
            let weights = row.iter().map(|weight| weight.cast_unsigned());
            bytes.extend(weights.take(self.lanes.len()));
        }
        bytes.extend(checksum(&bytes).to_le_bytes());
        bytes
    }

    /// The table in a file.
    ///
    /// # Errors
    /// Where the file is of another kind, cut, damaged, or for other features.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, TableError> {
        let (body, sum) = bytes.split_last_chunk::<8>().ok_or(TableError::Magic)?;
        let mut rest = body.strip_prefix(MAGIC).ok_or(TableError::Magic)?;
        if checksum(body) != u64::from_le_bytes(*sum) {
            return Err(TableError::Checksum);
        }
        let found = u16::from_le_bytes(take(&mut rest)?);
        let expected = crate::features::REVISION;
        if found != expected {
            return Err(TableError::Revision { found, expected });
        }
        let [row_bits, n_lanes] = take(&mut rest)?;
        let mut lanes = Vec::with_capacity(usize::from(n_lanes));
        for _ in 0..n_lanes {
            let [n_name] = take(&mut rest)?;
            let (name, after) =
                rest.split_at_checked(usize::from(n_name)).ok_or(TableError::Length)?;
            rest = after;
            let name = String::from_utf8(name.to_vec()).ok().ok_or(TableError::Lanes)?;
            let scale = f32::from_le_bytes(take(&mut rest)?);
            let bias = f32::from_le_bytes(take(&mut rest)?);
            lanes.push(Lane { name, scale, bias });
        }
        let weights: Vec<i8> = rest.iter().map(|byte| byte.cast_signed()).collect();
        Self::new(lanes, u32::from(row_bits), &weights)
    }
}

fn take<const N: usize>(rest: &mut &[u8]) -> Result<[u8; N], TableError> {
    let (first, after) = rest.split_first_chunk().ok_or(TableError::Length)?;
    *rest = after;
    Ok(*first)
}

/// FNV-1a over words of eight bytes, the last one filled up with zeros.
fn checksum(bytes: &[u8]) -> u64 {
    let (words, tail) = bytes.as_chunks::<8>();
    let mut last = [0; 8];
    for (to, from) in last.iter_mut().zip(tail) {
        *to = *from;
    }
    words.iter().chain([&last]).fold(0xcbf2_9ce4_8422_2325, |hash: u64, word| {
        (hash ^ u64::from_le_bytes(*word)).wrapping_mul(0x100_0000_01b3).rotate_left(23)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lanes(n_lanes: usize) -> Vec<Lane> {
        (0..n_lanes).map(|lane| Lane { name: format!("l{lane}"), scale: 0.01, bias: 0.5 }).collect()
    }

    fn table(n_lanes: usize, row_bits: u32) -> Table {
        let weights: Vec<i8> =
            (0..n_lanes << row_bits).map(|place| (place * 37 % 255) as u8 as i8).collect();
        Table::new(lanes(n_lanes), row_bits, &weights).expect("a table")
    }

    #[test]
    fn sums_are_those_of_the_plain_way() {
        for n_lanes in [1, 3, 5, 8, 9, 13, 16, 20, 50, 64] {
            let table = table(n_lanes, 10);
            let rows: Vec<u32> =
                (0..2_000).map(|step| step * 7_919 % crate::N_ROWS as u32).collect();
            let sums = table.sums(&rows);
            for (lane, sum) in sums.iter().enumerate().take(n_lanes) {
                let plain: i32 = rows
                    .iter()
                    .map(|row| {
                        let place = (row >> (crate::ROW_BITS - 10)) as usize * n_lanes + lane;
                        i32::from((place * 37 % 255) as u8 as i8)
                    })
                    .sum();
                assert_eq!(*sum, plain, "lane {lane} of {n_lanes}");
            }
            assert!(sums.iter().skip(n_lanes).all(|sum| *sum == 0));
        }
    }

    #[test]
    fn tables_stand_beside_each_other() {
        let (one, other) = (table(3, 6), table(2, 6));
        let both = one.beside(&other).expect("as many rows");
        let rows = [0, 77_777, (1 << crate::ROW_BITS) - 1];
        let (sums, left, right) = (both.sums(&rows), one.sums(&rows), other.sums(&rows));
        assert_eq!((&sums[..3], &sums[3..5]), (&left[..3], &right[..2]));
    }

    #[test]
    fn wide_registers_change_nothing() {
        for n_lanes in [1, 8, 15, 31, 50] {
            let table = table(n_lanes, 10);
            let rows: Vec<u32> =
                (0..3_000).map(|step| step * 104_729 % crate::N_ROWS as u32).collect();
            assert_eq!(table.sums(&rows), table.sums_plainly(&rows));
        }
    }

    #[test]
    fn files_come_back_as_they_were() {
        let table = table(5, 6);
        let bytes = table.to_bytes();
        let back = Table::from_bytes(&bytes).expect("a table");
        assert_eq!(back.to_bytes(), bytes);
        assert_eq!((back.lane("l3"), back.lane("x"), back.row_bits()), (Some(3), None, 6));
        assert_eq!(back.weight(9, 2), table.weight(9, 2));
    }

    #[test]
    fn tables_side_by_side_score_as_each_alone() {
        let (large, small) = (table(3, 9), table(1, 7));
        for (one, other) in [(&large, &small), (&small, &large)] {
            let both = one.beside(other).expect("four lanes");
            for row in (0..crate::N_ROWS as u32).step_by(997) {
                let n_lanes = one.lanes().len();
                for lane in 0..4 {
                    let alone = if lane < n_lanes {
                        one.weight(row, lane)
                    } else {
                        other.weight(row, lane - n_lanes)
                    };
                    assert_eq!(both.weight(row, lane), alone, "lane {lane} of row {row}");
                }
            }
        }
    }

    #[test]
    fn bad_files_are_refused_with_their_reason() {
        let bytes = table(3, 4).to_bytes();
        #[track_caller]
        fn check(bytes: &[u8], expected: TableError) {
            assert_eq!(Table::from_bytes(bytes).map(drop), Err(expected));
        }
        check(b"", TableError::Magic);
        check(b"something else entirely", TableError::Magic);
        check(&bytes[..bytes.len() - 1], TableError::Checksum);
        let mut damaged = bytes.clone();
        damaged[40] ^= 1;
        check(&damaged, TableError::Checksum);
        let mut other = bytes[..bytes.len() - 8].to_vec();
        other[8] = 0xff;
        other.extend(checksum(&other).to_le_bytes());
        check(&other, TableError::Revision { found: 0xff, expected: crate::features::REVISION });
        let mut short = bytes[..bytes.len() - 9].to_vec();
        short.extend(checksum(&short).to_le_bytes());
        check(&short, TableError::Length);
        assert_eq!(Table::new(Vec::new(), 0, &[]).map(drop), Err(TableError::Lanes));
        assert_eq!(Table::new(lanes(65), 0, &[0; 65]).map(drop), Err(TableError::Lanes));
    }
}
