//! The way from a content to its screen.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use winit::window::Window;

use crate::wall::{
    brush::Brush,
    content::{Content, Dirty},
    direct::Direct,
    gpu::{Gpu, GpuError},
    miniature::Miniature,
    pace,
    picture::Picture,
    platform::Painter,
    sign::Sign,
    surface::{Presented, Swapchain},
};

/// Between two looks at a picture that the GPU has, for its miniature.
const SMALL_EVERY: Duration = Duration::from_secs(1);

/// How one screen is drawn and shown.
pub(super) struct Output {
    way: Way,
    window: Arc<Window>,
    miniature: Arc<Miniature>,
    shown_small: Option<Instant>,
}

enum Way {
    /// Through the GPU's own way to the screen. What was drawn and could not be shown is kept.
    Swapchain { picture: Box<Picture>, swapchain: Box<Swapchain>, is_unshown: bool },
    /// As pixels, to the window system.
    Direct(Box<Direct<Painter>>),
}

/// What came of a frame.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Shown {
    /// Pixels that were rasterized.
    pub(super) drawn_px: u64,
    pub(super) presented: Presented,
}

impl Output {
    /// The best way for this GPU and this window; `painter` is there where the window takes pixels.
    pub(super) fn new(
        gpu: Arc<Gpu>,
        ctx: egui::Context,
        surface: wgpu::Surface<'static>,
        (window, size_px): (Arc<Window>, [u32; 2]),
        (painter, miniature): (Option<Painter>, Arc<Miniature>),
    ) -> Result<Self, GpuError> {
        let size_px = at_least_one(size_px);
        let way = match painter {
            Some(painter) => {
                let brush = Brush::new(gpu, ctx, Direct::<Painter>::FORMAT);
                Way::Direct(Box::new(Direct::new(brush, painter, size_px, miniature.clone())))
            }
            None => {
                let swapchain = Swapchain::new(gpu.clone(), surface, size_px)?;
                let brush = Brush::new(gpu, ctx, swapchain.format());
                let picture = Box::new(Picture::new(brush, size_px));
                Way::Swapchain { picture, swapchain: Box::new(swapchain), is_unshown: false }
            }
        };
        Ok(Self { way, window, miniature, shown_small: None })
    }

    pub(super) fn size_px(&self) -> [u32; 2] {
        match &self.way {
            Way::Swapchain { picture, .. } => picture.size_px(),
            Way::Direct(direct) => direct.size_px(),
        }
    }

    /// The window has this size from the next frame on.
    pub(super) fn resize(&mut self, size_px: [u32; 2]) {
        let size_px = at_least_one(size_px);
        match &mut self.way {
            Way::Swapchain { picture, swapchain, .. } => {
                swapchain.resize(size_px);
                picture.resize(size_px);
            }
            Way::Direct(direct) => direct.resize(size_px),
        }
    }

    /// All of it is drawn at the next [`Output::show`].
    pub(super) fn spoil(&mut self) {
        match &mut self.way {
            Way::Swapchain { picture, .. } => picture.spoil(),
            Way::Direct(direct) => direct.spoil(),
        }
    }

    /// The screen has lost what it showed.
    pub(super) fn forget_shown(&mut self) {
        match &mut self.way {
            Way::Swapchain { is_unshown, .. } => *is_unshown = true,
            Way::Direct(direct) => direct.spoil(),
        }
    }

    /// Whether there is something to show although nothing may have changed.
    pub(super) fn is_behind(&self) -> bool {
        match &self.way {
            Way::Swapchain { picture, is_unshown, .. } => *is_unshown || picture.is_blank(),
            Way::Direct(direct) => direct.is_blank(),
        }
    }

    /// Draws what is dirty of `content`, with `sign` over it, at `secs` of the screen's time, and shows it.
    pub(super) fn show(
        &mut self,
        content: &mut dyn Content,
        sign: &Sign,
        dirty: &Dirty,
        secs: f64,
    ) -> Shown {
        match &mut self.way {
            Way::Swapchain { picture, swapchain, is_unshown } => {
                let drawn_px = picture.paint(content, sign, dirty, secs);
                let presented = swapchain.present(picture, &self.window);
                *is_unshown = presented != Presented::Yes;
                let is_due = self.shown_small.is_none_or(|at| at.elapsed() >= SMALL_EVERY);
                if is_due && self.miniature.is_wanted() {
                    self.shown_small = Some(pace::now());
                    if let Err(err) = picture.show_small(&self.miniature) {
                        tracing::debug!(%err, "no miniature of a screen");
                    }
                }
                Shown { drawn_px, presented }
            }
            Way::Direct(direct) => match direct.show(content, sign, dirty, secs) {
                Ok(drawn_px) => Shown { drawn_px, presented: Presented::Yes },
                Err(err) => Shown { drawn_px: 0, presented: Presented::Never(err.to_string()) },
            },
        }
    }
}

fn at_least_one(size_px: [u32; 2]) -> [u32; 2] {
    size_px.map(|side| side.max(1))
}
