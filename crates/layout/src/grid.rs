//! A screen's division, drawn with words as CSS grid areas are.

use std::ops::Range;

use smol_str::SmolStr;

/// A screen divided into equal rows and columns, with named areas.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grid {
    /// Equal parts from left to right, at least 1.
    pub n_columns: u32,
    /// Equal parts from top to bottom, at least 1.
    pub n_rows: u32,
    /// The named areas, as they are first met when reading; they do not overlap.
    pub areas: Vec<(SmolStr, Area)>,
}

/// A rectangle of grid fields.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Area {
    /// The first column, from 0.
    pub column: u32,
    /// The first row, from 0.
    pub row: u32,
    /// Columns covered, at least 1.
    pub n_columns: u32,
    /// Rows covered, at least 1.
    pub n_rows: u32,
}

/// A rectangle as parts of the whole screen, each from 0 to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Fraction {
    /// The left edge.
    pub left: f32,
    /// The upper edge.
    pub top: f32,
    /// From left to right.
    pub width: f32,
    /// From top to bottom.
    pub height: f32,
}

/// A rectangle of whole pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PixelRect {
    /// The left edge.
    pub left: u32,
    /// The upper edge.
    pub top: u32,
    /// From left to right.
    pub width: u32,
    /// From top to bottom.
    pub height: u32,
}

/// The room around and between cells, in pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spacing {
    /// Around all cells.
    pub margin_px: u32,
    /// Between two neighbours.
    pub gap_px: u32,
}

/// What is wrong with a drawn grid.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct GridError {
    /// The bytes of the drawing that are at fault.
    pub span: Range<usize>,
    /// What is wrong.
    pub message: String,
}

impl Grid {
    /// More columns or rows than this would be pixels, not cells.
    pub const MAX_TRACKS: u32 = 48;
    /// More errors than this in one drawing do not help.
    const MAX_ERRORS: usize = 8;
    /// The word for a field that stays empty.
    pub const EMPTY: &'static str = ".";

    /// Reads a drawing: one line a row, one word a field, the same word over a whole rectangle.
    ///
    /// # Errors
    /// All that is wrong with it, each with its place.
    pub fn parse(drawing: &str) -> Result<Self, Vec<GridError>> {
        let rows = words(drawing);
        let mut errors = Vec::new();
        let n_columns = rows.first().map_or(0, Vec::len);
        if n_columns == 0 {
            return Err(vec![GridError {
                span: 0..drawing.len(),
                message: "the grid is empty: write one line a row, one word a field".to_owned(),
            }]);
        }
        check_shape(&rows, &mut errors);
        if !errors.is_empty() {
            return Err(errors);
        }
        let mut areas: Vec<(SmolStr, Area)> = Vec::new();
        for (row_idx, row) in rows.iter().enumerate() {
            for (column_idx, (word, _)) in row.iter().enumerate() {
                if *word == Self::EMPTY || areas.iter().any(|(name, _)| name == word) {
                    continue;
                }
                let area = grow(&rows, word, (row_idx, column_idx));
                report_strays(&rows, word, area, &mut errors);
                areas.push((SmolStr::new(word), area));
            }
        }
        if areas.is_empty() {
            errors.push(GridError {
                span: 0..drawing.len(),
                message: "the grid names no cell".to_owned(),
            });
        }
        if errors.is_empty() {
            Ok(Self { n_columns: track(n_columns), n_rows: track(rows.len()), areas })
        } else {
            Err(errors)
        }
    }

    /// The place of `area` as a part of the whole, gaps left out.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "grids have at most 48 tracks")]
    pub fn fraction(&self, area: &Area) -> Fraction {
        let (columns, rows) = (self.n_columns.max(1) as f32, self.n_rows.max(1) as f32);
        Fraction {
            left: area.column as f32 / columns,
            top: area.row as f32 / rows,
            width: area.n_columns as f32 / columns,
            height: area.n_rows as f32 / rows,
        }
    }

