//! Pixels of a picture, back from the GPU.

use std::sync::mpsc;

use crate::wall::{
    dirty::PixelRect,
    gpu::{Gpu, GpuError},
};

const PIXEL_BYTES: u64 = 4;

/// Reads rectangles of textures; the buffer between is kept from one to the next.
#[derive(Default)]
pub(super) struct Readback {
    buffer: Option<wgpu::Buffer>,
}

impl Readback {
    /// The pixels of `rect`, four bytes each, row after row without gaps, in place of what `pixels` held.
    pub(super) fn read(
        &mut self,
        gpu: &Gpu,
        texture: &wgpu::Texture,
        rect: PixelRect,
        pixels: &mut Vec<u8>,
    ) -> Result<(), GpuError> {
        let row = u64::from(rect.width()) * PIXEL_BYTES;
        let padded = row.next_multiple_of(u64::from(wgpu::COPY_BYTES_PER_ROW_ALIGNMENT));
        let n_bytes = padded * u64::from(rect.height());
        let buffer = self.buffer(gpu, n_bytes);
        copy(gpu, texture, rect, buffer, u32::try_from(padded).map_err(failed)?);
        let (sender, receiver) = mpsc::sync_channel(1);
        buffer.map_async(wgpu::MapMode::Read, ..n_bytes, move |result| {
            // The receiver is gone only where the wait below failed, which is told.
            sender.send(result).ok();
        });
        gpu.device.poll(wgpu::PollType::wait_indefinitely()).map_err(failed)?;
        receiver.recv().map_err(failed)?.map_err(failed)?;
        let (row, padded) =
            (usize::try_from(row).map_err(failed)?, usize::try_from(padded).map_err(failed)?);
        {
            let mapped = buffer.get_mapped_range(..n_bytes).map_err(failed)?;
            pixels.clear();
            for line in mapped.chunks_exact(padded) {
                pixels.extend_from_slice(line.get(..row).unwrap_or_default());
            }
        }
        buffer.unmap();
        Ok(())
    }

    /// A buffer that holds so many bytes.
    fn buffer(&mut self, gpu: &Gpu, n_bytes: u64) -> &wgpu::Buffer {
        let kept = self.buffer.take().filter(|buffer| buffer.size() >= n_bytes);
        self.buffer.insert(kept.unwrap_or_else(|| {
            gpu.device.create_buffer(&wgpu::BufferDescriptor {
                label: Some("read back"),
                size: n_bytes,
                usage: wgpu::BufferUsages::COPY_DST | wgpu::BufferUsages::MAP_READ,
                mapped_at_creation: false,
            })
        }))
    }
}

fn copy(gpu: &Gpu, texture: &wgpu::Texture, rect: PixelRect, buffer: &wgpu::Buffer, row: u32) {
    let mut encoder = gpu.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
    encoder.copy_texture_to_buffer(
        wgpu::TexelCopyTextureInfo {
            origin: wgpu::Origin3d { x: rect.left, y: rect.top, z: 0 },
            ..texture.as_image_copy()
        },
        wgpu::TexelCopyBufferInfo {
            buffer,
            layout: wgpu::TexelCopyBufferLayout {
                offset: 0,
                bytes_per_row: Some(row),
                rows_per_image: None,
            },
        },
        wgpu::Extent3d { width: rect.width(), height: rect.height(), depth_or_array_layers: 1 },
    );
    gpu.queue.submit([encoder.finish()]);
}

fn failed(why: impl std::fmt::Display) -> GpuError {
    GpuError::ReadBack(why.to_string())
}
