//! Pixels straight into an X11 window, without a swapchain.

use raw_window_handle::{HasWindowHandle as _, RawWindowHandle};
use winit::window::Window;
use x11rb::{
    connection::{Connection as _, RequestConnection as _},
    errors::{ConnectError, ConnectionError, ReplyError},
    protocol::{
        Event,
        xproto::{ConnectionExt as _, CreateGCAux, ImageFormat, ImageOrder, VisualClass},
    },
    rust_connection::RustConnection,
    x11_utils::X11Error,
};

/// The head of a request that carries pixels, and some room.
const HEAD_BYTES: usize = 64;

/// Bits that a pixel takes in what is sent.
const PIXEL_BITS: u8 = 32;

use crate::wall::direct::Sink;

/// Why pixels did not get to the window.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PaintError {
    #[error("the connection to the X server is cut")]
    Cut(#[from] ConnectionError),
    #[error("the X server did not answer")]
    NoReply(#[from] ReplyError),
    #[error("the X server refused the pixels: {0:?}")]
    Refused(X11Error),
    #[error("a rectangle larger than X11 knows")]
    TooLarge(#[from] std::num::TryFromIntError),
}

/// Sends pixels to one window.
///
/// It has a connection of its own: a screen that waits for the server makes no other wait.
pub(crate) struct Painter {
    connection: RustConnection,
    window: u32,
    gc: u32,
    depth: u8,
}

/// A painter for this window, where it is one of X11 that takes 32 bits of blue, green and red.
pub(crate) fn painter(window: &Window) -> Option<Painter> {
    let window = match window.window_handle().ok()?.as_raw() {
        RawWindowHandle::Xlib(xlib) => u32::try_from(xlib.window).ok()?,
        RawWindowHandle::Xcb(xcb) => xcb.window.get(),
        _ => return None,
    };
    match Painter::new(window) {
        Ok(painter) => painter,
        Err(err) => {
            tracing::info!(%err, "pixels cannot be sent to the X server; using a swapchain");
            None
        }
    }
}

#[derive(Debug, thiserror::Error)]
enum OpenError {
    #[error(transparent)]
    Connect(#[from] ConnectError),
    #[error(transparent)]
    Cut(#[from] ConnectionError),
    #[error(transparent)]
    NoReply(#[from] ReplyError),
    #[error(transparent)]
    NoIds(#[from] x11rb::errors::ReplyOrIdError),
}

impl Painter {
    /// Nothing where the window's pixels have another form.
    fn new(window: u32) -> Result<Option<Self>, OpenError> {
        let (connection, _) = x11rb::connect(None)?;
        let visual = connection.get_window_attributes(window)?.reply()?.visual;
        let depth = connection.get_geometry(window)?.reply()?.depth;
        let setup = connection.setup();
        let has_pixels = setup
            .pixmap_formats
            .iter()
            .any(|format| format.depth == depth && format.bits_per_pixel == PIXEL_BITS);
        let mut visuals = setup
            .roots
            .iter()
            .flat_map(|screen| &screen.allowed_depths)
            .flat_map(|depth| &depth.visuals);
        let has_colors = visuals.any(|kind| {
            kind.visual_id == visual
                && kind.class == VisualClass::TRUE_COLOR
                && [kind.red_mask, kind.green_mask, kind.blue_mask] == [0xff_0000, 0xff00, 0xff]
        });
        if !has_pixels || !has_colors || setup.image_byte_order != ImageOrder::LSB_FIRST {
            return Ok(None);
        }
        let gc = connection.generate_id()?;
        let aux = CreateGCAux::new().graphics_exposures(0);
        connection.create_gc(gc, window, &aux)?.check()?;
        // Asked for now, so that no frame waits for the answer.
        connection.prefetch_maximum_request_bytes();
        Ok(Some(Self { connection, window, gc, depth }))
    }
}

impl Sink for Painter {
    type Error = PaintError;

    fn max_bytes(&self) -> u32 {
        let n_bytes = self.connection.maximum_request_bytes().saturating_sub(HEAD_BYTES);
        u32::try_from(n_bytes).unwrap_or(u32::MAX)
    }

    fn put(
        &mut self,
        [left, top]: [u32; 2],
        [width, height]: [u32; 2],
        pixels: &[u8],
    ) -> Result<(), PaintError> {
        self.connection.put_image(
            ImageFormat::Z_PIXMAP,
            self.window,
            self.gc,
            width.try_into()?,
            height.try_into()?,
            left.try_into()?,
            top.try_into()?,
            0,
            self.depth,
            pixels,
        )?;
        Ok(())
    }

    fn finish(&mut self) -> Result<(), PaintError> {
        // Requests are done in order: when this is answered, all pixels are in the window.
        self.connection.get_input_focus()?.reply()?;
        while let Some(event) = self.connection.poll_for_event()? {
            if let Event::Error(err) = event {
                return Err(PaintError::Refused(err));
            }
        }
        Ok(())
    }
}
