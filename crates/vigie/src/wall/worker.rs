//! A screen's own thread: looks, draws what changed, presents, and never waits for another screen.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use vigie_model::Clock;
use winit::window::Window;

use crate::wall::{
    content::{CPU_PIXELS_PER_SEC, CPU_QUICK_PX, CPU_STEP, Content, Dirty, Opening},
    gpu::{Gpu, GpuError},
    mailbox::{Fault, Mail, Mailbox, Part},
    output::{Output, Shown},
    pace::{self, Pacer},
    platform,
    sign::Sign,
    stats::ScreenStats,
    surface::Presented,
};

/// How long a screen that cannot show a frame waits before it tries again.
const NOT_NOW: Duration = Duration::from_millis(100);

/// Why a screen's thread ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// It was told to.
    Stopped,
    /// Something failed: the screen is started anew.
    Failed(String),
}

/// All that a screen's thread needs.
pub(super) struct Job {
    pub(super) part: Part,
    pub(super) sign: Sign,
    pub(super) size_px: [u32; 2],
    pub(super) instance: wgpu::Instance,
    pub(super) surface: wgpu::Surface<'static>,
    pub(super) window: Arc<Window>,
    pub(super) mailbox: Arc<Mailbox>,
    pub(super) stats: Arc<ScreenStats>,
    pub(super) clock: Arc<dyn Clock>,
    /// Pictures go through the GPU's own way to the screen, even where sending pixels would be cheaper.
    pub(super) is_swapchain_only: bool,
    /// On Wayland a hidden window gets no frame callback, and a present without one blocks for ever.
    pub(super) waits_for_callback: bool,
}

/// Starts the thread. `report` is called in it when everything of the screen's GPU is gone again.
pub(super) fn start(job: Job, report: impl FnOnce(End) + Send + 'static) -> std::io::Result<()> {
    let name = format!("screen {}", job.part.facts.connector);
    thread::Builder::new().name(name).spawn(move || {
        let end = catch_unwind(AssertUnwindSafe(|| match Worker::new(job) {
            Ok(mut worker) => worker.run(),
            Err(err) => End::Failed(err.to_string()),
        }));
        report(end.unwrap_or_else(|payload| End::Failed(panic_text(payload.as_ref()))));
    })?;
    Ok(())
}

