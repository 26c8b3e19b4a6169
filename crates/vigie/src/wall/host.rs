//! The main thread: windows and monitors. It never draws, and never waits for a screen's thread.

mod console;

use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Duration, Instant},
};

use vigie_layout::ScreenFacts;
use winit::{
    application::ApplicationHandler,
    event::{ElementState, KeyEvent, WindowEvent},
    event_loop::{ActiveEventLoop, ControlFlow, EventLoopProxy},
    keyboard::{Key, KeyCode, ModifiersState, NamedKey, PhysicalKey},
    monitor::MonitorHandle,
    window::WindowId,
};

use crate::wall::{
    WallOptions,
    content::Stage,
    desk::Desk,
    handle::{Ended, Ring, ScreenView, WallHandle},
    monitors::{self, Known},
    pace,
    platform::Display,
    registry::{self, MonitorKey},
    sign::Sign,
    slot::{Slot, Studio},
    worker::End,
};

/// winit tells nothing of monitors that come and go: they are looked at this often in any case,
const POLL: Duration = Duration::from_millis(500);

/// and as soon as the window system says anything at all, but not more often than this.
const POLL_AT_MOST: Duration = Duration::from_millis(25);

/// The escape key held for so long is no slip of a finger.
const HOLD_ESCAPE: Duration = Duration::from_millis(300);

/// How long the screens' threads have to end when the wall stops.
const STOP_WITHIN: Duration = Duration::from_secs(2);

/// The wall's side of the event loop.
pub(super) struct Host {
    options: WallOptions,
    handle: WallHandle,
    proxy: EventLoopProxy<Ring>,
    stage: Arc<dyn Stage>,
    studio: Studio,
    known: Known,
    slots: BTreeMap<MonitorKey, Slot>,
    desk: Option<Desk>,
    /// Slots whose window is closed as soon as their thread has ended.
    leaving: Vec<Slot>,
    last_poll: Option<Instant>,
    is_identifying: bool,
    modifiers: ModifiersState,
    /// When the escape key will have been held long enough.
    escape_at: Option<Instant>,
    stop_by: Option<Instant>,
}

impl Host {
    pub(super) fn new(
        options: WallOptions,
        stage: Arc<dyn Stage>,
        (handle, proxy): (WallHandle, EventLoopProxy<Ring>),
        display: Display,
        instance: wgpu::Instance,
    ) -> Self {
        let studio = Studio {
            display,
            instance,
            clock: options.clock.clone(),
            is_traced: options.is_traced,
            is_swapchain_only: options.is_swapchain_only,
            handle: handle.clone(),
            n_workers: 0,
        };
        Self {
            options,
            handle,
            proxy,
            stage,
            studio,
            known: Known::default(),
            slots: BTreeMap::new(),
            desk: None,
            leaving: Vec::new(),
            last_poll: None,
            is_identifying: false,
            modifiers: ModifiersState::empty(),
            escape_at: None,
            stop_by: None,
        }
    }

    /// Looks which monitors there are, and opens, closes and moves windows after them.
    fn poll_monitors(&mut self, event_loop: &ActiveEventLoop) {
        let found = monitors::find(event_loop, &self.studio.display, &self.known);
        let now: BTreeMap<MonitorKey, ScreenFacts> =
            found.iter().map(|(key, (_, facts))| (key.clone(), facts.clone())).collect();
        let changes = registry::compare(&self.known.monitors, &now);
        if !changes.is_empty() {
            if self.known.monitors.is_empty() || now.is_empty() {
                tracing::info!(n_screens = now.len(), "screens found");
            }
            self.known.monitors = now;
            for key in &changes.gone {
                tracing::warn!(screen = %key, "screen unplugged");
                if let Some(slot) = self.slots.remove(key) {
                    slot.stop();
                    self.leaving.push(slot);
                }
            }
            self.assign(event_loop, &found);
            for key in &changes.changed {
                tracing::info!(screen = %key, "screen changed");
            }
            let may_hide_others =
                !changes.gone.is_empty() && self.studio.display.hides_without_a_word();
            for (key, slot) in &mut self.slots {
                slot.expect_to_be_moved();
                if let Some((monitor, _)) = found.get(key).filter(|_| may_hide_others) {
                    slot.put_in_place(monitor);
                }
            }
        }
        for (key, slot) in &mut self.slots {
            if let Some((monitor, facts)) = found.get(key) {
                slot.keep_in_place(monitor, facts, &self.studio.display);
            }
        }
    }

