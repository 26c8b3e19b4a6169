//! One window on one monitor, and the thread that draws it.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use vigie_layout::ScreenFacts;
use vigie_model::Clock;
use winit::{
    event_loop::ActiveEventLoop,
    monitor::MonitorHandle,
    window::{Fullscreen, Window, WindowId},
};

use crate::wall::{
    content::{Assignment, Stage},
    handle::{Ended, ScreenView, WallHandle},
    mailbox::{Mailbox, Part},
    pace::{self, Backoff},
    platform::Display,
    sign::Sign,
    stats::ScreenStats,
    worker::{self, Job},
};

/// Times that a window is put back on its screen after a change before it is left where it is.
const MAX_PLACEMENTS: u32 = 6;

/// How long a window system has to do what it was asked before it is asked again.
const PLACE_AGAIN: Duration = Duration::from_millis(400);

/// A change has had all its consequences after this long; from then on windows are looked after this seldom.
const SETTLED_AFTER: Duration = Duration::from_secs(4);
const CHECK_SETTLED: Duration = Duration::from_secs(10);

/// A frame that the compositor has not shown after this long is in a window that it hides.
const HIDDEN_AFTER: Duration = Duration::from_secs(1);

/// What slots are made with.
pub(super) struct Studio {
    pub(super) display: Display,
    pub(super) instance: wgpu::Instance,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) is_traced: bool,
    pub(super) is_swapchain_only: bool,
    pub(super) handle: WallHandle,
    pub(super) n_workers: u64,
}

