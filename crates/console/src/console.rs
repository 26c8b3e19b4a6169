//! The console itself: events to acts, acts to what is asked of the host, and one frame of drawing.

use std::sync::Arc;

use egui::{Event, Ui};
use vigie_layout::Locale;
use vigie_model::Explainer;
use vigie_widgets::{Setup, Shelf, TextEngine, Words};

use crate::{
    desk::{Desk, Field},
    keys::{self, Focus, Press},
    kit::{Pen, dress},
    label::View,
    moment::{Moment, Request},
    view,
};

/// The operator's and presenter's console.
pub struct Console {
    desk: Desk,
    text: TextEngine,
    shelf: Shelf,
    explainer: Option<Arc<dyn Explainer>>,
    is_dressed: bool,
    n_rows: usize,
}

impl std::fmt::Debug for Console {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Console({:?}, {:?})", self.desk.view, self.text)
    }
}

impl Console {
    /// A console that speaks `setup`'s language, on the view of the room.
    #[must_use]
    pub fn new(setup: &Setup) -> Self {
        Self {
            desk: Desk { locale: setup.words.locale, ..Desk::default() },
            text: TextEngine::new(&setup.fonts),
            shelf: Shelf::new(Arc::clone(&setup.pictures)),
            explainer: setup.explainer.clone(),
            is_dressed: false,
            n_rows: 0,
        }
    }

    /// Draws one frame, and says what the person wants.
    pub fn ui(&mut self, ui: &mut Ui, moment: &Moment<'_>) -> Vec<Request> {
        if !self.is_dressed {
            dress(ui.ctx());
            self.is_dressed = true;
            ui.ctx().request_repaint();
        }
        self.text.begin_frame(ui.pixels_per_point());
        self.shelf.begin_frame();
        self.desk.look(moment);
        self.listen(ui, moment);
        let words = Words { locale: self.desk.locale, zone: moment.room.time_zone.clone() };
        let mut acts = Vec::new();
        let mut pen = Pen {
            ui,
            text: &mut self.text,
            shelf: &mut self.shelf,
            explainer: self.explainer.as_deref(),
            words: &words,
            moment: *moment,
            acts: &mut acts,
            n_rows: 0,
            is_covered: false,
        };
        view::ui(&mut pen, &mut self.desk);
        self.n_rows = pen.n_rows;
        self.desk.focus = None;
        let has_acted = !acts.is_empty();
        for act in acts {
            self.desk.apply(act, moment);
        }
        if has_acted || self.desk.focus.is_some() {
            ui.ctx().request_repaint();
        }
        self.blur(ui);
        std::mem::take(&mut self.desk.requests)
    }

    /// Reads the keys of this frame, and takes from egui those that are the console's.
    fn listen(&mut self, ui: &Ui, moment: &Moment<'_>) {
        let mut focus = focus(ui);
        let events: Vec<Event> = ui.input(|input| input.events.clone());
        for press in events.iter().filter_map(Press::of) {
            let Some(act) = keys::act(press, focus) else { continue };
            self.desk.apply(act, moment);
            if self.desk.focus.is_some() {
                focus = Focus::Field;
            }
        }
        // A field that opens in this frame must not get the letter that opened it.
        let opened = self.desk.focus.is_some();
        let keeps = move |event: &Event| match event {
            Event::Text(_) => focus == Focus::Field && !opened,
            Event::Key { key, .. } => match focus {
                Focus::Field => !opened && *key != egui::Key::Enter,
                Focus::Button => matches!(key, egui::Key::Enter | egui::Key::Space),
                Focus::Free => false,
            },
            _ => true,
        };
        ui.input_mut(|input| input.events.retain(keeps));
        if self.blur(ui) {
            ui.ctx().request_repaint();
        }
    }

    /// Gives the keyboard back where a field is to have it no longer.
    fn blur(&mut self, ui: &Ui) -> bool {
        if !std::mem::take(&mut self.desk.blur) {
            return false;
        }
        let ids = Field::ALL.map(Field::id);
        ui.memory_mut(|memory| {
            let focused = memory.focused().filter(|id| ids.contains(id));
            if let Some(id) = focused {
                memory.surrender_focus(id);
            }
            focused.is_some()
        })
    }

    /// The view that is open.
    #[must_use]
    pub const fn view(&self) -> View {
        self.desk.view
    }

    /// Opens a view.
    pub fn show(&mut self, view: View) {
        self.desk.show(view);
    }

    /// The language that it speaks.
    #[must_use]
    pub const fn locale(&self) -> Locale {
        self.desk.locale
    }

    /// Rows of lists that the last frame laid out: as many as are to be seen, however long the lists are.
    #[must_use]
    pub const fn n_rows(&self) -> usize {
        self.n_rows
    }

    /// Forgets what the graphics processor held, as after the loss of its device or of the egui context.
    pub fn forget_uploads(&mut self) {
        self.text.forget_glyphs();
        self.shelf.clear();
        self.is_dressed = false;
    }
}

/// What has the keyboard.
fn focus(ui: &Ui) -> Focus {
    let ids = Field::ALL.map(Field::id);
    match ui.memory(|memory| memory.focused()) {
        Some(id) if ids.contains(&id) => Focus::Field,
        Some(_) => Focus::Button,
        None => Focus::Free,
    }
}
