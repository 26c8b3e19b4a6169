//! The wall: one full-screen window on each monitor, each drawn by a thread and a GPU device of its own.
//!
//! It knows nothing of widgets or rooms: a [`Stage`] says what each screen is and makes its [`Content`].
//! What it promises:
//! a screen that blocks, panics or loses its GPU does not cost the others a frame, and comes back by itself;
//! a monitor that is unplugged and plugged in again shows the same as before;
//! a screen on which nothing changed presents nothing, and one on which a rectangle changed rasterizes that rectangle.
//!
//! The main thread ([`host`]) owns windows and monitors, and never draws.
//! One [`worker`] a screen draws, and never waits for the main thread or for another screen.
//! They talk through a [`mailbox`] in which the newest wins.

mod awake;
mod brush;
mod compare;
mod console;
mod content;
mod desk;
mod direct;
mod dirty;
mod edid;
mod gpu;
mod handle;
mod host;
mod mailbox;
mod miniature;
mod monitors;
mod offscreen;
mod output;
pub(crate) mod pace;
mod picture;
mod platform;
mod readback;
mod registry;
mod sign;
mod single;
mod slot;
mod solid;
mod stats;
mod surface;
mod worker;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use vigie_layout::ScreenFacts;
use vigie_model::Clock;
use winit::{
    application::ApplicationHandler,
    event_loop::{ActiveEventLoop, EventLoop},
    window::WindowId,
};

pub(crate) use self::{
    console::{Backstage, Panel},
    content::{Assignment, Content, Dirty, Look, Opening, Stage},
    handle::{ScreenView, WallHandle},
    mailbox::Fault,
    offscreen::Easel,
    sign::paint_number,
    single::Claim,
};
use self::{handle::Ring, host::Host, platform::Display};

/// How the wall runs.
pub(crate) struct WallOptions {
    /// The room's time, which contents are given.
    pub(crate) clock: Arc<dyn Clock>,
    /// Keeps the screens from going dark while the wall runs.
    pub(crate) keeps_awake: bool,
    /// Keeps the moment of every present, for benches.
    pub(crate) is_traced: bool,
    /// Never sends pixels to the window system where the GPU is a processor: for benches of the way that GPUs go.
    pub(crate) is_swapchain_only: bool,
    /// Called on the main thread with the text of each key that the wall itself has no use for.
    pub(crate) on_key: Option<OnKey>,
    /// Makes the console, where there may be one.
    pub(crate) backstage: Option<Arc<dyn Backstage>>,
}

/// Is told the text of a key.
pub(crate) type OnKey = Box<dyn Fn(&str)>;

/// Why the wall does not run.
#[derive(Debug, thiserror::Error)]
pub(crate) enum WallError {
    /// There is nothing to open windows on.
    #[error("no display: neither WAYLAND_DISPLAY nor DISPLAY leads to a window system")]
    NoDisplay(#[source] winit::error::EventLoopError),
    /// The window system ended, or cut us off.
    #[error("the window system failed")]
    WindowSystem(#[source] winit::error::EventLoopError),
}

/// Runs the wall on this thread, which must be the main one, until it is stopped.
pub(crate) fn run(
    options: WallOptions,
    stage: Arc<dyn Stage>,
    handle: &WallHandle,
) -> Result<(), WallError> {
    let event_loop = EventLoop::with_user_event().build().map_err(WallError::NoDisplay)?;
    handle.connect(event_loop.create_proxy());
    let display = Display::open(&event_loop);
    let instance =
        wgpu::Instance::new(gpu::instance_descriptor(Some(display.wgpu_handle(&event_loop))));
    let _awake = options.keeps_awake.then(|| awake::Awake::start(&display));
    // What was ordered before the loop ran is followed as soon as it does.
    handle.order(|_| {});
    let proxy = event_loop.create_proxy();
    let mut host = Host::new(options, stage, (handle.clone(), proxy), display, instance);
    let result = event_loop.run_app(&mut host);
    handle.set_screens(Vec::new());
    if let Err(err) = result {
        // The threads still draw on a connection that is gone, which corrupts memory sooner or later.
        // Everything that was promised is on disk: leave at once, and be started again.
        tracing::error!(%err, "the window system is gone");
        platform::leave_at_once();
    }
    Ok(())
}

/// The screens that are plugged in now, in reading order.
pub(crate) fn screens() -> Result<Vec<ScreenFacts>, WallError> {
    let event_loop = EventLoop::<Ring>::with_user_event().build().map_err(WallError::NoDisplay)?;
    let mut census = Census { display: Display::open(&event_loop), screens: Vec::new() };
    event_loop.run_app(&mut census).map_err(WallError::WindowSystem)?;
    Ok(census.screens)
}

/// Counts the monitors and ends.
struct Census {
    display: Display,
    screens: Vec<ScreenFacts>,
}

impl ApplicationHandler<Ring> for Census {
    fn resumed(&mut self, event_loop: &ActiveEventLoop) {
        let found = monitors::find(event_loop, &self.display, &monitors::Known::default());
        let facts = found.into_iter().map(|(key, (_, facts))| (key, facts)).collect();
        self.screens =
            registry::in_reading_order(&facts).into_iter().map(|(_, facts)| facts).collect();
        event_loop.exit();
    }

    fn window_event(&mut self, _: &ActiveEventLoop, _: WindowId, _: winit::event::WindowEvent) {}
}
