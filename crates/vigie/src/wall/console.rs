//! What the console's window shows, seen from its own thread, and what passes between that and the main thread.
//!
//! They share a slot each way and no lock that anybody draws under: a console that stands still stands still
//! alone.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use egui::{PlatformOutput, RawInput, ViewportId};
use parking_lot::Mutex;
use vigie_layout::ScreenFacts;
use vigie_model::Timestamp;

use crate::wall::{
    content::{Assignment, Content, Dirty, Look, Opening, Stage},
    handle::WallHandle,
    pace,
};

/// Events that wait for a console that stands still. A person makes a hundred a second with a mouse.
const MAX_EVENTS: usize = 1_024;

/// Between two looks at a room that changes while nobody touches the console.
const REST: Duration = Duration::from_millis(100);

/// A frame wanted later than this will be asked for again before.
const FAR_AHEAD: Duration = Duration::from_hours(1);

/// What people work with.
///
/// It lives in the console's own thread, and is made anew when that thread is and when the window is opened again.
pub(crate) trait Panel: Send {
    /// It is about to be drawn with `ctx` for the first time.
    fn begin(&mut self, ctx: &egui::Context);

    /// Whether what it shows may have changed since it was drawn. Cheap: asked ten times a second.
    fn look(&mut self, now: Timestamp) -> bool;

    /// Draws all of it; what does not differ from before is not rasterized.
    fn ui(&mut self, ui: &mut egui::Ui);
}

/// Makes the console.
pub(crate) trait Backstage: Send + Sync {
    /// What the window shows, made in its thread.
    fn panel(&self) -> Box<dyn Panel>;

    /// The connector of the screen that is kept for the console; none where any free one will do.
    fn connector(&self) -> Option<String>;

    /// What the window is called.
    fn title(&self) -> String;
}

/// What waits on either side.
#[derive(Default)]
struct Waiting {
    events: Vec<egui::Event>,
    is_focused: bool,
    scale: Option<f32>,
    /// Whether a screen reader wants to know what there is.
    is_read_out: Option<bool>,
    output: Option<PlatformOutput>,
}

/// Between the main thread and the console's.
#[derive(Default)]
pub(super) struct Inbox(Mutex<Waiting>);

impl Inbox {
    /// Takes in what winit's events were translated to.
    pub(super) fn put(&self, mut input: RawInput) {
        let viewport = input.viewports.get(&ViewportId::ROOT);
        let scale = viewport.and_then(|viewport| viewport.native_pixels_per_point);
        let mut waiting = self.0.lock();
        waiting.scale = scale.or(waiting.scale);
        waiting.is_focused = input.focused;
        let n_free = MAX_EVENTS.saturating_sub(waiting.events.len());
        input.events.truncate(n_free);
        waiting.events.append(&mut input.events);
    }

    /// A screen reader does something.
    pub(super) fn put_event(&self, event: egui::Event) {
        let mut waiting = self.0.lock();
        if waiting.events.len() < MAX_EVENTS {
            waiting.events.push(event);
        }
    }

    /// A screen reader came or went.
    pub(super) fn set_read_out(&self, is_read_out: bool) {
        self.0.lock().is_read_out = Some(is_read_out);
    }

    /// What the console asks of the window system.
    pub(super) fn take_output(&self) -> Option<PlatformOutput> {
        self.0.lock().output.take()
    }

    fn has_input(&self) -> bool {
        let waiting = self.0.lock();
        !waiting.events.is_empty() || waiting.is_read_out.is_some()
    }

    /// Only the newest counts, but for what is to be done once.
    fn put_output(&self, mut output: PlatformOutput) {
        let mut waiting = self.0.lock();
        if let Some(mut before) = waiting.output.take() {
            before.commands.append(&mut output.commands);
            output.commands = before.commands;
            output.accesskit_update = output.accesskit_update.or(before.accesskit_update);
        }
        waiting.output = Some(output);
    }
}

/// A panel as a screen's thread draws it.
struct PanelContent {
    panel: Box<dyn Panel>,
    inbox: Arc<Inbox>,
    handle: WallHandle,
    ctx: Option<egui::Context>,
    scale: f32,
    /// When egui wants the next frame.
    again_at: Option<Instant>,
    /// Something moves.
    is_lively: bool,
    told: Option<(egui::CursorIcon, Option<egui::output::IMEOutput>)>,
}

impl Content for PanelContent {
    fn begin(&mut self, ctx: &egui::Context) {
        ctx.options_mut(|options| options.zoom_with_keyboard = false);
        self.panel.begin(ctx);
        self.ctx = Some(ctx.clone());
    }

    fn look(&mut self, now: Timestamp) -> Look {
        let machine_now = pace::now();
        let is_due = self.again_at.is_some_and(|at| at <= machine_now);
        let is_dirty = self.panel.look(now) || is_due || self.inbox.has_input();
        let dirty = if is_dirty { Dirty::All } else { Dirty::Nothing };
        let again = self.again_at.map(|at| at.saturating_duration_since(machine_now));
        Look { dirty, again }
    }

    fn ui(&mut self, ui: &mut egui::Ui) {
        self.panel.ui(ui);
    }

    fn pixels_per_point(&self) -> f32 {
        self.inbox.0.lock().scale.unwrap_or(self.scale)
    }

    fn prepare(&mut self, input: &mut RawInput) {
        let mut waiting = self.inbox.0.lock();
        let rest = after_one_key(&mut waiting.events);
        input.events = std::mem::replace(&mut waiting.events, rest);
        input.focused = waiting.is_focused;
        if let (Some(ctx), Some(is_read_out)) = (&self.ctx, waiting.is_read_out.take()) {
            if is_read_out {
                ctx.enable_accesskit();
            } else {
                ctx.disable_accesskit();
            }
        }
    }

