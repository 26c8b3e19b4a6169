//! What turns a content into pixels of a texture.

use std::{sync::Arc, time::Duration};

use egui::ClippedPrimitive;
use egui_wgpu::{Renderer, RendererOptions, ScreenDescriptor};

use crate::wall::{
    compare::Compared,
    content::{Content, Dirty},
    dirty::Damage,
    gpu::Gpu,
    sign::Sign,
    solid::{self, SolidPipeline},
};

/// The widest texture that a content may make. egui's atlas of glyphs has this width too, and is cleared
/// when it comes near to a square of it (64 MiB).
pub(crate) const MAX_TEXTURE_SIDE: usize = 4_096;

/// One screen's renderer.
pub(super) struct Brush {
    gpu: Arc<Gpu>,
    ctx: egui::Context,
    renderer: Renderer,
    format: wgpu::TextureFormat,
    /// Large areas of one color take the short way.
    is_split: bool,
    /// What was drawn last, of a content that is compared.
    compared: Compared,
}

/// What a content is made of at one moment.
pub(super) struct Drawing {
    pub(super) primitives: Vec<ClippedPrimitive>,
    pub(super) ground: egui::Color32,
    pub(super) pixels_per_point: f32,
    /// Textures that nothing needs once this is rasterized.
    used_up: Vec<egui::TextureId>,
    /// What differs from the drawing before, in points, of a content that is compared.
    changed: Option<Dirty>,
}

impl Drawing {
    /// `damage`, or what is known to differ from the drawing before; `None` where nothing does.
    pub(super) fn narrow(&self, damage: Damage, size_px: [u32; 2]) -> Option<Damage> {
        match &self.changed {
            Some(changed) => Damage::of(changed, self.pixels_per_point, size_px),
            None => Some(damage),
        }
    }
}

impl Brush {
    pub(super) fn new(gpu: Arc<Gpu>, ctx: egui::Context, format: wgpu::TextureFormat) -> Self {
        // Without dithering, a picture depends on nothing but what is drawn.
        let options = RendererOptions { dithering: false, ..Default::default() };
        let mut renderer = Renderer::new(&gpu.device, format, options);
        let is_split = gpu.is_cpu && !format.is_srgb();
        if is_split {
            renderer.callback_resources.insert(SolidPipeline::new(&gpu.device, format));
        }
        Self { gpu, ctx, renderer, format, is_split, compared: Compared::default() }
    }

    pub(super) fn ctx(&self) -> &egui::Context {
        &self.ctx
    }

    pub(super) fn gpu(&self) -> &Arc<Gpu> {
        &self.gpu
    }

    /// A texture that this brush can draw to.
    pub(super) fn texture(&self, [width, height]: [u32; 2]) -> wgpu::Texture {
        self.gpu.device.create_texture(&wgpu::TextureDescriptor {
            label: Some("picture"),
            size: wgpu::Extent3d { width, height, depth_or_array_layers: 1 },
            mip_level_count: 1,
            sample_count: 1,
            dimension: wgpu::TextureDimension::D2,
            format: self.format,
            usage: wgpu::TextureUsages::RENDER_ATTACHMENT
                | wgpu::TextureUsages::COPY_SRC
                | wgpu::TextureUsages::TEXTURE_BINDING,
            view_formats: &[],
        })
    }

    /// Asks `content` what it is made of, with `sign` over it, at `secs` of the screen's time.
    pub(super) fn draw(
        &mut self,
        content: &mut dyn Content,
        sign: &Sign,
        size_px: [u32; 2],
        secs: f64,
    ) -> Drawing {
        let pixels_per_point = content.pixels_per_point();
        let mut input = raw_input(size_px, pixels_per_point, secs);
        content.prepare(&mut input);
        let mut output = self.ctx.run_ui(input, |ui| {
            content.ui(ui);
            sign.ui(ui);
        });
        let again = output.viewport_output.get(&egui::ViewportId::ROOT);
        let again = again.map_or(Duration::MAX, |viewport| viewport.repaint_delay);
        content.conclude(std::mem::take(&mut output.platform_output), again);
        let changed = content.is_compared().then(|| self.compared.changes(&output));
        let primitives = self.ctx.tessellate(output.shapes, output.pixels_per_point);
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
        let used_up = output.textures_delta.free.drain().collect();
        Drawing { primitives, ground: content.ground(), pixels_per_point, used_up, changed }
    }

    /// Rasterizes `primitives` into a texture of this size, on `clear` or on what is there.
    pub(super) fn rasterize(
        &mut self,
        mut primitives: Vec<ClippedPrimitive>,
        pixels_per_point: f32,
        texture: &wgpu::Texture,
        clear: Option<egui::Color32>,
    ) {
        let size_px = [texture.width(), texture.height()];
        if self.is_split {
            primitives = self.take_solids_out(primitives, size_px, pixels_per_point);
        }
        let screen = ScreenDescriptor { size_in_pixels: size_px, pixels_per_point };
        let Gpu { device, queue, .. } = &*self.gpu;
        let mut encoder = device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        let mut commands =
            self.renderer.update_buffers(device, queue, &mut encoder, &primitives, &screen);
        let view = texture.create_view(&wgpu::TextureViewDescriptor::default());
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
            self.renderer.render(&mut pass.forget_lifetime(), &primitives, &screen);
        }
        commands.push(encoder.finish());
        queue.submit(commands);
    }

    /// All of `drawing` that was wanted has been rasterized.
    pub(super) fn finish(&mut self, drawing: &Drawing) {
        for id in &drawing.used_up {
            self.renderer.free_texture(id);
        }
    }

    /// Draws nothing in another way, but large areas of one color sooner.
    #[cfg(test)]
    pub(super) fn set_split(&mut self, is_split: bool) {
        self.is_split = is_split && self.renderer.callback_resources.contains::<SolidPipeline>();
    }

    fn take_solids_out(
        &mut self,
        primitives: Vec<ClippedPrimitive>,
        [width, height]: [u32; 2],
        pixels_per_point: f32,
    ) -> Vec<ClippedPrimitive> {
        let screen = egui::vec2(width as f32, height as f32) / pixels_per_point;
        let (primitives, solids) = solid::split(primitives, screen, pixels_per_point);
        if let Some(pipeline) = self.renderer.callback_resources.get_mut::<SolidPipeline>() {
            pipeline.upload(&self.gpu.device, &self.gpu.queue, &solids);
        }
        primitives
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

/// The same colour as an opaque shape of it gives.
fn clear_color(color: egui::Color32, format: wgpu::TextureFormat) -> wgpu::Color {
    let [r, g, b, a] = if format.is_srgb() {
        egui::Rgba::from(color).to_array()
    } else {
        color.to_array().map(|channel| f32::from(channel) / 255.0)
    };
    wgpu::Color { r: r.into(), g: g.into(), b: b.into(), a: a.into() }
}
