//! A short way for large areas of one opaque color, on a GPU that is a processor.
//!
//! egui draws everything with one shader, which reads a texture and blends for every pixel, also where a pixel
//! of the ground is all that comes of it. On a software rasterizer that is nearly the whole cost of a screen.
//! Here, large opaque triangles without a texture are taken out of egui's meshes, in their order, and drawn by a
//! pipeline that does neither. What comes out is the same to the pixel.

use std::ops::Range;

use egui::{
    ClippedPrimitive, Mesh, Pos2, Rect, Vec2,
    epaint::{Primitive, Vertex, WHITE_UV},
};
use egui_wgpu::{Callback, CallbackResources, CallbackTrait};

/// Smaller triangles stay where they are: changing the pipeline costs more than they do.
const MIN_AREA_PX: f32 = 512.0;

/// Position in points, size of the screen in points, color.
///
/// The size stands in every vertex so that the shader can do egui's own sum: edges then fall on the same pixels.
const FLOATS_PER_VERTEX: usize = 5;
const VERTEX_BYTES: u64 = 4 * FLOATS_PER_VERTEX as u64;

/// What solid triangles are drawn with.
pub(super) struct SolidPipeline {
    pipeline: wgpu::RenderPipeline,
    vertices: wgpu::Buffer,
}

impl SolidPipeline {
    /// A pipeline for pictures of this format, which must not be converted on writing.
    pub(super) fn new(device: &wgpu::Device, format: wgpu::TextureFormat) -> Self {
        let module = device.create_shader_module(wgpu::include_wgsl!("solid.wgsl"));
        let pipeline = device.create_render_pipeline(&wgpu::RenderPipelineDescriptor {
            label: Some("solid"),
            layout: None,
            vertex: wgpu::VertexState {
                module: &module,
                entry_point: Some("vs_main"),
                compilation_options: wgpu::PipelineCompilationOptions::default(),
                buffers: &[Some(wgpu::VertexBufferLayout {
                    array_stride: VERTEX_BYTES,
                    step_mode: wgpu::VertexStepMode::Vertex,
                    attributes: &wgpu::vertex_attr_array![0 => Float32x2, 1 => Float32x2, 2 => Uint32],
                })],
            },
            primitive: wgpu::PrimitiveState::default(),
            depth_stencil: None,
            multisample: wgpu::MultisampleState::default(),
            fragment: Some(wgpu::FragmentState {
                module: &module,
                entry_point: Some("fs_main"),
                compilation_options: wgpu::PipelineCompilationOptions::default(),
                targets: &[Some(format.into())],
            }),
            multiview_mask: None,
            cache: None,
        });
        Self { pipeline, vertices: buffer(device, 1 << 14) }
    }

    /// Hands the triangles of one frame to the GPU.
    pub(super) fn upload(&mut self, device: &wgpu::Device, queue: &wgpu::Queue, solids: &Solids) {
        let bytes: Vec<u8> = solids.words.iter().flat_map(|word| word.to_ne_bytes()).collect();
        if bytes.len() as u64 > self.vertices.size() {
            self.vertices = buffer(device, (bytes.len() as u64).next_power_of_two());
        }
        queue.write_buffer(&self.vertices, 0, &bytes);
    }
}

fn buffer(device: &wgpu::Device, n_bytes: u64) -> wgpu::Buffer {
    device.create_buffer(&wgpu::BufferDescriptor {
        label: Some("solid vertices"),
        size: n_bytes,
        usage: wgpu::BufferUsages::VERTEX | wgpu::BufferUsages::COPY_DST,
        mapped_at_creation: false,
    })
}

/// Draws some of the uploaded triangles in the middle of egui's own.
struct Run {
    vertices: Range<u32>,
}

impl CallbackTrait for Run {
    fn paint(
        &self,
        info: egui::PaintCallbackInfo,
        pass: &mut wgpu::RenderPass<'static>,
        resources: &CallbackResources,
    ) {
        let Some(solid) = resources.get::<SolidPipeline>() else { return };
        let clip = info.clip_rect_in_pixels();
        let (Ok(left), Ok(top), Ok(width), Ok(height)) = (
            u32::try_from(clip.left_px),
            u32::try_from(clip.top_px),
            u32::try_from(clip.width_px),
            u32::try_from(clip.height_px),
        ) else {
            return;
        };
        pass.set_scissor_rect(left, top, width, height);
        pass.set_pipeline(&solid.pipeline);
        pass.set_vertex_buffer(0, solid.vertices.slice(..));
        pass.draw(self.vertices.clone(), 0..1);
    }
}

/// The solid triangles of one frame.
#[derive(Debug, Default)]
pub(super) struct Solids {
    words: Vec<u32>,
}

impl Solids {
    fn n_vertices(&self) -> u32 {
        u32::try_from(self.words.len() / FLOATS_PER_VERTEX).unwrap_or(u32::MAX)
    }

    fn push(&mut self, vertex: &Vertex, screen: Vec2) {
        let floats = [vertex.pos.x, vertex.pos.y, screen.x, screen.y];
        self.words.extend(floats.map(f32::to_bits));
        self.words.push(u32::from_le_bytes(vertex.color.to_array()));
    }
}