    fn conclude(&mut self, output: PlatformOutput, again: Duration) {
        self.again_at = (again < FAR_AHEAD).then(|| pace::now() + again);
        self.is_lively = again < REST;
        let tells = (output.cursor_icon, output.ime);
        let is_news = self.told != Some(tells)
            || !output.commands.is_empty()
            || output.accesskit_update.is_some();
        if is_news {
            self.told = Some(tells);
            self.inbox.put_output(output);
            self.handle.order(|orders| orders.console_spoke = true);
        }
    }

    fn is_compared(&self) -> bool {
        true
    }

    fn again(&self) -> Option<Duration> {
        let wanted = self.again_at.map(|at| at.saturating_duration_since(pace::now()));
        if self.inbox.has_input() { Some(Duration::ZERO) } else { wanted }
    }

    fn rest(&self) -> Duration {
        if self.is_lively || self.inbox.has_input() { Duration::ZERO } else { REST }
    }
}

/// Takes the events away that come with or after the second key press.
///
/// Each key is for what the key before it brought about: a letter typed at once after the key that opens a field
/// belongs in that field.
fn after_one_key(events: &mut Vec<egui::Event>) -> Vec<egui::Event> {
    let is_press = |event: &egui::Event| matches!(event, egui::Event::Key { pressed: true, .. });
    let mut presses = events.iter().enumerate().filter(|(_, event)| is_press(event));
    match presses.nth(1) {
        Some((second, _)) => events.split_off(second),
        None => Vec::new(),
    }
}

/// Makes a console's content; there is nothing to assign.
pub(super) struct ConsoleStage {
    pub(super) backstage: Arc<dyn Backstage>,
    pub(super) inbox: Arc<Inbox>,
    pub(super) handle: WallHandle,
}

impl Stage for ConsoleStage {
    fn assign(&self, screens: &[ScreenFacts]) -> Vec<Assignment> {
        vec![Assignment::default(); screens.len()]
    }

    fn content(&self, opening: &Opening<'_>) -> Box<dyn Content> {
        Box::new(PanelContent {
            panel: self.backstage.panel(),
            inbox: self.inbox.clone(),
            handle: self.handle.clone(),
            ctx: None,
            scale: opening.facts.scale as f32,
            again_at: None,
            is_lively: false,
            told: None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Default)]
    struct Counting {
        n_frames: usize,
    }

    impl Panel for Counting {
        fn begin(&mut self, _: &egui::Context) {}

        fn look(&mut self, _: Timestamp) -> bool {
            false
        }

        fn ui(&mut self, _: &mut egui::Ui) {
            self.n_frames += 1;
        }
    }

    struct Desk;

    impl Backstage for Desk {
        fn panel(&self) -> Box<dyn Panel> {
            Box::<Counting>::default()
        }

        fn connector(&self) -> Option<String> {
            None
        }

        fn title(&self) -> String {
            String::new()
        }
    }

    fn content(inbox: &Arc<Inbox>) -> PanelContent {
        PanelContent {
            panel: Desk.panel(),
            inbox: inbox.clone(),
            handle: WallHandle::new(),
            ctx: None,
            scale: 1.0,
            again_at: None,
            is_lively: false,
            told: None,
        }
    }

    fn key() -> RawInput {
        RawInput { events: vec![egui::Event::Text("a".to_owned())], ..RawInput::default() }
    }

    #[test]
    fn a_console_that_nobody_touches_draws_nothing() {
        let inbox = Arc::<Inbox>::default();
        let mut content = content(&inbox);
        assert_eq!(content.look(Timestamp::EPOCH), Look::default());
        inbox.put(key());
        assert_eq!(content.look(Timestamp::EPOCH).dirty, Dirty::All);
        let mut input = RawInput::default();
        content.prepare(&mut input);
        assert_eq!(input.events.len(), 1);
        assert_eq!(content.look(Timestamp::EPOCH).dirty, Dirty::Nothing);
    }

    #[test]
    fn one_key_a_frame() {
        let press = |key| egui::Event::Key {
            key,
            physical_key: None,
            pressed: true,
            repeat: false,
            modifiers: egui::Modifiers::NONE,
        };
        let text = |text: &str| egui::Event::Text(text.to_owned());
        let mut events = vec![
            press(egui::Key::F),
            text("f"),
            press(egui::Key::R),
            text("r"),
            press(egui::Key::E),
        ];
        let rest = after_one_key(&mut events);
        assert_eq!(events, [press(egui::Key::F), text("f")]);
        assert_eq!(rest, [press(egui::Key::R), text("r"), press(egui::Key::E)]);
        let mut events = vec![text("a"), egui::Event::PointerGone];
        assert!(after_one_key(&mut events).is_empty() && events.len() == 2);
    }

    #[test]
    fn a_console_that_stands_still_costs_no_memory() {
        let inbox = Inbox::default();
        for _ in 0..2 * MAX_EVENTS {
            inbox.put(key());
        }
        assert_eq!(inbox.0.lock().events.len(), MAX_EVENTS);
    }

    #[test]
    fn what_is_to_be_done_once_is_not_lost() {
        let inbox = Inbox::default();
        let copy = |text: &str| PlatformOutput {
            commands: vec![egui::OutputCommand::CopyText(text.to_owned())],
            ..PlatformOutput::default()
        };
        inbox.put_output(copy("a"));
        inbox.put_output(copy("b"));
        assert_eq!(inbox.take_output().map(|output| output.commands.len()), Some(2));
        assert!(inbox.take_output().is_none());
    }
}
