//! How the rest of the program talks to the wall, from any thread and without waiting.

use std::sync::{Arc, OnceLock};

use parking_lot::{Mutex, RwLock};
use vigie_layout::ScreenFacts;
use winit::event_loop::EventLoopProxy;

use crate::wall::{
    content::Stage,
    mailbox::{Fault, Mailbox},
    stats::{Counts, ScreenStats},
    worker::End,
};

/// Tells the main thread that something waits for it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ring;

/// A screen as others see it.
#[derive(Clone)]
pub(crate) struct ScreenView {
    /// The physical screen.
    pub(crate) facts: ScreenFacts,
    pub(super) stats: Arc<ScreenStats>,
    pub(super) mailbox: Arc<Mailbox>,
}

impl ScreenView {
    /// Its counters now.
    pub(crate) fn counts(&self) -> Counts {
        self.stats.counts()
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
            screen.mailbox.put(|mail| mail.fault = Some(fault));
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
            proxy.send_event(Ring).ok();
        }
    }

    pub(super) fn take_orders(&self) -> Orders {
        std::mem::take(&mut self.0.orders.lock())
    }

    pub(super) fn set_screens(&self, screens: Vec<ScreenView>) {
        *self.0.screens.write() = screens;
    }
}
