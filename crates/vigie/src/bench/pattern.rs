//! A moving test picture, and a wall that shows it: what the benches of windows run.

use std::{
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail};
use egui::{Color32, Rect, Stroke, pos2, vec2};
use serde::{Deserialize, Serialize};
use vigie_layout::ScreenFacts;
use vigie_model::{SystemClock, Timestamp};

use crate::wall::{
    self, Assignment, Content, Dirty, Look, Opening, Stage, WallHandle, WallOptions, pace,
    paint_number,
};

/// Cards of the picture: about what a feed shows.
const N_CARDS: usize = 40;

/// How long windows have to show something before the run is given up.
const OPEN_WITHIN: Duration = Duration::from_secs(60);

/// Between two looks at whether they do.
const CHECK_EVERY: Duration = Duration::from_millis(5);

/// Puts the test picture on every screen; all of it changes in every frame.
#[derive(Debug)]
pub(crate) struct PatternStage;

impl Stage for PatternStage {
    fn assign(&self, screens: &[ScreenFacts]) -> Vec<Assignment> {
        screens
            .iter()
            .map(|screen| Assignment { name: screen.connector.to_string(), question: None })
            .collect()
    }

    fn content(&self, opening: &Opening<'_>) -> Box<dyn Content> {
        let (width, height) = opening.facts.size_px;
        let size = vec2(width as f32, height as f32);
        Box::new(Pattern { size, n_frames: 0 })
    }
}

struct Pattern {
    /// What the screen should measure: a frame around it shows a window of another size.
    size: egui::Vec2,
    n_frames: usize,
}

impl Content for Pattern {
    fn look(&mut self, _: Timestamp) -> Look {
        Look { dirty: Dirty::All, again: Some(Duration::ZERO) }
    }

    fn ui(&mut self, ui: &mut egui::Ui) {
        self.n_frames += 1;
        let screen = ui.max_rect();
        let painter = ui.painter();
        let height = screen.height() / 9.0;
        for card in 0..N_CARDS {
            let shift = (card * 29 + self.n_frames) % N_CARDS;
            let top = screen.top() + (shift as f32) * height;
            let rect = Rect::from_min_size(
                pos2(screen.left() + 4.0, top),
                vec2(screen.width() - 8.0, height * 0.9),
            );
            painter.rect(
                rect,
                height * 0.15,
                Color32::DARK_BLUE,
                Stroke::new(1.0, Color32::GRAY),
                egui::StrokeKind::Inside,
            );
            paint_number(painter, rect.shrink(height * 0.2), card, Color32::LIGHT_BLUE);
        }
        let whole = Rect::from_min_size(screen.min, self.size);
        let line = Stroke::new(2.0, Color32::WHITE);
        painter.rect_stroke(whole, 0.0, line, egui::StrokeKind::Inside);
        let square = Rect::from_center_size(screen.center(), screen.size() * 0.5);
        paint_number(painter, square, self.n_frames, Color32::WHITE);
    }
}

/// When each window presented, in seconds since the measurement began.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Presents {
    pub(crate) screen: String,
    pub(crate) at_secs: Vec<f64>,
}

/// A running wall of test pictures, seen from the thread that measures.
pub(crate) struct PatternWall {
    pub(crate) handle: WallHandle,
    pub(crate) n_screens: usize,
}

impl PatternWall {
    /// Runs a wall on this thread, and `measure` in another; the wall ends with it.
    pub(crate) fn run<T: Send + 'static>(
        n_screens: usize,
        measure: impl FnOnce(&Self) -> anyhow::Result<T> + Send + 'static,
    ) -> anyhow::Result<T> {
        let handle = WallHandle::new();
        let wall = Self { handle: handle.clone(), n_screens };
        let measuring = thread::Builder::new().name("measure".to_owned()).spawn(move || {
            let measured = measure(&wall);
            wall.handle.stop();
            measured
        })?;
        let options = WallOptions {
            clock: Arc::new(SystemClock),
            keeps_awake: false,
            is_traced: true,
            // What blocks, as a hardware driver does, is the swapchain.
            is_swapchain_only: true,
            on_key: None,
            backstage: None,
        };
        wall::run(options, Arc::new(PatternStage), &handle)?;
        measuring.join().ok().context("the measurement panicked")?
    }

    /// Waits until every screen shows a picture of its own size.
    pub(crate) fn wait_until_shown(&self) -> anyhow::Result<()> {
        wait_until_shown(&self.handle, self.n_screens)
    }

    /// The presents of every screen from `from` to `to`.
    pub(crate) fn presents(&self, from: Instant, to: Instant) -> Vec<Presents> {
        let screens = self.handle.screens();
        screens
            .iter()
            .map(|screen| {
                let trace = screen.stats().trace();
                let inside = trace.iter().filter(|at| (from..=to).contains(*at));
                let at_secs = inside.map(|at| at.duration_since(from).as_secs_f64()).collect();
                Presents { screen: screen.facts.connector.to_string(), at_secs }
            })
            .collect()
    }
}

/// Waits until `n_screens` screens show a picture of their own size.
pub(crate) fn wait_until_shown(handle: &WallHandle, n_screens: usize) -> anyhow::Result<()> {
    let give_up = pace::now() + OPEN_WITHIN;
    loop {
        let screens = handle.screens();
        let n_shown = screens
            .iter()
            .filter(|screen| {
                let counts = screen.counts();
                counts.presented > 0 && counts.size_px == screen.facts.size_px
            })
            .count();
        if n_shown >= n_screens {
            return Ok(());
        }
        if pace::now() >= give_up {
            bail!("{n_shown} of {n_screens} screens show a picture after {OPEN_WITHIN:?}");
        }
        thread::sleep(CHECK_EVERY);
    }
}
