//! One screen's widgets, as the wall draws them.

use std::sync::Arc;

use vigie_bus::Latest;
use vigie_model::{Snapshot, Timestamp};
use vigie_widgets::ScreenView;

use super::stage::{OnPresent, RoomStage};
use crate::wall::{Content, Dirty, Look, Opening};

/// The widgets of one layout, or the ground where a screen has none.
#[derive(Debug)]
pub(crate) struct ScreenContent {
    view: Option<ScreenView>,
    snapshots: Latest<Snapshot>,
    /// What was looked at last, and so is drawn next.
    looked: Arc<Snapshot>,
    on_present: Option<Arc<dyn OnPresent>>,
}

impl ScreenContent {
    /// The content of the screen that `opening` describes.
    pub(crate) fn new(stage: &RoomStage, opening: &Opening<'_>) -> Self {
        let name = opening.assignment.name.as_str();
        let screens = &stage.room.screens;
        let view = screens
            .iter()
            .position(|screen| screen.name.as_str() == name)
            .and_then(|idx| Some(ScreenView::new(&stage.widgets, screens.get(idx)?, idx + 1)));
        Self {
            view,
            snapshots: stage.snapshots.clone(),
            looked: Arc::default(),
            on_present: stage.on_present.clone(),
        }
    }
}

impl Content for ScreenContent {
    fn look(&mut self, now: Timestamp) -> Look {
        self.looked = self.snapshots.read();
        let Some(view) = &mut self.view else { return Look::default() };
        let (dirty, again) = view.look(&self.looked, now);
        let dirty = match dirty {
            vigie_widgets::Dirty::Nothing => Dirty::Nothing,
            vigie_widgets::Dirty::Rects(rects) => Dirty::Rects(rects),
            vigie_widgets::Dirty::All => Dirty::All,
        };
        Look { dirty, again }
    }

    fn ui(&mut self, ui: &mut egui::Ui) {
        if let Some(view) = &mut self.view {
            view.ui(ui);
        }
    }

    fn presented(&mut self, now: Timestamp) {
        if let Some(on_present) = &self.on_present {
            on_present.presented(&self.looked, now);
        }
    }
}
