//! A screen's picture, kept in a texture: only what changed is rasterized again.

use crate::wall::{
    brush::Brush,
    content::{Content, Dirty},
    dirty::{Damage, PixelRect},
    gpu::GpuError,
    miniature::{Drawn, Miniature, Order},
    readback::Readback,
    sign::Sign,
};

/// The texture, and what draws into it.
pub(super) struct Picture {
    brush: Brush,
    texture: wgpu::Texture,
    /// Nothing of the texture is of use yet.
    is_blank: bool,
}

impl Picture {
    /// An empty picture of this size.
    pub(super) fn new(brush: Brush, size_px: [u32; 2]) -> Self {
        let texture = brush.texture(size_px);
        Self { brush, texture, is_blank: true }
    }

    /// Starts anew where the size differs.
    pub(super) fn resize(&mut self, size_px: [u32; 2]) {
        if self.size_px() != size_px {
            self.texture = self.brush.texture(size_px);
            self.is_blank = true;
        }
    }

    /// All of it is drawn at the next [`Picture::paint`].
    pub(super) fn spoil(&mut self) {
        self.is_blank = true;
    }

    /// Whether all of it must be drawn.
    pub(super) fn is_blank(&self) -> bool {
        self.is_blank
    }

    /// Reads all of it back, for the miniature.
    pub(super) fn show_small(&self, miniature: &Miniature) -> Result<(), GpuError> {
        let order = match self.texture.format() {
            wgpu::TextureFormat::Bgra8Unorm | wgpu::TextureFormat::Bgra8UnormSrgb => Order::Bgra,
            _ => Order::Rgba,
        };
        let (of_px, rect) = (self.size_px(), PixelRect::whole(self.size_px()));
        let mut pixels = Vec::new();
        Readback::default().read(self.brush.gpu(), &self.texture, rect, &mut pixels)?;
        miniature.add(&Drawn { rect, of_px, order, pixels: &pixels });
        Ok(())
    }

    pub(super) fn size_px(&self) -> [u32; 2] {
        [self.texture.width(), self.texture.height()]
    }

    pub(super) fn texture(&self) -> &wgpu::Texture {
        &self.texture
    }

    /// Draws what is dirty of `content`, with `sign` over it, at `secs` of the screen's time.
    ///
    /// Gives the number of pixels that were rasterized.
    pub(super) fn paint(
        &mut self,
        content: &mut dyn Content,
        sign: &Sign,
        dirty: &Dirty,
        secs: f64,
    ) -> u64 {
        let size_px = self.size_px();
        let dirty = if self.is_blank { &Dirty::All } else { dirty };
        let Some(damage) = Damage::of(dirty, content.pixels_per_point(), size_px) else { return 0 };
        let mut drawing = self.brush.draw(content, sign, size_px, secs);
        let narrowed = if self.is_blank { Some(damage) } else { drawing.narrow(damage, size_px) };
        let Some(damage) = narrowed else {
            self.brush.finish(&drawing);
            return 0;
        };
        let scale = drawing.pixels_per_point;
        let (primitives, clear) = match &damage {
            Damage::All => (std::mem::take(&mut drawing.primitives), Some(drawing.ground)),
            Damage::Rects(rects) => {
                (Damage::clip(rects, &drawing.primitives, drawing.ground, scale), None)
            }
        };
        self.brush.rasterize(primitives, scale, &self.texture, clear);
        self.brush.finish(&drawing);
        self.is_blank = false;
        damage.area_px(size_px)
    }

    /// Draws nothing in another way, but large areas of one color sooner.
    #[cfg(test)]
    pub(super) fn set_split(&mut self, is_split: bool) {
        self.brush.set_split(is_split);
    }
}