/// Takes the large solid triangles out of `primitives`; what is given back draws the same in the same order.
pub(super) fn split(
    primitives: Vec<ClippedPrimitive>,
    screen: Vec2,
    pixels_per_point: f32,
) -> (Vec<ClippedPrimitive>, Solids) {
    let mut solids = Solids::default();
    let mut drawn = Vec::with_capacity(primitives.len());
    let min_area = MIN_AREA_PX / (pixels_per_point * pixels_per_point);
    for ClippedPrimitive { clip_rect, primitive } in primitives {
        match primitive {
            Primitive::Mesh(mesh) => {
                split_mesh(&mesh, screen, min_area, &mut solids, |primitive| {
                    drawn.push(ClippedPrimitive { clip_rect, primitive });
                });
            }
            primitive @ Primitive::Callback(_) => {
                drawn.push(ClippedPrimitive { clip_rect, primitive })
            }
        }
    }
    (drawn, solids)
}

fn split_mesh(
    mesh: &Mesh,
    screen: Vec2,
    min_area: f32,
    solids: &mut Solids,
    mut draw: impl FnMut(Primitive),
) {
    let triangles: Vec<Option<[&Vertex; 3]>> =
        mesh.indices.chunks_exact(3).map(|indices| solid(mesh, indices, min_area)).collect();
    let mut from = 0;
    for run in triangles.chunk_by(|one, next| one.is_some() == next.is_some()) {
        let to = from + run.len();
        if run.first().is_some_and(Option::is_some) {
            let first = solids.n_vertices();
            for vertex in run.iter().flatten().flatten() {
                solids.push(vertex, screen);
            }
            let run = Run { vertices: first..solids.n_vertices() };
            let whole = Rect::from_min_size(Pos2::ZERO, screen);
            draw(Primitive::Callback(Callback::new_paint_callback(whole, run)));
        } else if let Some(part) = part(mesh, 3 * from..3 * to) {
            draw(Primitive::Mesh(part));
        }
        from = to;
    }
}

/// The triangle's corners, if it is large, opaque and without a texture.
fn solid<'a>(mesh: &'a Mesh, indices: &[u32], min_area: f32) -> Option<[&'a Vertex; 3]> {
    let &[first, second, third] = indices else { return None };
    let vertex = |idx: u32| mesh.vertices.get(idx as usize);
    let corners = [vertex(first)?, vertex(second)?, vertex(third)?];
    let is_plain = |vertex: &&Vertex| vertex.uv == WHITE_UV && vertex.color.is_opaque();
    let [one, two, three] = corners.map(|vertex| vertex.pos);
    let (along, across) = (two - one, three - one);
    let area = (along.x * across.y - along.y * across.x).abs() / 2.0;
    (area >= min_area && corners.iter().all(is_plain)).then_some(corners)
}

/// The triangles of these indices as a mesh of their own.
fn part(mesh: &Mesh, indices: Range<usize>) -> Option<Mesh> {
    let indices = mesh.indices.get(indices)?;
    let (first, last) = (*indices.iter().min()?, *indices.iter().max()?);
    Some(Mesh {
        indices: indices.iter().map(|idx| idx - first).collect(),
        vertices: mesh.vertices.get(first as usize..=last as usize)?.to_vec(),
        texture_id: mesh.texture_id,
    })
}

#[cfg(test)]
mod tests {
    use egui::{Color32, pos2, vec2};

    use super::*;

    const SCREEN: Vec2 = vec2(100.0, 100.0);

    /// What is drawn, in order: `S` for solid triangles, `m` for egui's, with how many.
    #[track_caller]
    fn check(mesh: Mesh, expected: &str) {
        let clip_rect = Rect::EVERYTHING;
        let primitives = vec![ClippedPrimitive { clip_rect, primitive: Primitive::Mesh(mesh) }];
        let (drawn, solids) = split(primitives, SCREEN, 1.0);
        let mut said = String::new();
        for one in &drawn {
            match &one.primitive {
                Primitive::Mesh(mesh) => {
                    assert!(mesh.is_valid());
                    said += &format!("m{}", mesh.indices.len() / 3);
                }
                Primitive::Callback(_) => said += "S",
            }
        }
        assert_eq!(format!("{said} {}", solids.n_vertices() / 3), expected);
    }

    fn square(mesh: &mut Mesh, side: f32, color: Color32) {
        mesh.add_colored_rect(Rect::from_min_size(pos2(1.0, 1.0), vec2(side, side)), color);
    }

    #[test]
    fn only_large_opaque_areas_take_the_short_way_and_the_order_stays() {
        let glass = Color32::from_black_alpha(100);
        check(Mesh::default(), " 0");
        let mut mesh = Mesh::default();
        square(&mut mesh, 50.0, Color32::RED);
        check(mesh.clone(), "S 2");
        square(&mut mesh, 50.0, glass);
        square(&mut mesh, 3.0, Color32::RED);
        check(mesh.clone(), "Sm4 2");
        square(&mut mesh, 60.0, Color32::BLUE);
        check(mesh.clone(), "Sm4S 4");
        let picture = Rect::from_min_max(pos2(0.1, 0.1), pos2(0.9, 0.9));
        let mut textured = Mesh::default();
        textured.add_rect_with_uv(Rect::from_min_size(Pos2::ZERO, SCREEN), picture, Color32::WHITE);
        check(textured, "m2 0");
    }

    #[test]
    fn meshes_that_are_broken_are_left_alone() {
        let mut mesh = Mesh::default();
        square(&mut mesh, 50.0, Color32::RED);
        mesh.indices.extend([7, 8, 9]);
        let (drawn, solids) = split(
            vec![ClippedPrimitive {
                clip_rect: Rect::EVERYTHING,
                primitive: Primitive::Mesh(mesh),
            }],
            SCREEN,
            1.0,
        );
        assert_eq!((drawn.len(), solids.n_vertices()), (1, 6));
    }
}
