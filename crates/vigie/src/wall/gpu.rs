//! One GPU device of one screen, and how its loss is noticed.

use std::sync::Arc;

use futures_util::FutureExt as _;
use parking_lot::Mutex;

/// Vulkan, Metal and DX12 only: with OpenGL, threads that draw at one time crash the process.
const BACKENDS: wgpu::Backends =
    wgpu::Backends::VULKAN.union(wgpu::Backends::METAL).union(wgpu::Backends::DX12);

/// Textures and buffers of one device share blocks of this size; larger ones have memory of their own.
const MEMORY_BLOCK_BYTES: u64 = 4 << 20;

/// Why a screen cannot be drawn.
#[derive(Debug, thiserror::Error)]
pub(crate) enum GpuError {
    /// No GPU can draw to it.
    #[error("no GPU can draw here (Vulkan, Metal or DirectX 12 is needed)")]
    NoAdapter(#[source] Option<wgpu::RequestAdapterError>),
    /// The GPU gives no device.
    #[error("the GPU gave no device")]
    NoDevice(#[source] Option<wgpu::RequestDeviceError>),
    /// The window's surface offers no format that can be drawn to.
    #[error("the window offers no picture format")]
    NoFormat,
    /// A drawn picture could not be read back.
    #[error("the picture could not be read back from the GPU: {0}")]
    ReadBack(String),
}

/// What an instance is made of, with the window system's handle where there is one.
pub(super) fn instance_descriptor(
    display: Option<Box<dyn wgpu::wgt::WgpuHasDisplayHandle>>,
) -> wgpu::InstanceDescriptor {
    let mut descriptor = match display {
        Some(display) => wgpu::InstanceDescriptor::new_with_display_handle(display),
        None => wgpu::InstanceDescriptor::new_without_display_handle(),
    };
    descriptor.backends = BACKENDS;
    // Validation layers and debug labels cost time at start, and change nothing on a wall.
    descriptor.flags = wgpu::InstanceFlags::empty();
    descriptor
}

/// Whether the device is gone, and why; `Send`, and set from any thread.
#[derive(Clone, Default)]
pub(super) struct Lost(Arc<Mutex<Option<String>>>);

impl Lost {
    /// Why the device is gone; `None` while it works.
    pub(super) fn why(&self) -> Option<String> {
        self.0.lock().clone()
    }

    fn set(&self, why: String) {
        self.0.lock().get_or_insert(why);
    }
}

/// A device and its queue, of one screen alone: a shared device makes every screen wait for the slowest.
pub(super) struct Gpu {
    pub(super) adapter: wgpu::Adapter,
    pub(super) device: wgpu::Device,
    pub(super) queue: wgpu::Queue,
    pub(super) lost: Lost,
    /// The adapter is a processor that acts as a GPU.
    pub(super) is_cpu: bool,
}

impl Gpu {
    /// Opens the adapter that can draw to `surface`; `on_lost` is called from any thread when the device is gone.
    pub(super) fn open(
        instance: &wgpu::Instance,
        surface: &wgpu::Surface<'_>,
        on_lost: impl Fn() + Send + Sync + 'static,
    ) -> Result<Self, GpuError> {
        Self::with_adapter(request(instance, Some(surface), false)?, on_lost)
    }

    /// Opens an adapter that needs no screen: a processor where there is one, so that pictures are the same everywhere.
    pub(super) fn open_offscreen(instance: &wgpu::Instance) -> Result<Self, GpuError> {
        let adapter = request(instance, None, true).or_else(|_| request(instance, None, false))?;
        Self::with_adapter(adapter, || {})
    }

    fn with_adapter(
        adapter: wgpu::Adapter,
        on_lost: impl Fn() + Send + Sync + 'static,
    ) -> Result<Self, GpuError> {
        let descriptor = wgpu::DeviceDescriptor {
            label: None,
            required_limits: wgpu::Limits::downlevel_defaults().using_resolution(adapter.limits()),
            // Ten screens have ten devices: the smallest blocks that there are, and no larger ones after them.
            memory_hints: wgpu::MemoryHints::Manual {
                suballocated_device_memory_block_size: MEMORY_BLOCK_BYTES..MEMORY_BLOCK_BYTES,
            },
            ..Default::default()
        };
        let (device, queue) = adapter
            .request_device(&descriptor)
            .now_or_never()
            .ok_or(GpuError::NoDevice(None))?
            .map_err(|err| GpuError::NoDevice(Some(err)))?;
        let lost = Lost::default();
        let on_lost = Arc::new(on_lost);
        device.set_device_lost_callback({
            let (lost, on_lost) = (lost.clone(), on_lost.clone());
            move |reason, text| {
                lost.set(format!("the GPU device was lost ({reason:?}): {text}"));
                on_lost();
            }
        });
        device.on_uncaptured_error({
            let lost = lost.clone();
            Arc::new(move |err: wgpu::Error| {
                lost.set(format!("the GPU refused a command: {err}"));
                on_lost();
            })
        });
        let is_cpu = adapter.get_info().device_type == wgpu::DeviceType::Cpu;
        Ok(Self { adapter, device, queue, lost, is_cpu })
    }
}

/// The futures of native wgpu are ready at once; one that is not counts as no answer.
fn request(
    instance: &wgpu::Instance,
    surface: Option<&wgpu::Surface<'_>>,
    is_fallback: bool,
) -> Result<wgpu::Adapter, GpuError> {
    let options = wgpu::RequestAdapterOptions {
        power_preference: wgpu::PowerPreference::HighPerformance,
        force_fallback_adapter: is_fallback,
        compatible_surface: surface,
        ..Default::default()
    };
    instance
        .request_adapter(&options)
        .now_or_never()
        .ok_or(GpuError::NoAdapter(None))?
        .map_err(|err| GpuError::NoAdapter(Some(err)))
}
