//! Triangles with colors and a texture, blended as egui's shader does on the graphics processor.

#![expect(clippy::indexing_slicing, reason = "a test that fails here must fail")]

use egui::{ColorImage, Mesh, Pos2, Rect, epaint::Vertex};

/// Copies `part` into `whole`.
pub(super) fn put(whole: &mut ColorImage, [x, y]: [usize; 2], part: &ColorImage) {
    for (row, pixels) in part.pixels.chunks_exact(part.size[0]).enumerate() {
        let start = (y + row) * whole.size[0] + x;
        whole.pixels[start..start + pixels.len()].copy_from_slice(pixels);
    }
}

/// Draws all triangles of `mesh`.
pub(super) fn mesh(picture: &mut ColorImage, clip: Rect, mesh: &Mesh, texture: &ColorImage) {
    for corners in mesh.indices.chunks_exact(3) {
        let [a, b, c] = [0, 1, 2].map(|idx| &mesh.vertices[corners[idx] as usize]);
        triangle(picture, clip, [a, b, c], texture);
    }
}

fn triangle(picture: &mut ColorImage, clip: Rect, [a, b, c]: [&Vertex; 3], texture: &ColorImage) {
    let area = cross(a.pos, b.pos, c.pos);
    if area == 0.0 {
        return;
    }
    let flat = a.uv == b.uv && b.uv == c.uv;
    let flat = flat.then(|| sample(texture, a.uv));
    let [width, height] = picture.size;
    let low = a.pos.min(b.pos).min(c.pos).max(clip.min).max(Pos2::ZERO);
    let high = a.pos.max(b.pos).max(c.pos).min(clip.max);
    let (x_end, y_end) = (
        (high.x.ceil().max(0.0) as usize).min(width),
        (high.y.ceil().max(0.0) as usize).min(height),
    );
    for y in low.y as usize..y_end {
        for x in low.x as usize..x_end {
            let at = Pos2::new(x as f32 + 0.5, y as f32 + 0.5);
            if !clip.contains(at) {
                continue;
            }
            let shares = [
                cross(b.pos, c.pos, at) / area,
                cross(c.pos, a.pos, at) / area,
                cross(a.pos, b.pos, at) / area,
            ];
            let inside =
                [(b, c), (c, a), (a, b)].into_iter().zip(shares).all(|((from, to), share)| {
                    share > 0.0 || (share == 0.0 && owns(from.pos, to.pos, area))
                });
            if !inside {
                continue;
            }
            let texel = flat.unwrap_or_else(|| {
                let mix = |get: fn(&Vertex) -> f32| {
                    get(a) * shares[0] + get(b) * shares[1] + get(c) * shares[2]
                };
                sample(texture, Pos2::new(mix(|vertex| vertex.uv.x), mix(|vertex| vertex.uv.y)))
            });
            let under = picture.pixels[y * width + x].to_array();
            let colors = [a, b, c].map(|vertex| vertex.color.to_array());
            let mut out = [0.0; 4];
            for channel in 0..4 {
                let color: f32 =
                    (0..3).map(|idx| f32::from(colors[idx][channel]) * shares[idx]).sum();
                out[channel] = color * texel[channel] / 255.0;
            }
            let cover = out[3] / 255.0;
            for channel in 0..4 {
                out[channel] += f32::from(under[channel]) * (1.0 - cover);
            }
            picture.pixels[y * width + x] = crate::theme::from_premultiplied(out);
        }
    }
}

/// Of two triangles that share an edge, one owns the pixels on it.
fn owns(from: Pos2, to: Pos2, area: f32) -> bool {
    let edge = if area > 0.0 { to - from } else { from - to };
    edge.y < 0.0 || (edge.y == 0.0 && edge.x > 0.0)
}

fn cross(a: Pos2, b: Pos2, c: Pos2) -> f32 {
    (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x)
}

/// The texture's color between its four nearest pixels, 0 to 255 a channel.
fn sample(texture: &ColorImage, uv: Pos2) -> [f32; 4] {
    let [width, height] = texture.size;
    let x = (uv.x * width as f32 - 0.5).clamp(0.0, (width - 1) as f32);
    let y = (uv.y * height as f32 - 0.5).clamp(0.0, (height - 1) as f32);
    let (left, top) = (x.floor() as usize, y.floor() as usize);
    let (share_x, share_y) = (x.fract(), y.fract());
    let at = |x: usize, y: usize| -> [u8; 4] {
        texture.pixels[y.min(height - 1) * width + x.min(width - 1)].to_array()
    };
    if share_x < 0.002 && share_y < 0.002 {
        return at(left, top).map(f32::from);
    }
    let corners = [at(left, top), at(left + 1, top), at(left, top + 1), at(left + 1, top + 1)];
    let weights = [
        (1.0 - share_x) * (1.0 - share_y),
        share_x * (1.0 - share_y),
        (1.0 - share_x) * share_y,
        share_x * share_y,
    ];
    let mut out = [0.0; 4];
    for (corner, weight) in corners.iter().zip(weights) {
        for (sum, channel) in out.iter_mut().zip(corner) {
            *sum += f32::from(*channel) * weight;
        }
    }
    out
}
