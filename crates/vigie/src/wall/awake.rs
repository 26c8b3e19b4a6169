//! Keeps the screens from going dark while the wall runs.
//!
//! Two ways are tried, and neither is needed for the wall to run:
//! the desktop's own (D-Bus on Linux), and the X server's screen saver and power management.
//! Under Wayland without such a service the compositor must be told, in its configuration.

use std::sync::mpsc::{SyncSender, sync_channel};

use crate::wall::platform::{Blanking, Display};

/// Held while screens must stay lit; dropped, everything is as it was before.
pub(super) struct Awake {
    /// The thread that holds the desktop's inhibitor ends when this is dropped.
    _desktop: Option<SyncSender<()>>,
    _server: Option<Blanking>,
}

impl Awake {
    pub(super) fn start(display: &Display) -> Self {
        Self { _desktop: ask_desktop(), _server: display.stop_blanking() }
    }
}

/// Asks in a thread of its own: a desktop that does not answer must not keep the wall from opening.
fn ask_desktop() -> Option<SyncSender<()>> {
    let (sender, receiver) = sync_channel::<()>(0);
    let ask = move || {
        let asked = keepawake::Builder::default()
            .display(true)
            .idle(true)
            .reason("the wall is on")
            .app_name("Vigie")
            .app_reverse_domain("org.vigie.Vigie")
            .create();
        match asked {
            Ok(inhibitor) => {
                // An error says that the wall has ended.
                receiver.recv().ok();
                drop(inhibitor);
            }
            Err(err) => tracing::info!(%err, "the desktop cannot be asked to keep the screens lit"),
        }
    };
    match std::thread::Builder::new().name("keep awake".to_owned()).spawn(ask) {
        Ok(_) => Some(sender),
        Err(err) => {
            tracing::info!(%err, "no thread to keep the screens lit");
            None
        }
    }
}
