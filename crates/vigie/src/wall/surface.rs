//! A window's surface: how the picture gets onto the screen.

use std::sync::Arc;

use winit::window::Window;

use crate::wall::{
    gpu::{Gpu, GpuError},
    picture::Picture,
};

/// Tries at one frame while the surface says that it is out of date.
const MAX_CONFIGURES: usize = 3;

/// What became of a frame.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Presented {
    /// The screen has it.
    Yes,
    /// The window is hidden or the driver is busy: later.
    NotNow,
    /// The surface is of no more use.
    Never(String),
}

/// The surface of one window.
pub(super) struct Swapchain {
    gpu: Arc<Gpu>,
    surface: wgpu::Surface<'static>,
    config: wgpu::SurfaceConfiguration,
    /// Where the surface's textures cannot be copied to, the picture is drawn onto them.
    blitter: Option<wgpu::util::TextureBlitter>,
    is_configured: bool,
    /// The driver would like another configuration and has been given one.
    is_suboptimal: bool,
}

impl Swapchain {
    /// A swapchain of this size; the surface is configured at the first frame.
    pub(super) fn new(
        gpu: Arc<Gpu>,
        surface: wgpu::Surface<'static>,
        [width, height]: [u32; 2],
    ) -> Result<Self, GpuError> {
        let capabilities = surface.get_capabilities(&gpu.adapter);
        let wanted = [wgpu::TextureFormat::Bgra8Unorm, wgpu::TextureFormat::Rgba8Unorm];
        let format = wanted
            .into_iter()
            .find(|format| capabilities.formats.contains(format))
            .or_else(|| capabilities.formats.first().copied())
            .ok_or(GpuError::NoFormat)?;
        let can_copy = capabilities.usages.contains(wgpu::TextureUsages::COPY_DST);
        let copy =
            if can_copy { wgpu::TextureUsages::COPY_DST } else { wgpu::TextureUsages::empty() };
        let config = wgpu::SurfaceConfiguration {
            usage: wgpu::TextureUsages::RENDER_ATTACHMENT | copy,
            format,
            color_space: wgpu::SurfaceColorSpace::Auto,
            width,
            height,
            // The only mode that every driver has and that never tears.
            present_mode: wgpu::PresentMode::Fifo,
            // A processor draws as it copies: nothing is gained by one more picture in flight.
            desired_maximum_frame_latency: if gpu.is_cpu { 1 } else { 2 },
            alpha_mode: wgpu::CompositeAlphaMode::Auto,
            view_formats: Vec::new(),
        };
        let blitter = (!can_copy).then(|| wgpu::util::TextureBlitter::new(&gpu.device, format));
        Ok(Self { gpu, surface, config, blitter, is_configured: false, is_suboptimal: false })
    }

    pub(super) fn format(&self) -> wgpu::TextureFormat {
        self.config.format
    }

    fn size_px(&self) -> [u32; 2] {
        [self.config.width, self.config.height]
    }

    pub(super) fn resize(&mut self, size_px: [u32; 2]) {
        if self.size_px() != size_px {
            [self.config.width, self.config.height] = size_px;
            self.is_configured = false;
        }
    }

    /// Copies the picture to the window's next texture and hands it to the screen.
    pub(super) fn present(&mut self, picture: &Picture, window: &Window) -> Presented {
        for _ in 0..MAX_CONFIGURES {
            if !self.is_configured {
                self.surface.configure(&self.gpu.device, &self.config);
                self.is_configured = true;
            }
            match self.surface.get_current_texture() {
                wgpu::CurrentSurfaceTexture::Success(frame) => {
                    self.is_suboptimal = false;
                    self.send(frame, picture, window);
                    return Presented::Yes;
                }
                wgpu::CurrentSurfaceTexture::Suboptimal(frame) => {
                    // Some drivers say so for ever: they are listened to once.
                    self.is_configured = self.is_suboptimal;
                    self.is_suboptimal = true;
                    self.send(frame, picture, window);
                    return Presented::Yes;
                }
                wgpu::CurrentSurfaceTexture::Outdated => self.is_configured = false,
                wgpu::CurrentSurfaceTexture::Timeout | wgpu::CurrentSurfaceTexture::Occluded => {
                    return Presented::NotNow;
                }
                wgpu::CurrentSurfaceTexture::Lost => {
                    return Presented::Never("the window's surface was lost".to_owned());
                }
                wgpu::CurrentSurfaceTexture::Validation => {
                    return Presented::Never("the window's surface gave no texture".to_owned());
                }
            }
        }
        Presented::NotNow
    }

    fn send(&self, frame: wgpu::SurfaceTexture, picture: &Picture, window: &Window) {
        let Gpu { device, queue, .. } = &*self.gpu;
        let mut encoder = device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        match &self.blitter {
            None => encoder.copy_texture_to_texture(
                picture.texture().as_image_copy(),
                frame.texture.as_image_copy(),
                picture.texture().size(),
            ),
            Some(blitter) => {
                let source = picture.texture().create_view(&wgpu::TextureViewDescriptor::default());
                let target = frame.texture.create_view(&wgpu::TextureViewDescriptor::default());
                blitter.copy(device, &mut encoder, &source, &target);
            }
        }
        queue.submit([encoder.finish()]);
        // On Wayland this asks for the callback that tells when the frame is shown.
        window.pre_present_notify();
        queue.present(frame);
    }
}
