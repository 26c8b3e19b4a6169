//! Decoded pictures, and the one way to ask for them.

use std::{fmt, sync::Arc};

/// A decoded picture.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    /// Width in pixels, at least 1.
    pub width_px: u32,
    /// Height in pixels, at least 1.
    pub height_px: u32,
    /// Red, green, blue, alpha (not premultiplied), row by row from the top; 4 bytes a pixel.
    pub rgba: Arc<[u8]>,
}

impl fmt::Debug for Picture {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Picture({}x{})", self.width_px, self.height_px)
    }
}

/// Where widgets get pictures by their address. It never blocks.
pub trait Pictures: Send + Sync + fmt::Debug {
    /// The picture at `address` if it is there; else it is fetched and [`Pictures::version`] changes once it is.
    fn picture(&self, address: &str) -> Option<Arc<Picture>>;

    /// A number that changes whenever a picture that was missing has come.
    fn version(&self) -> u64;
}