fn panic_text(payload: &(dyn std::any::Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().copied();
    let text = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    format!("it panicked: {}", text.unwrap_or("no message"))
}

/// The fields are dropped in this order: what draws before the device, the surface before its window.
struct Worker {
    content: Box<dyn Content>,
    output: Output,
    gpu: Arc<Gpu>,
    ctx: egui::Context,
    part: Part,
    sign: Sign,
    mailbox: Arc<Mailbox>,
    stats: Arc<ScreenStats>,
    clock: Arc<dyn Clock>,
    window: Arc<Window>,
    began: Instant,
    pacer: Pacer,
    /// When to look without a wake-up.
    look_at: Option<Instant>,
    waits_for_callback: bool,
    is_last_frame_shown: bool,
    fault: Option<Fault>,
}

impl Worker {
    fn new(job: Job) -> Result<Self, GpuError> {
        let mailbox = job.mailbox.clone();
        let gpu = Gpu::open(&job.instance, &job.surface, move || {
            mailbox.put(|mail| mail.is_gpu_lost = true)
        })?;
        let gpu = Arc::new(gpu);
        job.stats.set_adapter(&gpu.adapter.get_info().name);
        let ctx = egui::Context::default();
        job.sign.install_font(&ctx);
        let is_direct = gpu.is_cpu && !job.is_swapchain_only;
        let painter = is_direct.then(|| platform::painter(&job.window)).flatten();
        let window = (job.window.clone(), job.size_px);
        let aside = (painter, job.stats.miniature().clone());
        let output = Output::new(gpu.clone(), ctx.clone(), job.surface, window, aside)?;
        let content = open(&job.part, &ctx);
        let now = pace::now();
        Ok(Self {
            content,
            output,
            gpu,
            ctx,
            pacer: Pacer::new(job.part.facts.refresh.millihertz, now),
            part: job.part,
            sign: job.sign,
            mailbox: job.mailbox,
            stats: job.stats,
            clock: job.clock,
            window: job.window,
            began: now,
            look_at: Some(now),
            waits_for_callback: job.waits_for_callback,
            is_last_frame_shown: true,
            fault: None,
        })
    }

    fn run(&mut self) -> End {
        loop {
            let (quiet, woken) = self.deadlines();
            let mail = self.mailbox.wait(quiet, woken);
            if let Some(end) = self.take_in(mail) {
                return end;
            }
            let now = pace::now();
            if let Some(wanted) = self.wanted(now)
                && let Some(end) = self.frame(wanted, now)
            {
                return end;
            }
        }
    }

    /// Until when to wait without and with a wake-up; `None` is for ever.
    fn deadlines(&self) -> (Option<Instant>, Option<Instant>) {
        if !self.is_last_frame_shown {
            return (None, None);
        }
        let next = self.pacer.next();
        let quiet =
            if self.output.is_behind() { Some(next) } else { self.look_at.map(|at| at.max(next)) };
        (quiet, Some(next))
    }

    /// Since when a frame has been wanted that may start now.
    fn wanted(&self, now: Instant) -> Option<Instant> {
        if !self.is_last_frame_shown || now < self.pacer.next() {
            return None;
        }
        let due = self.look_at.filter(|at| *at <= now);
        let pending = (self.output.is_behind()).then_some(now);
        [self.mailbox.woken(), due, pending].into_iter().flatten().min()
    }

    fn take_in(&mut self, mail: Mail) -> Option<End> {
        if mail.is_stop {
            return Some(End::Stopped);
        }
        if mail.is_gpu_lost
            && let Some(why) = self.gpu.lost.why()
        {
            return Some(End::Failed(why));
        }
        if mail.is_redraw {
            if self.waits_for_callback {
                self.is_last_frame_shown = true;
                self.stats.count_seen();
            } else {
                // The window was uncovered: X11 does not keep what was there.
                self.output.forget_shown();
            }
        }
        if let Some(size_px) = mail.size_px {
            self.output.resize(size_px);
            self.pacer.release();
            // A window that changes is visible: the callback of the frame before may never come.
            self.is_last_frame_shown = true;
        }
        if mail.is_probe {
            self.output.forget_shown();
        }
        if mail.is_input {
            // Nobody who presses a key waits for pictures that nobody asked for.
            self.look_at = Some(pace::now());
            self.pacer.release();
        }
        if let Some(part) = mail.part {
            self.pacer.set_rate(part.facts.refresh.millihertz);
            self.content = open(&part, &self.ctx);
            self.part = part;
            self.output.spoil();
            self.pacer.release();
        }
        if let Some(sign) = mail.sign
            && sign != self.sign
        {
            sign.install_font(&self.ctx);
            self.sign = sign;
            self.output.spoil();
            self.pacer.release();
        }
        if mail.fault.is_some() {
            self.fault = mail.fault;
            self.output.spoil();
            self.pacer.release();
        }
        None
    }

    /// Looks, and draws and presents if there is something to show.
    fn frame(&mut self, wanted: Instant, now: Instant) -> Option<End> {
        // First the wake-up is taken, then the look: what comes between the two wakes again.
        self.mailbox.take_wake();
        let look = self.content.look(self.clock.now());
        self.stats.count_look();
        let step = if self.gpu.is_cpu { CPU_STEP } else { Duration::ZERO };
        self.look_at = look.again.map(|after| now + after.max(step));
        if look.dirty == Dirty::Nothing && !self.output.is_behind() {
            self.pacer.hold(now + self.content.rest());
            return None;
        }
        self.fail_on_purpose();
        let missed = self.pacer.begin(wanted, now);
        let secs = now.saturating_duration_since(self.began).as_secs_f64();
        let Shown { drawn_px, presented } =
            self.output.show(self.content.as_mut(), &self.sign, &look.dirty, secs);
        self.stats.count_draw(drawn_px, missed);
        let again = self.content.again().map(|after| pace::now() + after);
        self.look_at = self.look_at.into_iter().chain(again).min();
        let rest = self.content.rest();
        self.pacer.hold(now + rest);
        // Who works in a window does not wait because it was much that changed.
        if self.gpu.is_cpu && !(self.content.is_compared() && rest.is_zero()) {
            self.pacer.hold(now + raster_pause(drawn_px));
        }
        match presented {
            Presented::Yes => self.shown(now),
            Presented::NotNow => self.pacer.hold(now + NOT_NOW),
            Presented::Never(why) => return Some(End::Failed(why)),
        }
        self.gpu.lost.why().map(End::Failed)
    }

    fn shown(&mut self, began: Instant) {
        if self.waits_for_callback {
            self.is_last_frame_shown = false;
            // winit answers with `RedrawRequested` when the frame callback has come.
            self.window.request_redraw();
        }
        self.stats.count_present(began, self.output.size_px(), self.waits_for_callback);
        self.content.presented(self.clock.now());
    }

    /// For tests and benches: see [`Fault`].
    fn fail_on_purpose(&mut self) {
        match self.fault.take() {
            None => {}
            Some(Fault::Panic) => panic!("a panic that was asked for"),
            Some(Fault::DestroyDevice) => self.gpu.device.destroy(),
        }
    }
}

/// How long a screen without a GPU rests after it has rasterized so many pixels.
fn raster_pause(drawn_px: u64) -> Duration {
    let counted = drawn_px - drawn_px.min(CPU_QUICK_PX) / 2;
    Duration::from_micros(counted.saturating_mul(1_000_000) / CPU_PIXELS_PER_SEC)
}

fn open(part: &Part, ctx: &egui::Context) -> Box<dyn Content> {
    let opening = Opening { facts: &part.facts, assignment: &part.assignment };
    let mut content = part.stage.content(&opening);
    content.begin(ctx);
    content
}
