//! The same drawing without a screen: for `vigie render` and for tests.

use std::sync::Arc;

use image::RgbaImage;
use vigie_layout::ScreenFacts;
use vigie_model::Timestamp;

use crate::wall::{
    content::{Assignment, Content, Opening, Stage},
    gpu::{self, Gpu, GpuError},
    picture::Picture,
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

    /// An empty picture of this screen, with what the stage puts on it.
    pub(crate) fn canvas(
        &self,
        stage: &dyn Stage,
        facts: &ScreenFacts,
        assignment: &Assignment,
    ) -> Canvas {
        let ctx = egui::Context::default();
        let content = stage.content(&Opening { facts, assignment });
        let (width, height) = facts.size_px;
        let picture = Picture::new(self.gpu.clone(), ctx, FORMAT, [width.max(1), height.max(1)]);
        Canvas { gpu: self.gpu.clone(), content, picture }
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
        let Gpu { device, queue, .. } = &*self.gpu;
        let [width, height] = self.picture.size_px();
        let row = u64::from(width) * 4;
        let padded = row.next_multiple_of(u64::from(wgpu::COPY_BYTES_PER_ROW_ALIGNMENT));
        let failed = |what: &str| GpuError::ReadBack(what.to_owned());
        let buffer = device.create_buffer(&wgpu::BufferDescriptor {
            label: Some("read back"),
            size: padded * u64::from(height),
            usage: wgpu::BufferUsages::COPY_DST | wgpu::BufferUsages::MAP_READ,
            mapped_at_creation: false,
        });
        let mut encoder = device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        let layout = wgpu::TexelCopyBufferLayout {
            offset: 0,
            bytes_per_row: Some(u32::try_from(padded).ok().ok_or_else(|| failed("too wide"))?),
            rows_per_image: None,
        };
        encoder.copy_texture_to_buffer(
            self.picture.texture().as_image_copy(),
            wgpu::TexelCopyBufferInfo { buffer: &buffer, layout },
            self.picture.texture().size(),
        );
        queue.submit([encoder.finish()]);
        let (sender, receiver) = std::sync::mpsc::sync_channel(1);
        buffer.map_async(wgpu::MapMode::Read, .., move |result| {
            // The receiver is gone only where the wait below failed, which is told.
            sender.send(result).ok();
        });
        device
            .poll(wgpu::PollType::wait_indefinitely())
            .map_err(|err| GpuError::ReadBack(err.to_string()))?;
        receiver
            .recv()
            .map_err(|err| GpuError::ReadBack(err.to_string()))?
            .map_err(|err| GpuError::ReadBack(err.to_string()))?;
        let padded = usize::try_from(padded).ok().ok_or_else(|| failed("too large"))?;
        let row = usize::try_from(row).ok().ok_or_else(|| failed("too large"))?;
        let mapped =
            buffer.get_mapped_range(..).map_err(|err| GpuError::ReadBack(err.to_string()))?;
        let pixels: Vec<u8> = mapped
            .chunks_exact(padded)
            .filter_map(|line| line.get(..row))
            .flatten()
            .copied()
            .collect();
        RgbaImage::from_raw(width, height, pixels).ok_or_else(|| failed("the size does not fit"))
    }
}
