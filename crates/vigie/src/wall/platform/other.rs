//! Windows and macOS: winit's own ways. Builds; not run on either yet.

use std::{process, sync::Arc};

use vigie_layout::ScreenFacts;
use winit::{
    event_loop::EventLoop,
    monitor::MonitorHandle,
    window::{Window, WindowAttributes},
};

use crate::wall::{direct::Sink, edid::Panel, handle::Ring};

/// The window system.
pub(crate) struct Display;

/// Nothing is changed that would have to be put back.
pub(crate) struct Blanking;

impl Display {
    pub(crate) fn open(_event_loop: &EventLoop<Ring>) -> Self {
        Self
    }

    pub(crate) fn wgpu_handle(
        &self,
        event_loop: &EventLoop<Ring>,
    ) -> Box<dyn wgpu::wgt::WgpuHasDisplayHandle> {
        Box::new(event_loop.owned_display_handle())
    }

    pub(crate) fn hides_without_a_word(&self) -> bool {
        false
    }

    pub(crate) fn position_scale(&self, _scale: f64) -> f64 {
        1.0
    }

    pub(crate) fn surface_target(&self, window: Arc<Window>) -> wgpu::SurfaceTarget<'static> {
        window.into()
    }

    pub(crate) fn waits_for_callback(&self) -> bool {
        false
    }

    pub(crate) fn named(&self, attributes: WindowAttributes) -> WindowAttributes {
        attributes
    }

    /// What the panel says of itself is not asked yet: screens are told apart by connector and place.
    pub(crate) fn panel(&self, _connector: &str) -> Option<Panel> {
        None
    }

    pub(crate) fn is_in_place(
        &self,
        window: &Window,
        monitor: &MonitorHandle,
        facts: &ScreenFacts,
    ) -> bool {
        let size = window.inner_size();
        (size.width, size.height) == facts.size_px
            && window.current_monitor().as_ref() == Some(monitor)
    }

    pub(crate) fn stop_blanking(&self) -> Option<Blanking> {
        None
    }
}

/// Sends pixels to a window. There is no such way here.
pub(crate) enum Painter {}

/// None: pictures go through the GPU's own way to the screen.
pub(crate) fn painter(_window: &Window) -> Option<Painter> {
    None
}

impl Sink for Painter {
    type Error = std::convert::Infallible;

    fn max_bytes(&self) -> u32 {
        match *self {}
    }

    fn put(&mut self, _: [u32; 2], _: [u32; 2], _: &[u8]) -> Result<(), Self::Error> {
        match *self {}
    }

    fn finish(&mut self) -> Result<(), Self::Error> {
        match *self {}
    }
}

/// Ends the process without running anything more of it.
pub(crate) fn leave_at_once() -> ! {
    process::abort()
}