    /// Asks the stage what each screen is, opens windows for new ones, tells the others what is new for them.
    fn assign(
        &mut self,
        event_loop: &ActiveEventLoop,
        found: &BTreeMap<MonitorKey, (MonitorHandle, ScreenFacts)>,
    ) {
        let mut placed = self.placed();
        self.make_way(&mut placed, found);
        for (idx, (key, facts, assignment)) in placed.into_iter().enumerate() {
            let part = self.studio.part(&self.stage, facts, assignment);
            match self.slots.get_mut(&key) {
                Some(slot) => slot.set_part(part, idx + 1),
                None => {
                    let Some((monitor, _)) = found.get(&key) else { continue };
                    match Slot::open(&mut self.studio, event_loop, monitor, part, idx + 1) {
                        Ok(slot) => {
                            self.slots.insert(key, slot);
                        }
                        Err(err) => {
                            tracing::error!(screen = %key, %err, "no window for this screen")
                        }
                    }
                }
            }
        }
        self.show_signs();
        self.publish();
    }

    fn show_signs(&mut self) {
        let is_identifying = self.is_identifying;
        for slot in self.slots.values_mut() {
            let number = slot.number();
            let assignment = slot.assignment();
            let sign = match &assignment.question {
                Some(question) => Sign::Question { number, question: question.clone() },
                // A screen without a layout says at least which it is.
                None if is_identifying || assignment.name.is_empty() => {
                    Sign::Number { number, caption: slot.caption() }
                }
                None => Sign::None,
            };
            slot.set_sign(sign);
        }
    }

    fn publish(&self) {
        let mut slots: Vec<&Slot> = self.slots.values().collect();
        slots.sort_by_key(|slot| slot.number());
        let screens: Vec<ScreenView> = slots.into_iter().map(Slot::view).collect();
        self.handle.set_screens(screens);
    }

    fn follow_orders(&mut self, event_loop: &ActiveEventLoop) {
        let orders = self.handle.take_orders();
        if let Some(stage) = orders.stage {
            self.stage = stage;
            for slot in self.slots.values_mut() {
                slot.forget_assignment();
            }
            let found = monitors::find(event_loop, &self.studio.display, &self.known);
            self.assign(event_loop, &found);
        }
        if orders.opens_console {
            self.open_console(event_loop);
        }
        if orders.closes_console {
            self.close_console(event_loop);
        }
        if orders.console_spoke
            && let Some(desk) = &mut self.desk
        {
            desk.obey();
        }
        if orders.toggles_identify {
            self.is_identifying = !self.is_identifying;
            self.show_signs();
        }
        for ended in orders.ended {
            self.settle(ended);
        }
        if orders.is_stop {
            self.stop();
        }
    }

    /// A screen's thread has ended: its window is closed, or it starts anew.
    fn settle(&mut self, Ended { worker, end }: Ended) {
        self.leaving.retain(|slot| slot.worker() != worker);
        if let Some(desk) = self.desk.as_mut().filter(|desk| desk.worker() == worker) {
            if let End::Failed(why) = end {
                desk.fail(&why);
            }
            return;
        }
        let Some(slot) = self.slots.values_mut().find(|slot| slot.worker() == worker) else {
            return;
        };
        match end {
            End::Failed(why) if self.stop_by.is_none() => slot.fail(&why),
            End::Failed(_) | End::Stopped => slot.set_ended(),
        }
    }

    fn stop(&mut self) {
        if self.stop_by.is_none() {
            self.stop_by = Some(pace::now() + STOP_WITHIN);
            self.slots.values().for_each(Slot::log_counts);
            for slot in self.slots.values() {
                slot.stop();
            }
            if let Some(desk) = self.desk.take() {
                self.leaving.push(desk.close());
            }
        }
    }

    fn tell_key(&self, text: &str) {
        if let Some(on_key) = &self.options.on_key {
            on_key(text);
        }
    }

    /// Whether this key ends the wall.
    fn is_quit(&self, event: &KeyEvent) -> bool {
        matches!(event.logical_key.as_ref(), Key::Character("q" | "Q"))
            && self.modifiers.control_key()
    }

    /// Panic, once the key was held long enough.
    fn escape(&mut self, event: &KeyEvent) {
        if event.logical_key == Key::Named(NamedKey::Escape) && !event.repeat {
            let is_down = event.state == ElementState::Pressed;
            self.escape_at = is_down.then(|| pace::now() + HOLD_ESCAPE);
        }
    }

