//! What a widget is: something that draws one cell of a screen from a snapshot, and decides nothing.

use std::{
    fmt,
    hash::{DefaultHasher, Hash, Hasher as _},
    time::Duration,
};

use egui::{Painter, Rect, Ui};
use vigie_model::{Explainer, Need, OptionError, Snapshot, Timestamp};

use crate::{freshness::Freshness, shelf::Shelf, text::TextEngine, theme::Theme, words::Words};

/// What a widget is drawn from. Time is here as a value: no widget reads a clock.
#[derive(Clone, Copy, Debug)]
pub struct Moment<'a> {
    /// The room.
    pub snapshot: &'a Snapshot,
    /// The present.
    pub now: Timestamp,
    /// Language and clock.
    pub words: &'a Words,
    /// How far the room can be trusted.
    pub freshness: Freshness,
    /// Changes when a picture has come.
    pub pictures_version: u64,
}

/// What a widget draws with.
pub struct Frame<'a> {
    /// What it draws from.
    pub moment: Moment<'a>,
    /// Sizes for this cell.
    pub theme: Theme,
    /// Text in any script.
    pub text: &'a mut TextEngine,
    /// Pictures by their address.
    pub shelf: &'a mut Shelf,
    /// Tells why posts were read as they were; nothing where nobody can.
    pub explainer: Option<&'a dyn Explainer>,
    /// Paints inside the cell only.
    pub painter: Painter,
    /// The cell.
    pub rect: Rect,
}

impl fmt::Debug for Frame<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Frame({:?})", self.rect)
    }
}

/// When a widget must be drawn again although its stamp stays the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repaint {
    /// Not before its stamp changes.
    OnStamp,
    /// At the latest after this time, to go on with a motion.
    Within(Duration),
}

/// Something that draws one cell of a screen.
pub trait Widget: Send + fmt::Debug {
    /// What the room's state must keep up for it.
    fn needs(&self) -> Vec<Need>;

    /// A number that changes when, and only when, the picture must. Called once a second and at each
    /// new snapshot, so it must be cheap.
    fn stamp(&self, moment: &Moment<'_>) -> u64;

    /// Draws the cell, all of it, and nothing outside.
    fn ui(&mut self, ui: &mut Ui, frame: &mut Frame<'_>) -> Repaint;
}

/// One kind of widget, as a room file can name it.
#[derive(Clone, Copy, Debug)]
pub struct WidgetEntry {
    /// Its word in a room file.
    pub name: &'static str,
    /// What it is, in a few words.
    pub title: &'static str,
    /// Whether a table of options is right.
    pub check: fn(&toml::Table) -> Result<(), OptionError>,
    /// Makes one out of its options.
    pub build: fn(&toml::Table) -> Result<Box<dyn Widget>, OptionError>,
    /// The JSON Schema of its options.
    pub schema: fn() -> serde_json::Value,
}

/// The registry's entry for a widget whose `new` takes its options.
macro_rules! entry {
    ($name:literal, $title:literal, $widget:ty, $options:ty) => {
        /// What the registry says of this widget.
        pub(crate) const ENTRY: $crate::WidgetEntry = $crate::WidgetEntry {
            name: $name,
            title: $title,
            check: |table| {
                let options = vigie_model::read_options::<$options>(table)?;
                <$widget>::new(options).map(drop)
            },
            build: |table| {
                let options = vigie_model::read_options::<$options>(table)?;
                Ok(Box::new(<$widget>::new(options)?))
            },
            schema: || schemars::schema_for!($options).to_value(),
        };
    };
}
pub(crate) use entry;

/// Makes a stamp out of what a picture depends on.
#[derive(Debug, Default)]
pub struct Stamp(DefaultHasher);

impl Stamp {
    /// Adds something that the picture depends on.
    #[must_use]
    pub fn with(mut self, value: impl Hash) -> Self {
        value.hash(&mut self.0);
        self
    }

    /// The versions of all `needs`.
    #[must_use]
    pub fn needs(mut self, snapshot: &Snapshot, needs: &[Need]) -> Self {
        for need in needs {
            snapshot.version(need).hash(&mut self.0);
            snapshot.queries.contains_key(&need.query).hash(&mut self.0);
        }
        self
    }

    /// The stamp.
    #[must_use]
    pub fn finish(&self) -> u64 {
        self.0.finish()
    }
}