/// Why a screen has no window.
#[derive(Debug, thiserror::Error)]
pub(super) enum OpenError {
    #[error("the window system gave no window: {0}")]
    Window(#[from] winit::error::OsError),
    #[error("the window gave no surface: {0}")]
    Surface(#[from] wgpu::CreateSurfaceError),
    #[error("no thread for the screen: {0}")]
    Thread(#[from] std::io::Error),
}

impl Studio {
    pub(super) fn part(
        &self,
        stage: &Arc<dyn Stage>,
        facts: ScreenFacts,
        assignment: Assignment,
    ) -> Part {
        Part { facts, assignment, stage: stage.clone() }
    }

    /// Starts a thread for the slot's window. The surface is made here: macOS wants the main thread for it.
    fn start(&mut self, slot: &Slot) -> Result<u64, OpenError> {
        let surface =
            self.instance.create_surface(self.display.surface_target(slot.window.clone()))?;
        let size = slot.window.inner_size();
        self.n_workers += 1;
        let worker = self.n_workers;
        let job = Job {
            part: slot.part.clone(),
            sign: slot.sign.clone(),
            size_px: [size.width, size.height],
            instance: self.instance.clone(),
            surface,
            window: slot.window.clone(),
            mailbox: slot.mailbox.clone(),
            stats: slot.stats.clone(),
            clock: self.clock.clone(),
            is_swapchain_only: self.is_swapchain_only,
            waits_for_callback: self.display.waits_for_callback(),
        };
        let handle = self.handle.clone();
        worker::start(job, move |end| {
            handle.order(|orders| orders.ended.push(Ended { worker, end }))
        })?;
        Ok(worker)
    }
}

/// What the thread of a slot does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Thread {
    Runs,
    /// It failed; another starts at this time.
    Restarts(Instant),
    Ended,
}

/// One window.
pub(super) struct Slot {
    part: Part,
    number: usize,
    sign: Sign,
    window: Arc<Window>,
    mailbox: Arc<Mailbox>,
    stats: Arc<ScreenStats>,
    worker: u64,
    thread: Thread,
    backoff: Backoff,
    n_placements: u32,
    /// When the set of screens changed.
    changed: Instant,
    /// When to ask again where the window is.
    check_at: Instant,
    /// The assignment is to be told even if it is the same.
    is_stale: bool,
}

impl Slot {
    /// Opens a full-screen window on this monitor and starts its thread.
    pub(super) fn open(
        studio: &mut Studio,
        event_loop: &ActiveEventLoop,
        monitor: &MonitorHandle,
        part: Part,
        number: usize,
    ) -> Result<Self, OpenError> {
        let (width, height) = part.facts.size_px;
        let attributes = Window::default_attributes()
            .with_title(format!("vigie {number}"))
            .with_decorations(false)
            .with_position(monitor.position())
            .with_inner_size(winit::dpi::PhysicalSize::new(width, height))
            .with_fullscreen(Some(Fullscreen::Borderless(Some(monitor.clone()))));
        let window = event_loop.create_window(studio.display.named(attributes))?;
        window.set_cursor_visible(false);
        Self::of(studio, window, part, number)
    }

    /// Starts a thread for this window.
    pub(super) fn of(
        studio: &mut Studio,
        window: Window,
        part: Part,
        number: usize,
    ) -> Result<Self, OpenError> {
        let window = Arc::new(window);
        let now = pace::now();
        let mut slot = Self {
            part,
            number,
            sign: Sign::None,
            window,
            mailbox: Arc::default(),
            stats: Arc::new(ScreenStats::new(studio.is_traced)),
            worker: 0,
            thread: Thread::Runs,
            backoff: Backoff::default(),
            n_placements: 0,
            changed: now,
            check_at: now + PLACE_AGAIN,
            is_stale: false,
        };
        slot.worker = studio.start(&slot)?;
        slot.backoff.start(now);
        Ok(slot)
    }

    /// What the screen is from now on; its thread is told where that is new.
    pub(super) fn set_part(&mut self, part: Part, number: usize) {
        self.number = number;
        let is_same = part.facts == self.part.facts && part.assignment == self.part.assignment;
        self.part = part;
        if !is_same || self.is_stale {
            self.is_stale = false;
            let part = self.part.clone();
            self.mailbox.put(|mail| mail.part = Some(part));
        }
    }

    /// The next [`Slot::set_part`] is told to the thread in any case.
    pub(super) fn forget_assignment(&mut self) {
        self.is_stale = true;
    }

    pub(super) fn set_sign(&mut self, sign: Sign) {
        if self.sign != sign {
            self.sign = sign.clone();
            self.mailbox.put(|mail| mail.sign = Some(sign));
        }
    }

    /// The set of screens changed, and with it, perhaps, where the window is and whether it is seen.
    pub(super) fn expect_to_be_moved(&mut self) {
        self.n_placements = 0;
        self.changed = pace::now();
        self.check_at = self.changed + PLACE_AGAIN;
        self.mailbox.put(|mail| mail.is_probe = true);
    }

    /// Puts the window back where it belongs, where something has moved or hidden it.
    pub(super) fn keep_in_place(
        &mut self,
        monitor: &MonitorHandle,
        facts: &ScreenFacts,
        display: &Display,
    ) {
        let now = pace::now();
        if now < self.check_at || self.n_placements >= MAX_PLACEMENTS {
            return;
        }
        // Under X11 the question is a round trip to the server: in the long run it is asked seldom.
        let is_settled = now.saturating_duration_since(self.changed) >= SETTLED_AFTER;
        self.check_at = now + if is_settled { CHECK_SETTLED } else { PLACE_AGAIN };
        let is_hidden = self.stats.unseen_for().is_some_and(|unseen| unseen >= HIDDEN_AFTER);
        if is_hidden || !display.is_in_place(&self.window, monitor, facts) {
            self.n_placements += 1;
            self.put_in_place(monitor);
        }
    }

    /// Makes the window full-screen on its monitor anew.
    pub(super) fn put_in_place(&self, monitor: &MonitorHandle) {
        tracing::debug!(screen = %self.part.facts.connector, "putting the window on its screen");
        // Without the first, X11 does nothing, and sway leaves a hidden window hidden.
        self.window.set_fullscreen(None);
        self.window.set_fullscreen(Some(Fullscreen::Borderless(Some(monitor.clone()))));
    }

    pub(super) fn resized(&self, size_px: [u32; 2]) {
        self.mailbox.put(|mail| mail.size_px = Some(size_px));
    }

    pub(super) fn redraw(&self) {
        self.mailbox.put(|mail| mail.is_redraw = true);
    }

    pub(super) fn stop(&self) {
        self.mailbox.put(|mail| mail.is_stop = true);
    }

    pub(super) fn fail(&mut self, why: &str) {
        let now = pace::now();
        let wait = self.backoff.fail(now);
        self.stats.count_restart(why);
        self.thread = Thread::Restarts(now + wait);
        tracing::error!(screen = %self.part.facts.connector, why, ?wait, "screen failed; starting it anew");
    }

    pub(super) fn restart_if_due(&mut self, studio: &mut Studio, now: Instant) {
        if self.restart_at().is_none_or(|at| at > now) {
            return;
        }
        match studio.start(self) {
            Ok(worker) => {
                self.worker = worker;
                self.thread = Thread::Runs;
                self.backoff.start(now);
            }
            Err(err) => self.fail(&err.to_string()),
        }
    }

    pub(super) fn restart_at(&self) -> Option<Instant> {
        match self.thread {
            Thread::Restarts(at) => Some(at),
            Thread::Runs | Thread::Ended => None,
        }
    }

    pub(super) fn set_ended(&mut self) {
        self.thread = Thread::Ended;
    }

    /// Whether no thread of the slot runs.
    pub(super) fn has_ended(&self) -> bool {
        self.thread != Thread::Runs
    }

    pub(super) fn view(&self) -> ScreenView {
        ScreenView {
            facts: self.part.facts.clone(),
            layout: self.part.assignment.name.clone(),
            stats: self.stats.clone(),
            mailbox: self.mailbox.clone(),
        }
    }

    /// Says what the screen's thread did.
    pub(super) fn log_counts(&self) {
        let counts = self.stats.counts();
        let assignment = &self.part.assignment;
        tracing::debug!(
            screen = %self.part.facts.connector,
            layout = assignment.name,
            adapter = counts.adapter,
            looks = counts.looks,
            presented = counts.presented,
            missed_ticks = counts.missed_ticks,
            drawn_px = counts.drawn_px,
            longest_draw_millis = counts.longest_draw_millis,
            last_present_secs = counts.last_present_secs,
            restarts = counts.restarts,
            last_failure = counts.last_failure,
            "screen closed"
        );
    }

    /// What identify shows under the number.
    pub(super) fn caption(&self) -> String {
        let facts = &self.part.facts;
        let (width, height) = facts.size_px;
        let panel = facts.edid.as_ref().map_or_else(String::new, |edid| {
            format!("{} {} {}\n", edid.make, edid.model, edid.serial)
        });
        format!("{}\n{panel}{} {width} × {height}", self.part.assignment.name, facts.connector)
    }

    pub(super) fn assignment(&self) -> &Assignment {
        &self.part.assignment
    }

    pub(super) fn number(&self) -> usize {
        self.number
    }

    pub(super) fn worker(&self) -> u64 {
        self.worker
    }

    pub(super) fn window(&self) -> &Window {
        &self.window
    }

    pub(super) fn mailbox(&self) -> &Arc<Mailbox> {
        &self.mailbox
    }

    pub(super) fn window_id(&self) -> WindowId {
        self.window.id()
    }
}
