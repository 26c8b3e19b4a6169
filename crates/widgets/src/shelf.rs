//! The pictures of one screen: scaled to the size in which they are shown, uploaded once, kept within a limit.

use std::sync::Arc;

use egui::{ColorImage, Context, TextureHandle, TextureOptions, Vec2};
use rustc_hash::FxHashMap;
use vigie_model::{Picture, Pictures};

use crate::{text::raster::resized, theme};

/// Bytes of pictures that one screen keeps. A full screen of posters has 6 MiB.
const MAX_BYTES: usize = 8 << 20;

/// Pictures are not enlarged beyond this side before they are uploaded.
const MAX_SIDE_PX: usize = 1_024;

/// Pictures are scaled to a multiple of this side, so that a small change of layout uploads nothing.
const STEP_PX: usize = 64;

struct Uploaded {
    texture: TextureHandle,
    n_bytes: usize,
    frame: u64,
}

/// The pictures that one screen has uploaded.
pub struct Shelf {
    pictures: Arc<dyn Pictures>,
    uploaded: FxHashMap<(Box<str>, usize), Uploaded>,
    n_bytes: usize,
    frame: u64,
}

impl std::fmt::Debug for Shelf {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Shelf({} pictures, {} bytes)", self.uploaded.len(), self.n_bytes)
    }
}

impl Shelf {
    /// An empty shelf that asks `pictures` for what it lacks.
    #[must_use]
    pub fn new(pictures: Arc<dyn Pictures>) -> Self {
        Self { pictures, uploaded: FxHashMap::default(), n_bytes: 0, frame: 0 }
    }

    /// Begins a frame.
    pub fn begin_frame(&mut self) {
        self.frame += 1;
    }

    /// Forgets what was uploaded, as after the loss of a device.
    pub fn clear(&mut self) {
        self.uploaded.clear();
        self.n_bytes = 0;
    }

    /// Changes when a picture that was missing has come.
    #[must_use]
    pub fn version(&self) -> u64 {
        self.pictures.version()
    }

    /// The picture at `address`, scaled to cover `cover_px`, with its own size in pixels; nothing while it is missing.
    pub fn texture(
        &mut self,
        ctx: &Context,
        address: &str,
        cover_px: Vec2,
    ) -> Option<(TextureHandle, Vec2)> {
        let wanted = (cover_px.x.max(cover_px.y).max(1.0) as usize).min(MAX_SIDE_PX);
        let bucket = wanted.next_multiple_of(STEP_PX);
        let key = (Box::from(address), bucket);
        if let Some(uploaded) = self.uploaded.get_mut(&key) {
            uploaded.frame = self.frame;
            return Some((uploaded.texture.clone(), uploaded.texture.size_vec2()));
        }
        let picture = self.pictures.picture(address)?;
        let image = scaled(&picture, bucket)?;
        let n_bytes = image.pixels.len() * 4;
        self.make_room(n_bytes);
        let texture = ctx.load_texture("picture", image, TextureOptions::LINEAR);
        let size = texture.size_vec2();
        let uploaded = Uploaded { texture: texture.clone(), n_bytes, frame: self.frame };
        self.n_bytes += n_bytes;
        self.uploaded.insert(key, uploaded);
        Some((texture, size))
    }

    /// Lets go of what was shown longest ago, but of nothing that this frame shows.
    fn make_room(&mut self, n_bytes: usize) {
        while self.n_bytes + n_bytes > MAX_BYTES {
            let oldest = self
                .uploaded
                .iter()
                .filter(|(_, uploaded)| uploaded.frame < self.frame)
                .min_by_key(|(_, uploaded)| uploaded.frame)
                .map(|(key, _)| key.clone());
            let Some(key) = oldest else { return };
            if let Some(gone) = self.uploaded.remove(&key) {
                self.n_bytes -= gone.n_bytes;
            }
        }
    }
}

/// The picture with its shorter side at `side_px`, never enlarged; nothing where its data do not fit its size.
fn scaled(picture: &Picture, side_px: usize) -> Option<ColorImage> {
    let from = [picture.width_px as usize, picture.height_px as usize];
    if from[0] == 0 || from[1] == 0 || from[0] * from[1] * 4 != picture.rgba.len() {
        return None;
    }
    let straight = picture.rgba.as_chunks::<4>().0;
    let pixels: Vec<_> = straight.iter().map(|rgba| theme::from_straight(*rgba)).collect();
    let factor = (side_px as f32 / from[0].min(from[1]) as f32)
        .min(2.0 * MAX_SIDE_PX as f32 / from[0].max(from[1]) as f32);
    if factor >= 1.0 {
        return Some(ColorImage::new(from, pixels));
    }
    let to = from.map(|side| ((side as f32 * factor).round() as usize).max(1));
    Some(ColorImage::new(to, resized(&pixels, from, to)))
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use egui::vec2;

    use super::*;

    #[derive(Debug, Default)]
    struct Album(AtomicU64);

    impl Pictures for Album {
        fn picture(&self, address: &str) -> Option<Arc<Picture>> {
            self.0.fetch_add(1, Ordering::Relaxed);
            let side = address.parse::<u32>().ok()?;
            let rgba = vec![200; (side * side * 4) as usize].into();
            Some(Arc::new(Picture { width_px: side, height_px: side, rgba }))
        }

        fn version(&self) -> u64 {
            0
        }
    }

    #[test]
    fn pictures_are_scaled_and_uploaded_once() {
        let ctx = Context::default();
        let album = Arc::new(Album::default());
        let mut shelf = Shelf::new(Arc::clone(&album) as Arc<dyn Pictures>);
        shelf.begin_frame();
        for _ in 0..3 {
            let (_, size) = shelf.texture(&ctx, "500", vec2(100.0, 80.0)).unwrap();
            assert_eq!(size, vec2(128.0, 128.0));
        }
        assert_eq!(album.0.load(Ordering::Relaxed), 1);
        assert!(shelf.texture(&ctx, "missing", vec2(10.0, 10.0)).is_none());
        ctx.tex_manager().write().take_delta().clear();
    }

    #[test]
    fn the_limit_holds() {
        let ctx = Context::default();
        let mut shelf = Shelf::new(Arc::new(Album::default()));
        for side in 800..840 {
            shelf.begin_frame();
            assert!(shelf.texture(&ctx, &side.to_string(), vec2(1024.0, 900.0)).is_some());
            assert!(shelf.n_bytes <= MAX_BYTES);
        }
        ctx.tex_manager().write().take_delta().clear();
    }

    #[test]
    fn a_lying_picture_is_not_shown() {
        let lying = Picture { width_px: 9, height_px: 9, rgba: vec![0; 8].into() };
        assert!(scaled(&lying, 64).is_none());
    }
}
