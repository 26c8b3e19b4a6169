//! The drawing of windows without windows.

use std::sync::Arc;

use egui::{Color32, Rect, Stroke, pos2, vec2};
use parking_lot::Mutex;
use vigie_layout::{Refresh, ScreenFacts};
use vigie_model::Timestamp;

use super::{
    direct::{Direct, Sink},
    sign::Sign,
    *,
};

const COLUMNS: usize = 4;
const ROWS: usize = 3;
const COLORS: [Color32; 5] =
    [Color32::DARK_RED, Color32::DARK_GREEN, Color32::DARK_BLUE, Color32::GOLD, Color32::BROWN];

/// Cells that each show a number with antialiased, translucent and overhanging shapes around it.
#[derive(Clone, Default)]
struct Mosaic(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    values: [usize; COLUMNS * ROWS],
    dirty: Vec<usize>,
}

struct Cells(Mosaic);

impl Stage for Mosaic {
    fn assign(&self, screens: &[ScreenFacts]) -> Vec<Assignment> {
        vec![Assignment::default(); screens.len()]
    }

    fn content(&self, _: &Opening<'_>) -> Box<dyn Content> {
        Box::new(Cells(self.clone()))
    }
}

impl Mosaic {
    fn set(&self, cell_idx: usize, value: usize) {
        let mut state = self.0.lock();
        state.values[cell_idx] = value;
        state.dirty.push(cell_idx);
    }
}

fn cell(cell_idx: usize) -> Rect {
    let size = vec2(301.0 / COLUMNS as f32, 167.0 / ROWS as f32);
    let place = vec2((cell_idx % COLUMNS) as f32, (cell_idx / COLUMNS) as f32);
    Rect::from_min_size((place * size).to_pos2(), size)
}

impl Content for Cells {
    fn look(&mut self, _: Timestamp) -> Look {
        let rects = std::mem::take(&mut self.0.0.lock().dirty).into_iter().map(cell).collect();
        Look { dirty: Dirty::Rects(rects), again: None }
    }

    fn ui(&mut self, ui: &mut egui::Ui) {
        for (cell_idx, value) in self.0.0.lock().values.iter().enumerate() {
            let rect = cell(cell_idx);
            let painter = ui.painter().with_clip_rect(rect);
            let color = COLORS[value % COLORS.len()];
            painter.rect_filled(rect.shrink(3.3), 7.0, color);
            painter.circle(
                rect.center(),
                5.0 + *value as f32,
                color.gamma_multiply(0.4),
                Stroke::new(1.5, Color32::WHITE),
            );
            painter.line_segment(
                [rect.min, rect.max + vec2(40.0, 9.0)],
                Stroke::new(0.7, Color32::LIGHT_BLUE),
            );
            paint_number(&painter, rect.shrink(9.0), *value, Color32::WHITE);
        }
        // Something that lies over several cells and never changes.
        ui.painter().circle_filled(pos2(150.0, 80.0), 60.0, Color32::from_black_alpha(90));
    }

    fn ground(&self) -> Color32 {
        Color32::DARK_GRAY
    }
}

fn screen(size_px: (u32, u32)) -> ScreenFacts {
    ScreenFacts {
        connector: "TEST".into(),
        edid: None,
        position_px: (0, 0),
        size_px,
        size_mm: None,
        scale: 1.0,
        refresh: Refresh::default(),
    }
}

#[test]
fn a_picture_drawn_piece_by_piece_is_the_picture_drawn_whole() {
    let easel = Easel::open().expect("a software rasterizer is part of what tests need");
    let mosaic = Mosaic::default();
    let facts = screen((301, 167));
    let now = Timestamp::EPOCH;
    let mut pieces = easel.canvas(&mosaic, &facts, &Assignment::default());
    assert_eq!(pieces.step(now), 301 * 167, "the first picture is drawn whole");
    assert_eq!(pieces.step(now), 0, "nothing changed, nothing is drawn");
    let seed = 7;
    let mut random = fastrand::Rng::with_seed(seed);
    for round in 0..12 {
        for _ in 0..random.usize(1..4) {
            mosaic.set(random.usize(..COLUMNS * ROWS), random.usize(..40));
        }
        let drawn = pieces.step(now);
        assert!((1..301 * 167).contains(&drawn), "round {round}: {drawn} pixels");
        let mut whole = easel.canvas(&mosaic, &facts, &Assignment::default());
        whole.step(now);
        let (pieces, whole) = (pieces.read().expect("read"), whole.read().expect("read"));
        let n_wrong =
            pieces.pixels().zip(whole.pixels()).filter(|(piece, other)| piece != other).count();
        assert_eq!(n_wrong, 0, "round {round}, seed {seed}");
    }
}

#[test]
fn a_spoiled_picture_is_drawn_whole_again_and_is_not_empty() {
    let easel = Easel::open().expect("a software rasterizer is part of what tests need");
    let mosaic = Mosaic::default();
    let mut canvas = easel.canvas(&mosaic, &screen((64, 48)), &Assignment::default());
    canvas.step(Timestamp::EPOCH);
    let before = canvas.read().expect("read");
    canvas.spoil();
    assert_eq!(canvas.step(Timestamp::EPOCH), 64 * 48);
    assert_eq!(canvas.read().expect("read"), before);
    let n_colors = before.pixels().collect::<std::collections::HashSet<_>>().len();
    assert!(n_colors > 5, "{n_colors} colors");
}

