//! The console: what the operator and the presenter see and do, without a window.
//!
//! [`Console::ui`] draws one frame from a [`Moment`] into an `egui::Ui` and answers with [`Request`]s.
//! It has no window, no thread and no clock: the host gives it events, the newest snapshot and the time, and carries
//! out what it asks. All that changes the room goes out as a [`Command`](vigie_model::Command).
//!
//! ```text
//! let requests = console.ui(ui, &Moment { room, snapshot, now, person, screens });
//! for request in requests {
//!     match request {
//!         Request::Command(command) => commands.send(Issued { by: person, command }),
//!         Request::Language(locale) => remember(locale),
//!         Request::Close => window.close(),
//!     }
//! }
//! ```
//!
//! A frame is due when the host has input, when a new snapshot has come (ten a second are enough) and once a second.
//! Keys reach it as egui's own events. The host must set `physical_key`: digits are told by their place on the
//! keyboard, letters by what is printed on them. Holding Escape is the host's to tell: it alone has a clock that runs
//! between frames.
#![warn(missing_docs)]

mod act;
mod console;
mod deed;
mod desk;
mod keys;
mod kit;
mod label;
mod live;
mod moment;
mod palette;
mod plan;
mod queue;
mod search;
mod stage;
mod view;
mod words;

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;

pub use console::Console;
pub use label::View;
pub use moment::{Moment, Request, ScreenStatus};
