//! The same drawing without a screen: for `vigie render` and for tests.

use std::sync::Arc;

use image::RgbaImage;
use vigie_layout::ScreenFacts;
use vigie_model::Timestamp;

use crate::wall::{
    brush::Brush,
    console::Panel,
    content::{Assignment, Content, Dirty, Look, Opening, Stage},
    dirty::PixelRect,
    gpu::{self, Gpu, GpuError},
    picture::Picture,
    readback::Readback,
    sign::Sign,
};

/// The format of a PNG, so that nothing is converted.
const FORMAT: wgpu::TextureFormat = wgpu::TextureFormat::Rgba8Unorm;

/// A GPU without a screen.
pub(crate) struct Easel {
    gpu: Arc<Gpu>,
}

impl Easel {
    /// Opens one: the software rasterizer where there is one, so that pictures are the same on every machine.
    pub(crate) fn open() -> Result<Self, GpuError> {
        let instance = wgpu::Instance::new(gpu::instance_descriptor(None));
        Ok(Self { gpu: Arc::new(Gpu::open_offscreen(&instance)?) })
    }

    /// A brush for pictures that nobody sees.
    pub(super) fn brush(&self) -> Brush {
        Brush::new(self.gpu.clone(), egui::Context::default(), FORMAT)
    }

    /// An empty picture of this screen, with what the stage puts on it.
    pub(crate) fn canvas(
        &self,
        stage: &dyn Stage,
        facts: &ScreenFacts,
        assignment: &Assignment,
    ) -> Canvas {
        let content = stage.content(&Opening { facts, assignment });
        let (width, height) = facts.size_px;
        let picture = Picture::new(self.brush(), [width.max(1), height.max(1)]);
        Canvas { gpu: self.gpu.clone(), content, picture }
    }

    /// An empty picture of this size, with a panel on it.
    pub(crate) fn panel(&self, panel: Box<dyn Panel>, size_px: [u32; 2]) -> Canvas {
        let brush = self.brush();
        let mut content = Still(panel);
        content.begin(brush.ctx());
        let picture = Picture::new(brush, size_px.map(|side| side.max(1)));
        Canvas { gpu: self.gpu.clone(), content: Box::new(content), picture }
    }
}

/// A panel that nobody works with.
struct Still(Box<dyn Panel>);

impl Content for Still {
    fn begin(&mut self, ctx: &egui::Context) {
        self.0.begin(ctx);
    }

    fn look(&mut self, now: Timestamp) -> Look {
        self.0.look(now);
        Look { dirty: Dirty::All, again: None }
    }

    fn ui(&mut self, ui: &mut egui::Ui) {
        self.0.ui(ui);
    }
}

/// A screen that nobody sees.
pub(crate) struct Canvas {
    gpu: Arc<Gpu>,
    content: Box<dyn Content>,
    picture: Picture,
}

impl Canvas {
    /// Looks, and draws what changed, as a screen does. Gives the number of pixels that were rasterized.
    pub(crate) fn step(&mut self, now: Timestamp) -> u64 {
        let look = self.content.look(now);
        // Animations stand still: a picture depends on `now` and on nothing else.
        self.picture.paint(self.content.as_mut(), &Sign::None, &look.dirty, 0.0)
    }

    /// Whether large areas of one color take the short way, where the GPU is one that knows it.
    #[cfg(test)]
    pub(crate) fn set_split(&mut self, is_split: bool) {
        self.picture.set_split(is_split);
    }

    /// Draws all of it at the next step.
    pub(crate) fn spoil(&mut self) {
        self.picture.spoil();
    }

    /// The picture.
    pub(crate) fn read(&self) -> Result<RgbaImage, GpuError> {
        let [width, height] = self.picture.size_px();
        let mut pixels = Vec::new();
        let whole = PixelRect::whole([width, height]);
        Readback::default().read(&self.gpu, self.picture.texture(), whole, &mut pixels)?;
        RgbaImage::from_raw(width, height, pixels)
            .ok_or_else(|| GpuError::ReadBack("the size does not fit".to_owned()))
    }
}
