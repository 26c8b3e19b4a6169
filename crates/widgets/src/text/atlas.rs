//! One texture that holds the glyphs of one screen.
//!
//! The texture is an egui managed one: what is new goes up in parts, with the frame that needs it.
//! When it is full, a new one takes its place and what is needed is drawn again; the old one lives
//! until the end of the frame, so shapes that were made earlier in that frame stay right.

use egui::{
    Color32, ColorImage, Context, Pos2, Rect, TextureHandle, TextureId, TextureOptions, pos2,
};
use rustc_hash::FxHashMap;

use super::raster::GlyphImage;

/// The sizes that the texture takes one after the other. The last is the limit: 8 MiB a screen.
const SIDES_PX: [[usize; 2]; 4] = [[512, 512], [1024, 512], [1024, 1024], [2048, 1024]];

/// A texture is renewed at its size where less than this share of it was used lately.
const WORTH_KEEPING: f32 = 0.5;

/// A glyph that was drawn in one of the last so many frames counts as used.
const LATELY_FRAMES: u64 = 16;

/// A frame that fills more textures than this goes on without the rest of its glyphs.
const MAX_RENEWALS_A_FRAME: u32 = 6;

/// Free pixels around each glyph, so that neighbors do not bleed in when it is scaled.
const MARGIN_PX: usize = 1;

/// Which glyph, of which font, at which size and shift.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct GlyphKey {
    pub(crate) cut: u16,
    pub(crate) id: u16,
    /// In quarters of a pixel.
    pub(crate) size: u16,
    /// In quarters of a pixel.
    pub(crate) shift: u8,
}

/// Where a glyph lies in the texture.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Slot {
    pub(crate) texture: TextureId,
    pub(crate) uv: Rect,
    pub(crate) size_px: [f32; 2],
    pub(crate) offset_px: [f32; 2],
    pub(crate) colored: bool,
}

#[derive(Debug)]
struct Held {
    /// Nothing where the glyph is blank.
    slot: Option<Slot>,
    frame: u64,
}

/// A row of glyphs of about one height.
#[derive(Debug)]
struct Shelf {
    y: usize,
    height: usize,
    x: usize,
}

/// The glyphs of one screen.
#[derive(Default)]
pub(crate) struct Atlas {
    texture: Option<TextureHandle>,
    side_idx: usize,
    shelves: Vec<Shelf>,
    glyphs: FxHashMap<GlyphKey, Held>,
    frame: u64,
    n_renewals: u32,
}

impl std::fmt::Debug for Atlas {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Atlas({} glyphs in {:?})", self.glyphs.len(), self.sides())
    }
}

impl Atlas {
    /// Tells the atlas that a new frame begins.
    pub(crate) fn begin_frame(&mut self) {
        self.frame += 1;
        self.n_renewals = 0;
    }

    /// Forgets all glyphs, as after the loss of the device that held them.
    pub(crate) fn clear(&mut self) {
        self.texture = None;
        self.shelves.clear();
        self.glyphs.clear();
    }

    /// Bytes of the texture.
    pub(crate) fn n_bytes(&self) -> usize {
        if self.texture.is_some() { self.sides().iter().product::<usize>() * 4 } else { 0 }
    }

    /// Where the glyph lies; `raster` draws it where it is new. Nothing where it is blank.
    pub(crate) fn slot(
        &mut self,
        ctx: &Context,
        key: GlyphKey,
        raster: impl FnOnce() -> Option<GlyphImage>,
    ) -> Option<Slot> {
        if let Some(held) = self.glyphs.get_mut(&key) {
            held.frame = self.frame;
            return held.slot;
        }
        let slot = match raster() {
            Some(image) => Some(self.insert(ctx, &image)?),
            None => None,
        };
        self.glyphs.insert(key, Held { slot, frame: self.frame });
        slot
    }

    fn insert(&mut self, ctx: &Context, image: &GlyphImage) -> Option<Slot> {
        let space = image.size.map(|side| side + 2 * MARGIN_PX);
        let mut corner = self.texture.is_some().then(|| self.place(space)).flatten();
        while corner.is_none() {
            if self.n_renewals >= MAX_RENEWALS_A_FRAME {
                tracing::debug!("more glyphs in one frame than the atlas holds");
                return None;
            }
            self.renew(ctx);
            corner = self.place(space);
        }
        let [x, y] = corner?.map(|at| at + MARGIN_PX);
        let sides = self.sides();
        let texture = self.texture.as_mut()?;
        let pixels = ColorImage::new(image.size, image.pixels.clone());
        texture.set_partial([x, y], pixels, TextureOptions::LINEAR);
        let at = |x: usize, y: usize| -> Pos2 {
            pos2(x as f32 / sides[0] as f32, y as f32 / sides[1] as f32)
        };
        Some(Slot {
            texture: texture.id(),
            uv: Rect::from_min_max(at(x, y), at(x + image.size[0], y + image.size[1])),
            size_px: image.size.map(|side| side as f32),
            offset_px: image.offset,
            colored: image.colored,
        })
    }