    /// The pixels of `area` on a surface of `size_px`.
    ///
    /// Edges fall on whole pixels; two neighbours are exactly `gap_px` apart, the outer cells exactly
    /// `margin_px` from the edge. A surface too small for its gaps gets none.
    #[must_use]
    pub fn pixel_rect(&self, area: &Area, size_px: (u32, u32), spacing: Spacing) -> PixelRect {
        let across = Tracks::new(size_px.0, self.n_columns, spacing);
        let down = Tracks::new(size_px.1, self.n_rows, spacing);
        let (left, width) = across.span(area.column, area.n_columns);
        let (top, height) = down.span(area.row, area.n_rows);
        PixelRect { left, top, width, height }
    }
}

/// One direction of a grid on whole pixels.
struct Tracks {
    n_tracks: u64,
    margin: u64,
    gap: u64,
    /// What is left for the tracks themselves.
    room: u64,
}

impl Tracks {
    fn new(length_px: u32, n_tracks: u32, spacing: Spacing) -> Self {
        let n_tracks = u64::from(n_tracks.max(1));
        let (margin, gap) = (u64::from(spacing.margin_px), u64::from(spacing.gap_px));
        let taken = 2 * margin + gap * (n_tracks - 1);
        let length = u64::from(length_px);
        // Each track keeps a pixel, or the gaps go.
        if taken + n_tracks <= length {
            Self { n_tracks, margin, gap, room: length - taken }
        } else {
            Self { n_tracks, margin: 0, gap: 0, room: length }
        }
    }

    /// Where `n_covered` tracks from `first` on begin, and how long they are with the gaps between.
    fn span(&self, first: u32, n_covered: u32) -> (u32, u32) {
        let first = u64::from(first).min(self.n_tracks);
        let last = (first + u64::from(n_covered)).min(self.n_tracks);
        let edge = |n_before: u64| self.room * n_before / self.n_tracks;
        let start = self.margin + first * self.gap + edge(first);
        let end = self.margin + last.saturating_sub(1) * self.gap + edge(last);
        let px = |length: u64| u32::try_from(length).unwrap_or(u32::MAX);
        (px(start), px(end.saturating_sub(start)))
    }
}

/// The words of each row that has any, with their bytes in the drawing.
fn words(drawing: &str) -> Vec<Vec<(&str, Range<usize>)>> {
    let mut rows = Vec::new();
    let mut line_start = 0;
    for line in drawing.split('\n') {
        let mut row = Vec::new();
        let mut word_start = None;
        for (byte, letter) in line.char_indices().chain([(line.len(), ' ')]) {
            match (letter.is_whitespace(), word_start) {
                (false, None) => word_start = Some(byte),
                (true, Some(start)) => {
                    let word = line.get(start..byte).unwrap_or_default();
                    row.push((word, line_start + start..line_start + byte));
                    word_start = None;
                }
                _ => {}
            }
        }
        if !row.is_empty() {
            rows.push(row);
        }
        line_start += line.len() + 1;
    }
    rows
}

/// Rows of one length, and not too many of them.
fn check_shape(rows: &[Vec<(&str, Range<usize>)>], errors: &mut Vec<GridError>) {
    let whole = |row: &[(&str, Range<usize>)]| {
        let start = row.first().map_or(0, |(_, span)| span.start);
        start..row.last().map_or(start, |(_, span)| span.end)
    };
    let n_columns = rows.first().map_or(0, Vec::len);
    let crooked = rows.iter().filter(|row| row.len() != n_columns);
    for row in crooked.take(Grid::MAX_ERRORS) {
        let message = format!("this row has {} words, the first row has {n_columns}", row.len());
        errors.push(GridError { span: whole(row), message });
    }
    if track(n_columns) > Grid::MAX_TRACKS || track(rows.len()) > Grid::MAX_TRACKS {
        let start = rows.first().map_or(0, |row| whole(row).start);
        let end = rows.last().map_or(start, |row| whole(row).end);
        let message = format!("a grid has at most {0} columns and {0} rows", Grid::MAX_TRACKS);
        errors.push(GridError { span: start..end, message });
    }
}

