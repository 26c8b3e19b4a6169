//! What a screen can show, and how it is drawn: text in any script, one look, one file per widget.
//!
//! A [`ScreenView`] holds the widgets of one screen. It is told of each new snapshot, answers which
//! rectangles must be drawn again, and draws them. Widgets draw and decide nothing: the same snapshot at
//! the same time gives the same picture.
//!
//! To add a widget, write one file, and add one `mod` line and one line in [`WIDGETS`]; the conformance
//! and picture tests find it by themselves.
#![warn(missing_docs)]

mod board;
mod clock;
mod countdown;
mod draw;
mod feed;
mod figure;
mod freshness;
mod incidents;
mod kpi;
mod marks;
mod next;
pub mod overlay;
mod screen;
mod sentiment;
mod shelf;
mod sources;
mod spotlight;
mod text;
mod text_cell;
pub mod theme;
mod trends;
mod voice;
mod volume;
mod widget;
mod window;
mod winner;
mod word;
mod words;

#[cfg(test)]
mod conformance;
#[cfg(test)]
mod gallery;
#[cfg(any(test, feature = "testing"))]
pub mod testing;

pub use feed::{Marked, says as post_words};
pub use freshness::{Freshness, Health};
pub use incidents::what as alert_title;
pub use marks::name as network_name;
pub use screen::{Dirty, ScreenView, Setup};
pub use shelf::Shelf;
pub use text::{Align, Block, Face, Fonts, Style, TextEngine, Weight};
pub use theme::{Place, Theme, ThemeOptions};
pub use widget::{Frame, Moment, Repaint, Stamp, Widget, WidgetEntry};
pub use words::{Locale, Word, Words};

/// Every widget that a room file can name, in the alphabet's order.
pub const WIDGETS: &[WidgetEntry] = &[
    board::ENTRY,
    clock::ENTRY,
    countdown::ENTRY,
    feed::ENTRY,
    figure::ENTRY,
    incidents::ENTRY,
    kpi::ENTRY,
    next::ENTRY,
    sentiment::ENTRY,
    sources::ENTRY,
    spotlight::ENTRY,
    text_cell::ENTRY,
    trends::ENTRY,
    voice::ENTRY,
    volume::ENTRY,
    winner::ENTRY,
];

/// The widget that a room file calls `name`.
#[must_use]
pub fn widget_entry(name: &str) -> Option<&'static WidgetEntry> {
    WIDGETS.iter().find(|entry| entry.name == name)
}
