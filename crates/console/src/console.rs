//! The console itself: its state between two frames.

use egui::Ui;
use vigie_layout::Locale;
use vigie_widgets::Setup;

use crate::{
    label::View,
    moment::{Moment, Request},
};

/// The operator's and presenter's console.
#[derive(Debug)]
pub struct Console {
    view: View,
    locale: Locale,
}

impl Console {
    /// A console that speaks `setup`'s language, on the view of the room.
    #[must_use]
    pub fn new(setup: &Setup) -> Self {
        Self { view: View::Room, locale: setup.words.locale }
    }

    /// Draws one frame, and says what the person wants.
    pub fn ui(&mut self, _ui: &mut Ui, _moment: &Moment<'_>) -> Vec<Request> {
        Vec::new()
    }

    /// The view that is open.
    #[must_use]
    pub const fn view(&self) -> View {
        self.view
    }

    /// Opens a view.
    pub fn show(&mut self, view: View) {
        self.view = view;
    }

    /// The language that it speaks.
    #[must_use]
    pub const fn locale(&self) -> Locale {
        self.locale
    }

    /// Forgets what the graphics processor held, as after the loss of its device or of the egui context.
    pub fn forget_uploads(&mut self) {}
}