/// The rectangle of `word` that grows right, then down, from the field where it is first met.
fn grow(rows: &[Vec<(&str, Range<usize>)>], word: &str, from: (usize, usize)) -> Area {
    let (row, column) = from;
    let is_word = |fields: &Vec<(&str, Range<usize>)>, idx: usize| {
        fields.get(idx).is_some_and(|(other, _)| *other == word)
    };
    let n_columns = rows
        .get(row)
        .map_or(0, |fields| (column..).take_while(|idx| is_word(fields, *idx)).count());
    let n_rows = rows
        .iter()
        .skip(row)
        .take_while(|fields| (column..column + n_columns).all(|idx| is_word(fields, idx)))
        .count();
    Area {
        column: track(column),
        row: track(row),
        n_columns: track(n_columns),
        n_rows: track(n_rows),
    }
}

/// One error where `word` also stands outside its rectangle.
fn report_strays(
    rows: &[Vec<(&str, Range<usize>)>],
    word: &str,
    area: Area,
    errors: &mut Vec<GridError>,
) {
    let stray = rows.iter().enumerate().find_map(|(row_idx, row)| {
        row.iter().enumerate().find_map(|(column_idx, (other, span))| {
            let inside = area.holds(track(column_idx), track(row_idx));
            (*other == word && !inside).then(|| span.clone())
        })
    });
    if let Some(span) = stray {
        let message = format!("the fields of `{word}` do not form one rectangle");
        errors.push(GridError { span, message });
    }
}

impl Area {
    /// Whether the field at that column and row belongs to the area.
    #[must_use]
    pub const fn holds(&self, column: u32, row: u32) -> bool {
        self.column <= column
            && column < self.column + self.n_columns
            && self.row <= row
            && row < self.row + self.n_rows
    }
}