    /// Puts an empty texture in place of a missing or full one.
    fn renew(&mut self, ctx: &Context) {
        if self.texture.is_some() && self.share_used_lately() > WORTH_KEEPING {
            self.side_idx = (self.side_idx + 1).min(SIDES_PX.len() - 1);
        }
        self.n_renewals += 1;
        self.shelves.clear();
        self.glyphs.clear();
        let sides = self.sides();
        let blank = ColorImage::new(sides, vec![Color32::TRANSPARENT; sides[0] * sides[1]]);
        self.texture = Some(ctx.load_texture("glyphs", blank, TextureOptions::LINEAR));
    }

    fn share_used_lately(&self) -> f32 {
        let since = self.frame.saturating_sub(LATELY_FRAMES);
        let lately = self.glyphs.values().filter(|held| held.frame >= since);
        let used: f32 = lately
            .filter_map(|held| held.slot)
            .map(|slot| (slot.size_px[0] + 2.0) * (slot.size_px[1] + 2.0))
            .sum();
        used / self.sides().iter().product::<usize>() as f32
    }

    /// Finds room for a glyph, or nothing where it is full.
    fn place(&mut self, [width, height]: [usize; 2]) -> Option<[usize; 2]> {
        let sides = self.sides();
        let fits = |shelf: &&mut Shelf| {
            shelf.height >= height
                && shelf.height <= height + height / 3 + 4
                && shelf.x + width <= sides[0]
        };
        if let Some(shelf) = self.shelves.iter_mut().find(fits) {
            let corner = [shelf.x, shelf.y];
            shelf.x += width;
            return Some(corner);
        }
        let y = self.shelves.last().map_or(0, |shelf| shelf.y + shelf.height);
        // Shelves are as high as a multiple of four, so that letters of one size share them.
        let height = height.next_multiple_of(4);
        if y + height > sides[1] || width > sides[0] {
            return None;
        }
        self.shelves.push(Shelf { y, height, x: width });
        Some([0, y])
    }

    fn sides(&self) -> [usize; 2] {
        SIDES_PX.get(self.side_idx).copied().unwrap_or([512, 512])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn image(side: usize) -> Option<GlyphImage> {
        let pixels = vec![Color32::WHITE; side * side];
        Some(GlyphImage { size: [side, side], offset: [0.0, 0.0], pixels, colored: false })
    }

    fn key(id: u16) -> GlyphKey {
        GlyphKey { cut: 0, id, size: 80, shift: 0 }
    }

    #[test]
    fn glyphs_lie_apart_and_are_drawn_once() {
        let ctx = Context::default();
        let mut atlas = Atlas::default();
        atlas.begin_frame();
        let slots: Vec<_> =
            (0..40).map(|id| atlas.slot(&ctx, key(id), || image(30)).unwrap()).collect();
        for (idx, one) in slots.iter().enumerate() {
            for other in &slots[idx + 1..] {
                assert!(!one.uv.shrink(1e-4).intersects(other.uv), "{one:?} meets {other:?}");
            }
        }
        let again = atlas.slot(&ctx, key(3), || panic!("drawn twice")).unwrap();
        assert_eq!(again.uv, slots[3].uv);
        ctx.tex_manager().write().take_delta().clear();
    }

    #[test]
    fn a_full_atlas_grows_to_its_limit_and_no_further() {
        let ctx = Context::default();
        let mut atlas = Atlas::default();
        for id in 0..4_000 {
            atlas.begin_frame();
            assert!(atlas.slot(&ctx, key(id), || image(60)).is_some(), "glyph {id}");
            assert!(atlas.n_bytes() <= 8 << 20);
        }
        ctx.tex_manager().write().take_delta().clear();
    }

    #[test]
    fn a_flood_in_one_frame_ends() {
        let ctx = Context::default();
        let mut atlas = Atlas::default();
        atlas.begin_frame();
        let n_drawn =
            (0..5_000).filter(|&id| atlas.slot(&ctx, key(id), || image(100)).is_some()).count();
        assert!((200..5_000).contains(&n_drawn), "{n_drawn}");
        ctx.tex_manager().write().take_delta().clear();
    }
}
