//! How the rest of the program talks to the wall, from any thread and without waiting.

use std::sync::{Arc, OnceLock};

use parking_lot::{Mutex, RwLock};
use vigie_layout::ScreenFacts;
use winit::event_loop::EventLoopProxy;

use crate::wall::{
    content::Stage,
    mailbox::{Fault, Mailbox},
    miniature::Small,
    stats::{Counts, ScreenStats},
    worker::End,
};

/// What the main thread is told beside what the window system tells it.
#[derive(Debug)]
pub(super) enum Ring {
    /// An order waits for it.
    Order,
    /// A screen reader wants something of the console.
    Accessibility(egui_winit::accesskit_winit::Event),
}

impl From<egui_winit::accesskit_winit::Event> for Ring {
    fn from(event: egui_winit::accesskit_winit::Event) -> Self {
        Self::Accessibility(event)
    }
}

/// A screen as others see it.
#[derive(Clone)]
pub(crate) struct ScreenView {
    /// The physical screen.
    pub(crate) facts: ScreenFacts,
    /// The layout on it; empty where it has none.
    pub(crate) layout: String,
    pub(super) stats: Arc<ScreenStats>,
    pub(super) mailbox: Arc<Mailbox>,
}

impl ScreenView {
    /// Its counters now.
    pub(crate) fn counts(&self) -> Counts {
        self.stats.counts()
    }

    /// Makes something go wrong on it.
    pub(crate) fn inject(&self, fault: Fault) {
        self.mailbox.put(|mail| mail.fault = Some(fault));
    }

    /// Asks for a miniature of what it shows, or for none; all of the screen is drawn once where that is new.
    pub(crate) fn want_miniature(&self, is_wanted: bool) {
        if self.stats.miniature().want(is_wanted) {
            self.mailbox.put(|mail| mail.is_probe = true);
        }
    }

    /// What it shows, small, where that is not of `version`.
    pub(crate) fn miniature(&self, version: u64) -> Option<Small> {
        self.stats.miniature().newer(version)
    }

    /// Its counters, to read again later.
    pub(crate) fn stats(&self) -> &Arc<ScreenStats> {
        &self.stats
    }
}

/// What the main thread is asked to do.
#[derive(Default)]
pub(super) struct Orders {
    pub(super) is_stop: bool,
    pub(super) stage: Option<Arc<dyn Stage>>,
    pub(super) toggles_identify: bool,
    pub(super) opens_console: bool,
    pub(super) closes_console: bool,
    /// The console's thread has something for the window system.
    pub(super) console_spoke: bool,
    pub(super) ended: Vec<Ended>,
}

/// A screen's thread has ended.
pub(super) struct Ended {
    pub(super) worker: u64,
    pub(super) end: End,
}

#[derive(Default)]
struct Shared {
    proxy: OnceLock<EventLoopProxy<Ring>>,
    orders: Mutex<Orders>,
    /// In reading order: the numbers that identify shows.
    screens: RwLock<Vec<ScreenView>>,
    console: RwLock<Option<ScreenView>>,
}

/// The wall, from any thread. Made before the wall runs; clones are the same wall.
#[derive(Clone, Default)]
pub(crate) struct WallHandle(Arc<Shared>);

impl WallHandle {
    /// A handle for a wall that is yet to run.
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// What the screens show may have changed: each looks when its next frame may start.
    pub(crate) fn wake(&self) {
        for screen in self.0.screens.read().iter() {
            screen.mailbox.wake();
        }
        if let Some(console) = &*self.0.console.read() {
            console.mailbox.wake();
        }
    }

    /// Opens the console's window, or brings it to the front where it is open.
    pub(crate) fn open_console(&self) {
        // What was asked for last counts.
        self.order(|orders| (orders.opens_console, orders.closes_console) = (true, false));
    }

    /// Closes the console's window. The wall goes on.
    pub(crate) fn close_console(&self) {
        self.order(|orders| (orders.opens_console, orders.closes_console) = (false, true));
    }

    /// The console's window, while it is open.
    pub(crate) fn console(&self) -> Option<ScreenView> {
        self.0.console.read().clone()
    }

    /// Ends the wall: `run` returns.
    pub(crate) fn stop(&self) {
        self.order(|orders| orders.is_stop = true);
    }

    /// Every screen gets new content from this stage.
    pub(crate) fn reload(&self, stage: Arc<dyn Stage>) {
        self.order(|orders| orders.stage = Some(stage));
    }

    /// Shows or hides a large number on every screen.
    pub(crate) fn toggle_identify(&self) {
        self.order(|orders| orders.toggles_identify ^= true);
    }

    /// The screens in reading order; the first is number 1.
    pub(crate) fn screens(&self) -> Vec<ScreenView> {
        self.0.screens.read().clone()
    }

    /// Makes something go wrong on the screen with this index.
    pub(crate) fn inject(&self, screen_idx: usize, fault: Fault) {
        if let Some(screen) = self.0.screens.read().get(screen_idx) {
            screen.inject(fault);
        }
    }

    pub(super) fn connect(&self, proxy: EventLoopProxy<Ring>) {
        let is_first = self.0.proxy.set(proxy).is_ok();
        debug_assert!(is_first, "a handle serves one wall");
    }

    pub(super) fn order(&self, write: impl FnOnce(&mut Orders)) {
        write(&mut self.0.orders.lock());
        if let Some(proxy) = self.0.proxy.get() {
            // It fails when the loop has ended: nobody is left to act on the order.
            proxy.send_event(Ring::Order).ok();
        }
    }

    pub(super) fn take_orders(&self) -> Orders {
        std::mem::take(&mut self.0.orders.lock())
    }

    pub(super) fn set_console(&self, console: Option<ScreenView>) {
        *self.0.console.write() = console;
    }

    pub(super) fn set_screens(&self, screens: Vec<ScreenView>) {
        *self.0.screens.write() = screens;
    }
}
