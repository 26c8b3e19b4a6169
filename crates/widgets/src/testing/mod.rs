//! Draws egui's shapes on the processor, so that tests see the same pixels on every machine.

#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test that fails here must fail"
)]

mod raster;
#[cfg(test)]
mod sample;

use std::{collections::HashMap, path::PathBuf};

use egui::{
    ClippedPrimitive, Color32, ColorImage, Context, Pos2, RawInput, Rect, TextureId, Ui, Vec2,
    epaint::{ImageData, Primitive},
};

#[cfg(test)]
pub(crate) use self::sample::*;

/// A screen that tests draw on.
#[expect(missing_debug_implementations, reason = "a texture is no text")]
pub struct Canvas {
    /// Its context.
    pub ctx: Context,
    textures: HashMap<TextureId, ColorImage>,
    size: Vec2,
}

/// What one frame drew.
#[expect(missing_debug_implementations, reason = "a texture is no text")]
pub struct Drawn {
    size: Vec2,
    primitives: Vec<ClippedPrimitive>,
    textures: HashMap<TextureId, ColorImage>,
    /// The visible bounds of every shape.
    pub bounds: Vec<Rect>,
    /// Corners of triangles.
    pub n_vertices: usize,
}

impl Canvas {
    /// A canvas of so many points, one pixel each.
    #[must_use]
    pub fn new(size: Vec2) -> Self {
        Self { ctx: Context::default(), textures: HashMap::new(), size }
    }

    /// Runs one frame and draws it.
    pub fn draw(&mut self, ui: impl FnMut(&mut Ui)) -> Drawn {
        self.draw_after(Vec::new(), ui)
    }

    /// Runs one frame in which `events` have come, and draws it.
    pub fn draw_after(&mut self, events: Vec<egui::Event>, mut ui: impl FnMut(&mut Ui)) -> Drawn {
        let input = RawInput {
            screen_rect: Some(Rect::from_min_size(Pos2::ZERO, self.size)),
            events,
            ..RawInput::default()
        };
        let mut output = self.ctx.run_ui(input, |root| ui(root));
        let bounds = output
            .shapes
            .iter()
            .map(|clipped| clipped.shape.visual_bounding_rect().intersect(clipped.clip_rect))
            .filter(|bounds| bounds.is_positive())
            .collect();
        let deltas = output.textures_delta.set.drain();
        let deltas =
            deltas.flat_map(|(id, deltas)| deltas.into_iter().map(move |delta| (id, delta)));
        deltas.for_each(|(id, delta)| {
            let ImageData::Color(image) = &delta.image;
            match delta.pos {
                None => {
                    self.textures.insert(id, (**image).clone());
                }
                Some(corner) => raster::put(self.textures.get_mut(&id).unwrap(), corner, image),
            }
        });
        let primitives = self.ctx.tessellate(output.shapes, 1.0);
        let n_vertices = primitives.iter().map(n_vertices).sum();
        let textures = self.textures.clone();
        output.textures_delta.free.drain().for_each(|id| {
            self.textures.remove(&id);
        });
        Drawn { size: self.size, primitives, textures, bounds, n_vertices }
    }
}

fn n_vertices(primitive: &ClippedPrimitive) -> usize {
    match &primitive.primitive {
        Primitive::Mesh(mesh) => mesh.vertices.len(),
        Primitive::Callback(_) => 0,
    }
}

impl Drawn {
    /// The pixels.
    #[must_use]
    pub fn picture(&self) -> ColorImage {
        let size = [self.size.x as usize, self.size.y as usize];
        let mut picture = ColorImage::filled(size, Color32::from_black_alpha(255));
        for primitive in &self.primitives {
            if let Primitive::Mesh(mesh) = &primitive.primitive {
                let texture = &self.textures[&mesh.texture_id];
                raster::mesh(&mut picture, primitive.clip_rect, mesh, texture);
            }
        }
        picture
    }

    /// Writes the picture to the folder that `VIGIE_PICTURES` names, for people to look at.
    pub fn keep(&self, name: &str) {
        let Some(folder) = std::env::var_os("VIGIE_PICTURES") else { return };
        let path = PathBuf::from(folder).join(format!("{name}.png"));
        let picture = self.picture();
        let [width, height] = picture.size;
        let bytes: Vec<u8> = picture.pixels.iter().flat_map(|pixel| pixel.to_array()).collect();
        image::save_buffer(path, &bytes, width as u32, height as u32, image::ColorType::Rgba8)
            .unwrap();
    }
}

/// The pixels of a part of a picture.
#[must_use]
pub fn part(picture: &ColorImage, rect: Rect) -> Vec<Color32> {
    let [width, height] = picture.size;
    let xs = (rect.min.x.max(0.0) as usize)..(rect.max.x as usize).min(width);
    let ys = (rect.min.y.max(0.0) as usize)..(rect.max.y as usize).min(height);
    ys.flat_map(|y| xs.clone().map(move |x| picture.pixels[y * width + x])).collect()
}