#[test]
fn a_handle_without_a_wall_does_nothing_and_does_not_wait() {
    let handle = WallHandle::new();
    handle.wake();
    handle.toggle_identify();
    handle.inject(3, Fault::Panic);
    handle.stop();
    assert!(handle.screens().is_empty());
}

#[test]
fn large_areas_drawn_the_short_way_are_the_same_to_the_pixel() {
    let easel = Easel::open().expect("a software rasterizer is part of what tests need");
    let mosaic = Mosaic::default();
    for size_px in [(301, 167), (1280, 720), (97, 613)] {
        let facts = screen(size_px);
        let mut short = easel.canvas(&mosaic, &facts, &Assignment::default());
        let mut long = easel.canvas(&mosaic, &facts, &Assignment::default());
        short.set_split(true);
        long.set_split(false);
        short.step(Timestamp::EPOCH);
        long.step(Timestamp::EPOCH);
        let (short, long) = (short.read().expect("read"), long.read().expect("read"));
        let n_wrong = short.pixels().zip(long.pixels()).filter(|(one, other)| one != other).count();
        assert_eq!(n_wrong, 0, "{size_px:?}");
    }
}

/// A window that keeps what it is sent.
struct Sheet {
    image: Arc<Mutex<image::RgbaImage>>,
    max_bytes: u32,
}

impl Sink for Sheet {
    type Error = std::convert::Infallible;

    fn max_bytes(&self) -> u32 {
        self.max_bytes
    }

    fn put(&mut self, place: [u32; 2], size: [u32; 2], pixels: &[u8]) -> Result<(), Self::Error> {
        let [width, height] = size;
        assert!(height == 1 || pixels.len() as u32 <= self.max_bytes);
        let part = image::RgbaImage::from_raw(width, height, pixels.to_vec()).expect("packed rows");
        image::imageops::replace(&mut *self.image.lock(), &part, place[0].into(), place[1].into());
        Ok(())
    }

    fn finish(&mut self) -> Result<(), Self::Error> {
        Ok(())
    }
}

/// A screen whose picture is sent, and what was sent.
fn sent(
    easel: &Easel,
    facts: &ScreenFacts,
    max_bytes: u32,
) -> (Direct<Sheet>, Arc<Mutex<image::RgbaImage>>) {
    let (width, height) = facts.size_px;
    let image = Arc::new(Mutex::new(image::RgbaImage::new(width, height)));
    let sheet = Sheet { image: image.clone(), max_bytes };
    (Direct::new(easel.brush(), sheet, [width, height], Arc::default()), image)
}

#[test]
fn a_picture_sent_piece_by_piece_is_the_picture_sent_whole() {
    let easel = Easel::open().expect("a software rasterizer is part of what tests need");
    let seed = 11;
    let mut random = fastrand::Rng::with_seed(seed);
    for (size_px, max_bytes) in [((301, 167), 1_000), ((1280, 720), u32::MAX), ((97, 4_613), 77)] {
        let facts = screen(size_px);
        let assignment = Assignment::default();
        let opening = Opening { facts: &facts, assignment: &assignment };
        let mosaic = Mosaic::default();
        let mut content = mosaic.content(&opening);
        let (mut pieces, shown) = sent(&easel, &facts, max_bytes);
        for round in 0..6 {
            for _ in 0..random.usize(1..4) {
                mosaic.set(random.usize(..COLUMNS * ROWS), random.usize(..40));
            }
            let dirty = content.look(Timestamp::EPOCH).dirty;
            pieces.show(content.as_mut(), &Sign::None, &dirty, 0.0).expect("sent");
            let (mut whole, expected) = sent(&easel, &facts, u32::MAX);
            whole.show(content.as_mut(), &Sign::None, &Dirty::All, 0.0).expect("sent");
            assert!(*shown.lock() == *expected.lock(), "round {round}, {size_px:?}, seed {seed}");
            // A band lies elsewhere in its texture than in the screen's: the last bit of an edge may differ.
            let mut canvas = easel.canvas(&mosaic, &facts, opening.assignment);
            canvas.step(Timestamp::EPOCH);
            let kept = canvas.read().expect("read");
            let shown = shown.lock();
            let n_wrong = kept.pixels().zip(shown.pixels()).filter(|(one, other)| {
                one.0.iter().zip(other.0).any(|(one, other)| one.abs_diff(other) > 2)
            });
            assert_eq!(n_wrong.count(), 0, "round {round}, {size_px:?}, seed {seed}");
        }
    }
}

#[test]
fn nothing_is_sent_where_nothing_changed() {
    let easel = Easel::open().expect("a software rasterizer is part of what tests need");
    let facts = screen((301, 167));
    let assignment = Assignment::default();
    let opening = Opening { facts: &facts, assignment: &assignment };
    let mut content = Mosaic::default().content(&opening);
    let (mut direct, image) = sent(&easel, &facts, u32::MAX);
    let all = direct.show(content.as_mut(), &Sign::None, &Dirty::Nothing, 0.0).expect("sent");
    assert_eq!(all, 301 * 167, "the first picture is sent whole");
    image.lock().fill(0);
    let none = direct.show(content.as_mut(), &Sign::None, &Dirty::Nothing, 0.0).expect("sent");
    assert_eq!(none, 0);
    assert!(image.lock().iter().all(|byte| *byte == 0));
}
