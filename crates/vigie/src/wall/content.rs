//! What the wall is told to draw: the border between windows and what they show.

use std::time::Duration;

use vigie_layout::ScreenFacts;
use vigie_model::Timestamp;

/// What one screen shows.
///
/// It lives in its screen's thread and is made anew when that thread is: after a panic, a lost GPU, a reload.
pub(crate) trait Content: Send {
    /// It is about to be drawn with `ctx` for the first time.
    fn begin(&mut self, ctx: &egui::Context) {
        let _ = ctx;
    }

    /// What changed since the last call of [`Content::ui`], and when to look again.
    ///
    /// Called after each wake-up and at the time asked for, at most once a frame, so it must be cheap.
    fn look(&mut self, now: Timestamp) -> Look;

    /// Draws the whole screen; only what [`Content::look`] named is rasterized.
    fn ui(&mut self, ui: &mut egui::Ui);

    /// Physical pixels per egui point.
    fn pixels_per_point(&self) -> f32 {
        1.0
    }

    /// The colour under everything.
    fn ground(&self) -> egui::Color32 {
        egui::Color32::BLACK
    }

    /// What was drawn last has been handed to the screen.
    fn presented(&mut self, now: Timestamp) {
        let _ = now;
    }

    /// Adds what people did in the window to what egui is told. Nobody works in the windows of screens.
    fn prepare(&mut self, input: &mut egui::RawInput) {
        let _ = input;
    }

    /// What egui asks of the window system after [`Content::ui`], and when it wants the next frame.
    fn conclude(&mut self, output: egui::PlatformOutput, again: Duration) {
        let _ = (output, again);
    }

    /// Whether [`Content::look`] only guesses, so that what is drawn is compared with what was drawn before.
    fn is_compared(&self) -> bool {
        false
    }

    /// When to look again after what was drawn last, if that is sooner than [`Content::look`] said.
    fn again(&self) -> Option<Duration> {
        None
    }

    /// The least time between two looks that only a wake-up asks for.
    fn rest(&self) -> Duration {
        Duration::ZERO
    }
}

/// Between two looks without a wake-up where the GPU is a processor.
pub(super) const CPU_STEP: Duration = Duration::from_millis(50);

/// Pixels that a screen rasterizes in a second where the GPU is a processor: a pixel costs it about 35 ns, text,
/// copies and presenting included, so ten such screens take half a core.
pub(super) const CPU_PIXELS_PER_SEC: u64 = 1_500_000;

/// The first pixels of a frame, a small screen's worth, count for half: what is cheap to draw need not wait.
pub(super) const CPU_QUICK_PX: u64 = 128 * 1_024;

/// The answer of [`Content::look`].
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Look {
    /// What to draw now.
    pub(crate) dirty: Dirty,
    /// How long until it is worth a look without a wake-up: the next tick of a clock, the next step of an
    /// animation, a take that is due. Machine time, not room time. `None`: only after a wake-up.
    /// Where the GPU is a processor, motion is reduced: it is never less than [`CPU_STEP`].
    pub(crate) again: Option<Duration>,
}

/// The part of a screen whose pixels must be drawn again.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Dirty {
    /// Nothing: no frame is presented.
    #[default]
    Nothing,
    /// These rectangles, in points. They may overlap.
    Rects(Vec<egui::Rect>),
    /// The whole screen.
    All,
}

/// Decides what each screen shows, and makes it.
pub(crate) trait Stage: Send + Sync {
    /// What each of the plugged screens is, in the same order.
    ///
    /// Called on the main thread whenever the set of screens changes.
    fn assign(&self, screens: &[ScreenFacts]) -> Vec<Assignment>;

    /// Makes the content of one screen, in that screen's thread.
    fn content(&self, opening: &Opening<'_>) -> Box<dyn Content>;
}

/// What a screen has been found to be. A screen whose assignment changes gets new content.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Assignment {
    /// The name of its layout; empty where it has none.
    pub(crate) name: String,
    /// What a person must decide, where screens cannot be told apart; drawn over the content.
    pub(crate) question: Option<String>,
}

/// What a content is made for.
#[derive(Debug)]
pub(crate) struct Opening<'a> {
    /// The screen.
    pub(crate) facts: &'a ScreenFacts,
    /// What it was found to be.
    pub(crate) assignment: &'a Assignment,
}
