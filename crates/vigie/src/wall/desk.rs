//! The console's window on the main thread: where it is, what is told to it, and what it asks for.

use std::{collections::BTreeMap, sync::Arc, time::Instant};

use egui::ViewportId;
use egui_winit::accesskit_winit::WindowEvent as ReaderEvent;
use vigie_layout::{Refresh, ScreenFacts};
use winit::{
    dpi::{PhysicalPosition, PhysicalSize},
    event::WindowEvent,
    event_loop::{ActiveEventLoop, EventLoopProxy},
    monitor::MonitorHandle,
    window::{Fullscreen, Window, WindowId},
};

use crate::wall::{
    brush::MAX_TEXTURE_SIDE,
    console::{Backstage, ConsoleStage, Inbox},
    content::Assignment,
    handle::{Ring, ScreenView, WallHandle},
    mailbox::Part,
    registry::MonitorKey,
    slot::{OpenError, Slot, Studio},
};

/// The size of the window where it has no screen of its own, in pixels: the smallest desk screen.
const WINDOW_PX: (u32, u32) = (1_366, 768);

/// The share of a screen that such a window takes at most.
const MAX_SHARE: f64 = 0.9;

/// Frames a second where the screen does not say.
const MILLIHERTZ: u32 = 60_000;

/// The console's window.
pub(super) struct Desk {
    slot: Slot,
    input: egui_winit::State,
    inbox: Arc<Inbox>,
    /// The screen that it has for itself.
    place: Option<MonitorKey>,
}

/// Where the console opens.
pub(super) struct Place<'a> {
    /// The screen that is kept for it.
    pub(super) own: Option<(MonitorKey, MonitorHandle)>,
    /// All screens, where it has none of its own.
    pub(super) monitors: &'a BTreeMap<MonitorKey, (MonitorHandle, ScreenFacts)>,
}

impl Desk {
    /// Opens the window and starts its thread.
    pub(super) fn open(
        studio: &mut Studio,
        event_loop: &ActiveEventLoop,
        (handle, proxy): (&WallHandle, EventLoopProxy<Ring>),
        backstage: Arc<dyn Backstage>,
        place: Place<'_>,
    ) -> Result<Self, OpenError> {
        let attributes = Window::default_attributes()
            .with_title(backstage.title())
            // A screen reader must know of the window before it is seen.
            .with_visible(false);
        let attributes = match &place.own {
            Some((_, monitor)) => attributes
                .with_position(monitor.position())
                .with_inner_size(monitor.size())
                .with_fullscreen(Some(Fullscreen::Borderless(Some(monitor.clone())))),
            None => {
                let (position, size) = on_some_screen(place.monitors);
                attributes.with_position(position).with_inner_size(size)
            }
        };
        let window = event_loop.create_window(studio.display.named(attributes))?;
        let mut input = egui_winit::State::new(
            // A context of its own: it is only used to translate, and shares no lock with the one that draws.
            egui::Context::default(),
            ViewportId::ROOT,
            event_loop,
            Some(window.scale_factor() as f32),
            window.theme(),
            Some(MAX_TEXTURE_SIDE),
        );
        input.init_accesskit(event_loop, &window, proxy);
        window.set_visible(true);
        let inbox = Arc::<Inbox>::default();
        inbox.put(input.take_egui_input(&window));
        let stage = ConsoleStage { backstage, inbox: inbox.clone(), handle: handle.clone() };
        let part = Part {
            facts: facts(&window),
            assignment: Assignment::default(),
            stage: Arc::new(stage),
        };
        let slot = Slot::of(studio, window, part, 0)?;
        slot.window().focus_window();
        Ok(Self { slot, input, inbox, place: place.own.map(|(key, _)| key) })
    }

    /// The screen that it has for itself.
    pub(super) fn place(&self) -> Option<&MonitorKey> {
        self.place.as_ref()
    }

    /// Brings the window to the front.
    pub(super) fn raise(&self) {
        self.slot.window().set_minimized(false);
        self.slot.window().focus_window();
    }