fn track(n_tracks: usize) -> u32 {
    u32::try_from(n_tracks).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The areas as `name column,row columns×rows`, or the errors with their bytes.
    #[track_caller]
    fn check(drawing: &str, expected: &str) {
        let answer = match Grid::parse(drawing) {
            Ok(grid) => {
                let areas = grid.areas.iter().map(|(name, area)| {
                    let Area { column, row, n_columns, n_rows } = area;
                    format!("{name} {column},{row} {n_columns}×{n_rows}")
                });
                areas.collect::<Vec<_>>().join("; ")
            }
            Err(errors) => {
                let errors = errors.iter().map(|err| format!("{:?} {}", err.span, err.message));
                errors.collect::<Vec<_>>().join("; ")
            }
        };
        assert_eq!(answer, expected);
    }

    #[test]
    fn words_are_rectangles() {
        check("feed", "feed 0,0 1×1");
        check(
            "\nfeed feed trends\nfeed feed mood\nkpi kpi mood\n",
            "feed 0,0 2×2; trends 2,0 1×1; mood 2,1 1×2; kpi 0,2 2×1",
        );
        check("a .\r\n. b\r\n", "a 0,0 1×1; b 1,1 1×1");
        check("  a\ta  \n\n  a a", "a 0,0 2×2");
        check("été 東京", "été 0,0 1×1; 東京 1,0 1×1");
    }

    #[test]
    fn other_shapes_are_refused() {
        check("", "0..0 the grid is empty: write one line a row, one word a field");
        check(". .", "0..3 the grid names no cell");
        check("a a\na b", "4..5 the fields of `a` do not form one rectangle");
        check("a b a", "4..5 the fields of `a` do not form one rectangle");
        check(
            "a b\nb a",
            "6..7 the fields of `a` do not form one rectangle; 4..5 the fields of `b` do not form one rectangle",
        );
        check("a b\na", "4..5 this row has 1 words, the first row has 2");
        let wide = "a ".repeat(49);
        check(&wide, "0..97 a grid has at most 48 columns and 48 rows");
    }

    #[test]
    fn fractions_cover_the_screen() {
        let grid = Grid::parse("a a b\na a c").unwrap();
        let fractions: Vec<Fraction> =
            grid.areas.iter().map(|(_, area)| grid.fraction(area)).collect();
        assert_eq!(fractions[0].width, 2.0 / 3.0);
        assert_eq!((fractions[2].left, fractions[2].top), (2.0 / 3.0, 0.5));
    }

    #[test]
    fn pixels_keep_their_gaps() {
        let grid = Grid::parse("a b c\na d d").unwrap();
        let spacing = Spacing { margin_px: 10, gap_px: 5 };
        let rects: Vec<PixelRect> =
            grid.areas.iter().map(|(_, area)| grid.pixel_rect(area, (100, 60), spacing)).collect();
        // 100 less 20 less 10 leaves 70 for three columns: 23, 23, 24.
        let rect = |left, top, width, height| PixelRect { left, top, width, height };
        assert_eq!(
            rects,
            [
                rect(10, 10, 23, 40),
                rect(38, 10, 23, 17),
                rect(66, 10, 24, 17),
                rect(38, 32, 52, 18)
            ]
        );
    }

    proptest! {
        /// Every pixel belongs to one cell, or to the margin or a gap of exactly the stated width.
        #[test]
        fn pixels_have_no_holes_and_no_overlaps(
            n_columns in 1..9_u32,
            n_rows in 1..9_u32,
            size_px in (1..400_u32, 1..400_u32),
            (margin_px, gap_px) in (0..9_u32, 0..9_u32),
            cut in (1..8_u32, 1..8_u32),
        ) {
            // One wide cell in the corner, single fields around it.
            let (wide, high) = (cut.0.min(n_columns), cut.1.min(n_rows));
            let grid = Grid { n_columns, n_rows, areas: Vec::new() };
            let mut areas = vec![Area { column: 0, row: 0, n_columns: wide, n_rows: high }];
            for row in 0..n_rows {
                for column in 0..n_columns {
                    if column >= wide || row >= high {
                        areas.push(Area { column, row, n_columns: 1, n_rows: 1 });
                    }
                }
            }
            let spacing = Spacing { margin_px, gap_px };
            let rects: Vec<PixelRect> =
                areas.iter().map(|area| grid.pixel_rect(area, size_px, spacing)).collect();
            let fits = |length: u32, n: u32| 2 * margin_px + (n - 1) * gap_px + n <= length;
            let (margin_x, gap_x) = if fits(size_px.0, n_columns) { (margin_px, gap_px) } else { (0, 0) };
            let (margin_y, gap_y) = if fits(size_px.1, n_rows) { (margin_px, gap_px) } else { (0, 0) };
            for (area, rect) in areas.iter().zip(&rects) {
                let right = rect.left + rect.width;
                let bottom = rect.top + rect.height;
                if area.column == 0 {
                    prop_assert_eq!(rect.left, margin_x);
                }
                if area.row == 0 {
                    prop_assert_eq!(rect.top, margin_y);
                }
                if area.column + area.n_columns == n_columns {
                    prop_assert_eq!(right, size_px.0 - margin_x);
                }
                if area.row + area.n_rows == n_rows {
                    prop_assert_eq!(bottom, size_px.1 - margin_y);
                }
                for (other_area, other) in areas.iter().zip(&rects) {
                    if other_area.column == area.column + area.n_columns {
                        prop_assert_eq!(other.left, right + gap_x);
                    }
                    if other_area.row == area.row + area.n_rows {
                        prop_assert_eq!(other.top, bottom + gap_y);
                    }
                }
            }
        }

        #[test]
        fn any_drawing_is_read_or_refused(drawing in "[ab.\n \\PC]{0,40}") {
            match Grid::parse(&drawing) {
                Ok(grid) => {
                    let n_fields: u32 =
                        grid.areas.iter().map(|(_, area)| area.n_columns * area.n_rows).sum();
                    prop_assert!(n_fields <= grid.n_columns * grid.n_rows);
                }
                Err(errors) => {
                    for err in errors {
                        prop_assert!(drawing.get(err.span.clone()).is_some());
                    }
                }
            }
        }
    }
}
