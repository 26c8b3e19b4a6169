//! The console's window among those of the wall: which screen it has, and how it opens and closes.

use std::collections::BTreeMap;

use vigie_layout::ScreenFacts;
use winit::{event::WindowEvent, event_loop::ActiveEventLoop, monitor::MonitorHandle};

use super::Host;
use crate::wall::{
    content::Assignment,
    desk::{Desk, Place},
    monitors,
    registry::{self, MonitorKey},
    slot::Slot,
};

/// A screen of the wall, and what it was found to be.
pub(super) type Placed = (MonitorKey, ScreenFacts, Assignment);

impl Host {
    /// The wall's screens in reading order, each with what it is.
    pub(super) fn placed(&self) -> Vec<Placed> {
        let mut order = registry::in_reading_order(&self.known.monitors);
        if let Some(kept) = self.kept_for_console() {
            order.retain(|(key, _)| *key != kept);
        }
        let facts: Vec<ScreenFacts> = order.iter().map(|(_, facts)| facts.clone()).collect();
        let mut assignments = self.stage.assign(&facts);
        assignments.resize_with(facts.len(), Assignment::default);
        let placed = order.into_iter().zip(assignments);
        placed.map(|((key, facts), assignment)| (key, facts, assignment)).collect()
    }

    /// The screen that the room file keeps for the console, where the wall has another one.
    fn kept_for_console(&self) -> Option<MonitorKey> {
        let connector = self.options.backstage.as_ref()?.connector()?;
        let mut monitors = self.known.monitors.iter();
        let (key, _) = monitors.find(|(_, facts)| facts.connector == connector)?;
        (self.known.monitors.len() > 1).then(|| key.clone())
    }

    /// The screen that the console has for itself: the one kept for it, else the first without a layout.
    /// It is taken out of `placed`.
    fn console_screen(&self, placed: &mut Vec<Placed>) -> Option<MonitorKey> {
        if let Some(kept) = self.kept_for_console() {
            return Some(kept);
        }
        let is_free = |(_, _, assignment): &Placed| *assignment == Assignment::default();
        let free = placed.iter().position(is_free).filter(|_| placed.len() > 1)?;
        Some(placed.remove(free).0)
    }

    /// Leaves the console its screen, and closes what else is on it.
    pub(super) fn make_way(
        &mut self,
        placed: &mut Vec<Placed>,
        found: &BTreeMap<MonitorKey, (MonitorHandle, ScreenFacts)>,
    ) {
        if self.desk.is_some() {
            let own = self.console_screen(placed);
            if let Some(desk) = self.desk.as_mut().filter(|desk| desk.place() != own.as_ref()) {
                desk.set_place(own.and_then(|key| Some((key.clone(), found.get(&key)?.0.clone()))));
            }
        }
        let is_left = |key: &MonitorKey| placed.iter().any(|(placed, ..)| placed == key);
        let closed: Vec<MonitorKey> =
            self.slots.keys().filter(|key| !is_left(key)).cloned().collect();
        for slot in closed.iter().filter_map(|key| self.slots.remove(key)).collect::<Vec<Slot>>() {
            slot.stop();
            self.leaving.push(slot);
        }
    }

    /// Opens the console, or brings it to the front.
    pub(super) fn open_console(&mut self, event_loop: &ActiveEventLoop) {
        if let Some(desk) = &self.desk {
            return desk.raise();
        }
        let Some(backstage) = self.options.backstage.clone() else { return };
        let found = monitors::find(event_loop, &self.studio.display, &self.known);
        let own = self.console_screen(&mut self.placed());
        let own = own.and_then(|key| Some((key.clone(), found.get(&key)?.0.clone())));
        let place = Place { own, monitors: &found };
        let ends = (&self.handle, self.proxy.clone());
        match Desk::open(&mut self.studio, event_loop, ends, backstage, place) {
            Ok(desk) => {
                self.handle.set_console(Some(desk.view()));
                self.desk = Some(desk);
                self.assign(event_loop, &found);
                tracing::info!("the console is open");
            }
            Err(err) => tracing::error!(%err, "no window for the console"),
        }
    }

    /// Closes the console. No screen notices, but one that the wall may have again.
    pub(super) fn close_console(&mut self, event_loop: &ActiveEventLoop) {
        let Some(desk) = self.desk.take() else { return };
        self.handle.set_console(None);
        self.leaving.push(desk.close());
        let found = monitors::find(event_loop, &self.studio.display, &self.known);
        self.assign(event_loop, &found);
        tracing::info!("the console is closed; `vigie console` opens it again");
    }

    /// Something happened in the console's window.
    pub(super) fn console_event(&mut self, event_loop: &ActiveEventLoop, event: &WindowEvent) {
        match event {
            WindowEvent::CloseRequested => return self.close_console(event_loop),
            WindowEvent::ModifiersChanged(modifiers) => self.modifiers = modifiers.state(),
            WindowEvent::KeyboardInput { event, is_synthetic: false, .. } => self.escape(event),
            WindowEvent::Focused(false) => self.escape_at = None,
            _ => {}
        }
        if let Some(desk) = &mut self.desk {
            desk.event(event);
        }
    }
}