    /// Moves the window to a screen of its own, or off it.
    pub(super) fn set_place(&mut self, own: Option<(MonitorKey, MonitorHandle)>) {
        let window = self.slot.window();
        window.set_fullscreen(None);
        if let Some((_, monitor)) = &own {
            window.set_fullscreen(Some(Fullscreen::Borderless(Some(monitor.clone()))));
        }
        self.place = own.map(|(key, _)| key);
    }

    /// Takes in what the window system tells of the window.
    pub(super) fn event(&mut self, event: &WindowEvent) {
        match event {
            WindowEvent::Resized(size) => self.slot.resized([size.width, size.height]),
            WindowEvent::RedrawRequested => return self.slot.redraw(),
            _ => {}
        }
        if self.input.on_window_event(self.slot.window(), event).repaint {
            self.inbox.put(self.input.take_egui_input(self.slot.window()));
            self.wake();
        }
    }

    /// Takes in what a screen reader wants.
    pub(super) fn reader(&self, event: ReaderEvent) {
        match event {
            ReaderEvent::InitialTreeRequested => self.inbox.set_read_out(true),
            ReaderEvent::AccessibilityDeactivated => self.inbox.set_read_out(false),
            ReaderEvent::ActionRequested(request) => {
                self.inbox.put_event(egui::Event::AccessKitActionRequest(request));
            }
        }
        self.wake();
    }

    /// Does what the console asks of the window system.
    pub(super) fn obey(&mut self) {
        if let Some(output) = self.inbox.take_output() {
            self.input.handle_platform_output(self.slot.window(), output);
        }
    }

    fn wake(&self) {
        self.slot.mailbox().put(|mail| mail.is_input = true);
    }

    pub(super) fn view(&self) -> ScreenView {
        self.slot.view()
    }

    pub(super) fn worker(&self) -> u64 {
        self.slot.worker()
    }

    pub(super) fn window_id(&self) -> WindowId {
        self.slot.window_id()
    }

    pub(super) fn fail(&mut self, why: &str) {
        self.slot.fail(why);
    }

    pub(super) fn restart_if_due(&mut self, studio: &mut Studio, now: Instant) {
        self.slot.restart_if_due(studio, now);
    }

    pub(super) fn restart_at(&self) -> Option<Instant> {
        self.slot.restart_at()
    }

    /// Ends the thread; the window goes with it.
    pub(super) fn close(self) -> Slot {
        self.slot.window().set_visible(false);
        self.slot.stop();
        self.slot
    }
}

/// The middle of the largest screen.
fn on_some_screen(
    monitors: &BTreeMap<MonitorKey, (MonitorHandle, ScreenFacts)>,
) -> (PhysicalPosition<i32>, PhysicalSize<u32>) {
    let area = |facts: &ScreenFacts| u64::from(facts.size_px.0) * u64::from(facts.size_px.1);
    let largest = monitors.values().max_by_key(|(_, facts)| area(facts));
    let Some((monitor, facts)) = largest else {
        return (PhysicalPosition::new(0, 0), PhysicalSize::new(WINDOW_PX.0, WINDOW_PX.1));
    };
    let at_most = |wanted: u32, side: u32| wanted.min((f64::from(side) * MAX_SHARE) as u32);
    let (width, height) = facts.size_px;
    let size = PhysicalSize::new(at_most(WINDOW_PX.0, width), at_most(WINDOW_PX.1, height));
    let offset = |side: u32, inner: u32| i32::try_from((side - inner) / 2).unwrap_or_default();
    let position = monitor.position();
    let position = PhysicalPosition::new(
        position.x.saturating_add(offset(width, size.width)),
        position.y.saturating_add(offset(height, size.height)),
    );
    (position, size)
}

/// The window, as a screen's thread wants it told.
fn facts(window: &Window) -> ScreenFacts {
    let size = window.inner_size();
    ScreenFacts {
        connector: "console".into(),
        edid: None,
        position_px: (0, 0),
        size_px: (size.width, size.height),
        size_mm: None,
        scale: window.scale_factor(),
        refresh: Refresh { millihertz: MILLIHERTZ },
    }
}