    fn key(&mut self, event: &KeyEvent) {
        self.escape(event);
        if event.state != ElementState::Pressed || event.repeat {
            return;
        }
        if self.is_quit(event) {
            return self.stop();
        }
        match event.logical_key.as_ref() {
            Key::Character("i" | "I") if self.options.on_key.is_none() => {
                self.handle.toggle_identify();
            }
            key => {
                let text = match (digit(event.physical_key), key) {
                    // Digits are keys in a place, whatever stands on them: French keyboards want Shift for digits.
                    (Some(digit), _) => digit,
                    (_, Key::Character(text)) => text,
                    (_, Key::Named(NamedKey::Space)) => " ",
                    (_, Key::Named(NamedKey::Enter)) => "\n",
                    (_, Key::Named(NamedKey::Backspace)) => "\u{8}",
                    _ => return,
                };
                self.tell_key(text);
            }
        }
    }
}

/// The digit on this key, for the row of digits.
const fn digit(key: PhysicalKey) -> Option<&'static str> {
    let PhysicalKey::Code(code) = key else { return None };
    Some(match code {
        KeyCode::Digit1 => "1",
        KeyCode::Digit2 => "2",
        KeyCode::Digit3 => "3",
        KeyCode::Digit4 => "4",
        KeyCode::Digit5 => "5",
        KeyCode::Digit6 => "6",
        KeyCode::Digit7 => "7",
        KeyCode::Digit8 => "8",
        KeyCode::Digit9 => "9",
        _ => return None,
    })
}

impl ApplicationHandler<Ring> for Host {
    fn resumed(&mut self, event_loop: &ActiveEventLoop) {
        self.poll_monitors(event_loop);
        if self.known.monitors.is_empty() {
            tracing::warn!("no screen is plugged in; waiting for one");
        }
    }

    fn user_event(&mut self, event_loop: &ActiveEventLoop, ring: Ring) {
        match (ring, &self.desk) {
            (Ring::Order, _) => self.follow_orders(event_loop),
            (Ring::Accessibility(event), Some(desk)) if event.window_id == desk.window_id() => {
                desk.reader(event.window_event);
            }
            (Ring::Accessibility(_), _) => {}
        }
    }

    fn window_event(&mut self, event_loop: &ActiveEventLoop, id: WindowId, event: WindowEvent) {
        if self.desk.as_ref().is_some_and(|desk| desk.window_id() == id) {
            return self.console_event(event_loop, &event);
        }
        match event {
            WindowEvent::CloseRequested => return self.stop(),
            // Where the console is open, all keys are its keys, whichever window they come to.
            WindowEvent::ModifiersChanged(_) if self.desk.is_some() => {
                return self.console_event(event_loop, &event);
            }
            WindowEvent::KeyboardInput { event: ref key, .. }
                if self.desk.is_some() && !self.is_quit(key) =>
            {
                return self.console_event(event_loop, &event);
            }
            WindowEvent::ModifiersChanged(modifiers) => self.modifiers = modifiers.state(),
            WindowEvent::KeyboardInput { event, .. } => return self.key(&event),
            WindowEvent::Focused(false) => self.escape_at = None,
            _ => {}
        }
        let Some((key, slot)) = self.slots.iter_mut().find(|(_, slot)| slot.window_id() == id)
        else {
            return;
        };
        match event {
            WindowEvent::Resized(size) => {
                self.known.covered_by(key, (size.width, size.height));
                slot.resized([size.width, size.height]);
            }
            WindowEvent::RedrawRequested => slot.redraw(),
            _ => {}
        }
    }

    fn about_to_wait(&mut self, event_loop: &ActiveEventLoop) {
        let now = pace::now();
        if let Some(stop_by) = self.stop_by {
            let is_closed = self.slots.values().all(Slot::has_ended) && self.leaving.is_empty();
            if now >= stop_by || is_closed {
                event_loop.exit();
            }
            event_loop.set_control_flow(ControlFlow::WaitUntil(stop_by));
            return;
        }
        // A monitor that comes or goes wakes the loop, though winit makes no event of it.
        if self.last_poll.is_none_or(|last| now.saturating_duration_since(last) >= POLL_AT_MOST) {
            self.last_poll = Some(now);
            self.poll_monitors(event_loop);
        }
        for slot in self.slots.values_mut() {
            slot.restart_if_due(&mut self.studio, now);
        }
        if self.escape_at.is_some_and(|at| at <= now) {
            self.escape_at = None;
            self.tell_key("\u{1b}");
        }
        if let Some(desk) = &mut self.desk {
            desk.restart_if_due(&mut self.studio, now);
        }
        let restart = self.slots.values().filter_map(Slot::restart_at).min();
        let restart =
            restart.into_iter().chain(self.desk.as_ref().and_then(Desk::restart_at)).min();
        let next = restart.into_iter().chain(self.escape_at).min();
        let poll = now + POLL;
        event_loop.set_control_flow(ControlFlow::WaitUntil(next.map_or(poll, |at| at.min(poll))));
    }
}
