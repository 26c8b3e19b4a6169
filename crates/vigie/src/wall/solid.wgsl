// Opaque triangles of plain color, placed by the same sum as egui's own so that edges meet.

struct Corner {
    @builtin(position) position: vec4<f32>,
    @location(0) color: vec4<f32>,
};

@vertex
fn vs_main(
    @location(0) at: vec2<f32>,
    @location(1) screen_size: vec2<f32>,
    @location(2) color: u32,
) -> Corner {
    var corner: Corner;
    corner.position = vec4<f32>(
        2.0 * at.x / screen_size.x - 1.0,
        1.0 - 2.0 * at.y / screen_size.y,
        0.0,
        1.0,
    );
    corner.color = vec4<f32>(
        f32(color & 255u),
        f32((color >> 8u) & 255u),
        f32((color >> 16u) & 255u),
        f32((color >> 24u) & 255u),
    ) / 255.0;
    return corner;
}

@fragment
fn fs_main(corner: Corner) -> @location(0) vec4<f32> {
    return corner.color;
}
