//! A screen's picture, kept in a texture: only what changed is rasterized again.

use std::sync::Arc;

use egui_wgpu::{Renderer, RendererOptions, ScreenDescriptor};

use crate::wall::{
    content::{Content, Dirty},
    dirty::Damage,
    gpu::Gpu,
    sign::Sign,
    solid::{self, SolidPipeline},
};

/// The widest texture that a content may make. egui's atlas of glyphs has this width too, and is cleared
/// when it comes near to a square of it (64 MiB).
pub(crate) const MAX_TEXTURE_SIDE: usize = 4_096;

/// The texture, and what draws into it.
pub(super) struct Picture {
    gpu: Arc<Gpu>,
    ctx: egui::Context,
    renderer: Renderer,
    texture: wgpu::Texture,
    format: wgpu::TextureFormat,
    /// Nothing of the texture is of use yet.
    is_blank: bool,
    /// Large areas of one color take the short way.
    is_split: bool,
}

impl Picture {
    /// An empty picture of this size.
    pub(super) fn new(
        gpu: Arc<Gpu>,
        ctx: egui::Context,
        format: wgpu::TextureFormat,
        size_px: [u32; 2],
    ) -> Self {
        // Without dithering, a picture depends on nothing but what is drawn.
        let options = RendererOptions { dithering: false, ..Default::default() };
        let mut renderer = Renderer::new(&gpu.device, format, options);
        let is_split = gpu.is_cpu && !format.is_srgb();
        if is_split {
            renderer.callback_resources.insert(SolidPipeline::new(&gpu.device, format));
        }
        let texture = new_texture(&gpu, format, size_px);
        Self { gpu, ctx, renderer, texture, format, is_blank: true, is_split }
    }

    /// Starts anew where the size differs.
    pub(super) fn resize(&mut self, size_px: [u32; 2]) {
        if self.size_px() != size_px {
            self.texture = new_texture(&self.gpu, self.format, size_px);
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
        let pixels_per_point = content.pixels_per_point();
        let dirty = if self.is_blank { &Dirty::All } else { dirty };
        let Some(damage) = Damage::of(dirty, pixels_per_point, size_px) else { return 0 };
        let input = raw_input(size_px, pixels_per_point, secs);
        let mut output = self.ctx.run_ui(input, |ui| {
            content.ui(ui);
            sign.ui(ui);
        });
        let primitives = self.ctx.tessellate(output.shapes, output.pixels_per_point);
        let ground = content.ground();
        let mut primitives = damage.clip(primitives, ground, pixels_per_point);
        if self.is_split {
            primitives = self.take_solids_out(primitives, pixels_per_point);
        }
        // The order of textures is of no matter: each has its own updates, in order.
        #[expect(
            clippy::iter_over_hash_type,
            reason = "updates of different textures do not depend on each other"
        )]
        for (id, deltas) in output.textures_delta.set.drain() {
            for delta in deltas {
                self.renderer.update_texture(&self.gpu.device, &self.gpu.queue, id, &delta);
            }
        }
        let screen = ScreenDescriptor { size_in_pixels: size_px, pixels_per_point };
        self.rasterize(&primitives, &screen, matches!(damage, Damage::All).then_some(ground));
        #[expect(clippy::iter_over_hash_type, reason = "textures are freed independently")]
        for id in output.textures_delta.free.drain() {
            self.renderer.free_texture(&id);
        }
        self.is_blank = false;
        damage.area_px(size_px)
    }

    /// Draws nothing in another way, but large areas of one color sooner.
    #[cfg(test)]
    pub(super) fn set_split(&mut self, is_split: bool) {
        self.is_split = is_split && self.renderer.callback_resources.contains::<SolidPipeline>();
    }

    fn take_solids_out(
        &mut self,
        primitives: Vec<egui::ClippedPrimitive>,
        pixels_per_point: f32,
    ) -> Vec<egui::ClippedPrimitive> {
        let [width, height] = self.size_px();
        let screen = egui::vec2(width as f32, height as f32) / pixels_per_point;
        let (primitives, solids) = solid::split(primitives, screen, pixels_per_point);
        if let Some(pipeline) = self.renderer.callback_resources.get_mut::<SolidPipeline>() {
            pipeline.upload(&self.gpu.device, &self.gpu.queue, &solids);
        }
        primitives
    }

    fn rasterize(
        &mut self,
        primitives: &[egui::ClippedPrimitive],
        screen: &ScreenDescriptor,
        clear: Option<egui::Color32>,
    ) {
        let Gpu { device, queue, .. } = &*self.gpu;
        let mut encoder = device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        let mut commands =
            self.renderer.update_buffers(device, queue, &mut encoder, primitives, screen);
        let view = self.texture.create_view(&wgpu::TextureViewDescriptor::default());
        {
            let pass = encoder.begin_render_pass(&wgpu::RenderPassDescriptor {
                label: None,
                color_attachments: &[Some(wgpu::RenderPassColorAttachment {
                    view: &view,
                    resolve_target: None,
                    depth_slice: None,
                    ops: wgpu::Operations {
                        load: clear.map_or(wgpu::LoadOp::Load, |color| {
                            wgpu::LoadOp::Clear(clear_color(color, self.format))
                        }),
                        store: wgpu::StoreOp::Store,
                    },
                })],
                depth_stencil_attachment: None,
                timestamp_writes: None,
                occlusion_query_set: None,
                multiview_mask: None,
            });
            self.renderer.render(&mut pass.forget_lifetime(), primitives, screen);
        }
        commands.push(encoder.finish());
        queue.submit(commands);
    }
}

fn raw_input(size_px: [u32; 2], pixels_per_point: f32, secs: f64) -> egui::RawInput {
    let [width, height] = size_px;
    let size = egui::vec2(width as f32, height as f32) / pixels_per_point;
    let mut input = egui::RawInput {
        screen_rect: Some(egui::Rect::from_min_size(egui::Pos2::ZERO, size)),
        max_texture_side: Some(MAX_TEXTURE_SIDE),
        time: Some(secs),
        ..Default::default()
    };
    if let Some(viewport) = input.viewports.get_mut(&egui::ViewportId::ROOT) {
        viewport.native_pixels_per_point = Some(pixels_per_point);
    }
    input
}

fn new_texture(gpu: &Gpu, format: wgpu::TextureFormat, [width, height]: [u32; 2]) -> wgpu::Texture {
    gpu.device.create_texture(&wgpu::TextureDescriptor {
        label: Some("picture"),
        size: wgpu::Extent3d { width, height, depth_or_array_layers: 1 },
        mip_level_count: 1,
        sample_count: 1,
        dimension: wgpu::TextureDimension::D2,
        format,
        usage: wgpu::TextureUsages::RENDER_ATTACHMENT
            | wgpu::TextureUsages::COPY_SRC
            | wgpu::TextureUsages::TEXTURE_BINDING,
        view_formats: &[],
    })
}

/// The same colour as an opaque shape of it gives.
fn clear_color(color: egui::Color32, format: wgpu::TextureFormat) -> wgpu::Color {
    let [r, g, b, a] = if format.is_srgb() {
        egui::Rgba::from(color).to_array()
    } else {
        color.to_array().map(|channel| f32::from(channel) / 255.0)
    };
    wgpu::Color { r: r.into(), g: g.into(), b: b.into(), a: a.into() }
}
