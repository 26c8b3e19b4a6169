//! Pictures of the demonstration: faces, landscapes, trains, towns, all made up, the same for the same seed.

use super::canvas::{Area, Canvas, Ink, ink, mix};
use crate::model::Picture;

/// The kinds of made-up pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Subject {
    /// A person's picture, square.
    Avatar,
    /// A photograph in a post.
    Photo,
    /// A film's poster.
    Poster,
}

impl Subject {
    /// The kind of this name in an address.
    pub(super) fn named(name: &str) -> Option<Self> {
        match name {
            "avatar" => Some(Self::Avatar),
            "photo" => Some(Self::Photo),
            "poster" => Some(Self::Poster),
            _ => None,
        }
    }
}

/// Draws the picture that `seed` stands for.
pub(super) fn draw(subject: Subject, seed: u64) -> Picture {
    let mut dice = Dice(seed ^ subject as u64);
    match subject {
        Subject::Avatar => avatar(&mut dice),
        Subject::Photo => scene(640, 400, &mut dice).finish(),
        Subject::Poster => {
            let mut canvas = scene(640, 360, &mut dice);
            canvas.fill(ink(0x0b_1020), 0.35, |_, _| -1.0);
            canvas.ground(ink(0x0b_1020), |_| 0.94);
            canvas.finish()
        }
    }
}

/// SplitMix64: small, and the same everywhere.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From 0 to before 1.
    fn share(&mut self) -> f32 {
        (self.roll() >> 40) as f32 / (1_u64 << 24) as f32
    }

    fn between(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * self.share()
    }

    fn pick<T: Copy>(&mut self, choices: &[T], otherwise: T) -> T {
        let idx = (self.roll() % choices.len().max(1) as u64) as usize;
        choices.get(idx).copied().unwrap_or(otherwise)
    }
}

/// The colors of one scene, from the sky down.
#[derive(Clone, Copy)]
struct Palette {
    sky: Ink,
    horizon: Ink,
    far: Ink,
    near: Ink,
    accent: Ink,
    light: Ink,
}

const fn palette(inks: [u32; 6]) -> Palette {
    let [sky, horizon, far, near, accent, light] = inks;
    Palette {
        sky: ink(sky),
        horizon: ink(horizon),
        far: ink(far),
        near: ink(near),
        accent: ink(accent),
        light: ink(light),
    }
}

const NOON: Palette = palette([0x2f7dc8, 0xcfe8f7, 0x7fa7b8, 0x3f6b4f, 0xe4572e, 0xfff6d5]);

const PALETTES: [Palette; 7] = [
    NOON,
    palette([0x1b2a57, 0xf2a65a, 0x6b4c7a, 0x2a2440, 0xffd166, 0xffe3b3]),
    palette([0x5b8fb9, 0xf7d9c4, 0x9bb1a4, 0x4c6b57, 0xb33951, 0xffffff]),
    palette([0x0d1b2a, 0x415a77, 0x27405e, 0x14202e, 0xf4d35e, 0xe8f1f2]),
    palette([0x87bfd8, 0xf5efe0, 0xb8c4a9, 0x6a8d5b, 0x1d6fa5, 0xfffbe8]),
    palette([0x6a4c93, 0xffb5a7, 0x9a6a9c, 0x45305f, 0x8ac926, 0xfff1c1]),
    palette([0x88a0ae, 0xdfe6e9, 0x9aa8b0, 0x5f6f78, 0xc1121f, 0xf8f9fa]),
];

/// A line of hills: smooth noise of three sizes between 0 and 1.
fn hills(seed: u64, x: f32) -> f32 {
    let layer = |scale: f32, salt: u64| {
        let at = x * scale;
        let step = at.floor();
        let height = |step: f32| Dice(seed ^ salt ^ (step as i64).cast_unsigned()).share();
        let part = at - step;
        let smooth = part * part * (3.0 - 2.0 * part);
        height(step) + (height(step + 1.0) - height(step)) * smooth
    };
    layer(1.7, 11) * 0.6 + layer(4.3, 23) * 0.3 + layer(11.0, 37) * 0.1
}

fn scene(width_px: u32, height_px: u32, dice: &mut Dice) -> Canvas {
    let palette = dice.pick(&PALETTES, NOON);
    let mut canvas = Canvas::new(width_px, height_px, palette.sky, palette.horizon);
    let sun = (dice.between(0.2, canvas.aspect() - 0.2), dice.between(0.15, 0.45));
    canvas.glow(palette.light, sun, 0.6, 0.6);
    canvas.disc(palette.light, sun, dice.between(0.04, 0.08));
    match dice.roll() % 4 {
        0 => mountains(&mut canvas, palette, dice),
        1 => train(&mut canvas, palette, dice),
        2 => town(&mut canvas, palette, dice),
        _ => sea(&mut canvas, palette, dice),
    }
    canvas
}

fn mountains(canvas: &mut Canvas, palette: Palette, dice: &mut Dice) {
    for layer in 0..4_u8 {
        let depth = f32::from(layer) / 3.0;
        let (seed, base) = (dice.roll(), 0.42 + 0.14 * f32::from(layer));
        let color = mix(mix(palette.horizon, palette.far, 0.6), palette.near, depth);
        canvas.ground(color, |x| base + 0.22 * (1.0 - depth * 0.5) * (0.5 - hills(seed, x)));
    }
}

fn train(canvas: &mut Canvas, palette: Palette, dice: &mut Dice) {
    let (far, near) = (dice.roll(), dice.roll());
    canvas.ground(palette.far, |x| 0.48 + 0.2 * (0.5 - hills(far, x)));
    canvas.ground(palette.near, |x| 0.74 + 0.04 * (0.5 - hills(near, x)));
    let aspect = canvas.aspect();
    let dark = mix(palette.near, ink(0x10_1418), 0.7);
    let mut mast = dice.between(0.05, 0.3);
    while mast < aspect {
        canvas.rounded(dark, (mast, 0.36), (0.008, 0.46), 0.002);
        canvas.rounded(dark, (mast - 0.01, 0.375), (0.09, 0.006), 0.002);
        mast += 0.42;
    }
    canvas.rounded(dark, (0.0, 0.392), (aspect, 0.004), 0.001);
    canvas.rounded(dark, (0.0, 0.795), (aspect, 0.012), 0.002);
    let head = dice.between(0.1, 0.5);
    let body = mix(palette.light, ink(0xffffff), 0.5);
    canvas.rounded(body, (head, 0.56), (aspect, 0.22), 0.07);
    canvas.rounded(body, (head + 0.12, 0.56), (aspect, 0.22), 0.02);
    canvas.rounded(palette.accent, (head + 0.02, 0.715), (aspect, 0.045), 0.01);
    canvas.rounded(dark, (head + 0.03, 0.595), (0.11, 0.07), 0.03);
    let mut window = head + 0.2;
    while window < aspect {
        let lit = if dice.share() < 0.3 { palette.light } else { mix(dark, palette.sky, 0.4) };
        canvas.rounded(lit, (window, 0.6), (0.09, 0.065), 0.012);
        canvas.disc(dark, (window + 0.03, 0.785), 0.022);
        window += 0.125;
    }
}

fn town(canvas: &mut Canvas, palette: Palette, dice: &mut Dice) {
    for (base, floor, color) in [(0.3, 0.55, palette.far), (0.45, 0.7, palette.near)] {
        let mut left = -0.05;
        while left < canvas.aspect() {
            let width = dice.between(0.08, 0.2);
            let top = dice.between(base, floor);
            let wall = mix(color, palette.sky, dice.between(0.0, 0.25));
            canvas.rounded(wall, (left, top), (width, 1.2), 0.004);
            windows(canvas, palette, dice, (left, top), width);
            left += width + dice.between(0.0, 0.02);
        }
    }
    canvas.ground(mix(palette.near, ink(0x101418), 0.5), |_| 0.93);
}

fn windows(
    canvas: &mut Canvas,
    palette: Palette,
    dice: &mut Dice,
    (left, top): (f32, f32),
    width: f32,
) {
    // Lit windows are few, so that a town takes no longer to draw than a mountain.
    for _ in 0..4 {
        let column = (dice.share() * (width / 0.035 - 1.0)).floor().max(0.0);
        let row = (dice.share() * 6.0).floor();
        let at = (left + 0.012 + column * 0.035, top + 0.025 + row * 0.05);
        canvas.rounded(palette.light, at, (0.016, 0.024), 0.002);
    }
}

fn sea(canvas: &mut Canvas, palette: Palette, dice: &mut Dice) {
    let coast = dice.roll();
    canvas
        .ground(mix(palette.far, palette.horizon, 0.3), |x| 0.55 + 0.16 * (0.5 - hills(coast, x)));
    canvas.ground(mix(palette.sky, palette.near, 0.35), |_| 0.58);
    for wave in 0..7_u8 {
        let (top, seed) = (0.61 + 0.055 * f32::from(wave), dice.roll());
        let color = mix(palette.sky, palette.light, 0.25);
        let stripe = Area::around((0.0, top + 0.006), canvas.aspect(), 0.012);
        canvas.fill_in(stripe, color, 0.35, |x, y| {
            (y - top - 0.012 * hills(seed, x * 2.0)).abs() - 0.004 * hills(seed ^ 1, x * 3.0)
        });
    }
    let bow = dice.between(0.3, canvas.aspect() - 0.4);
    let boat = Area::around((bow + 0.1, 0.55), 0.3, 0.2);
    canvas.fill_in(boat, palette.accent, 1.0, |x, y| {
        (0.66 - y)
            .max(y - 0.7)
            .max((bow - x) + (y - 0.66) * 1.2)
            .max(x - bow - 0.22 + (y - 0.66) * 1.2)
    });
    let sail = mix(palette.light, ink(0xffffff), 0.6);
    canvas
        .fill(sail, 1.0, |x, y| (y - 0.64).max(bow + 0.1 - x).max(x - bow - 0.1 - (y - 0.4) * 0.5));
}

const SKINS: [Ink; 6] =
    [ink(0xf6d7c3), ink(0xe8b796), ink(0xc98d66), ink(0xa56b46), ink(0x7b4a2d), ink(0x5f3a26)];
const HAIRS: [Ink; 6] =
    [ink(0x1c1714), ink(0x3b2417), ink(0x6b4423), ink(0xb5803a), ink(0x8c8c8c), ink(0x7a2e1f)];
const CLOTHES: [Ink; 7] = [
    ink(0x264653),
    ink(0x2a9d8f),
    ink(0xe76f51),
    ink(0x457b9d),
    ink(0x6d597a),
    ink(0xf4a261),
    ink(0x3d405b),
];

/// A head and shoulders before a plain wall.
fn avatar(dice: &mut Dice) -> Picture {
    let palette = dice.pick(&PALETTES, NOON);
    let mut canvas = Canvas::new(128, 128, mix(palette.sky, palette.horizon, 0.4), palette.horizon);
    let (skin, hair) = (dice.pick(&SKINS, ink(0xc98d66)), dice.pick(&HAIRS, ink(0x1c1714)));
    let clothes = dice.pick(&CLOTHES, ink(0x264653));
    let (wide, tall) = (dice.between(0.19, 0.215), dice.between(0.235, 0.26));
    let long_hair = dice.share() < 0.45;
    if long_hair {
        canvas.rounded(hair, (0.5 - wide - 0.06, 0.2), (2.0 * wide + 0.12, 0.56), 0.2);
    }
    canvas.fill(clothes, 1.0, ellipse((0.5, 1.08), (0.42, 0.36)));
    canvas.rounded(mix(skin, ink(0x000000), 0.12), (0.43, 0.58), (0.14, 0.2), 0.06);
    canvas.fill(hair, 1.0, ellipse((0.5, 0.38), (wide + 0.035, tall + 0.005)));
    canvas.fill(skin, 1.0, ellipse((0.5, 0.44), (wide, tall)));
    let fringe = dice.between(0.22, 0.3);
    canvas.fill(hair, 1.0, move |x, y| {
        let cap = ellipse((0.5, 0.36), (wide + 0.03, tall - 0.02))(x, y);
        cap.max(y - fringe - 0.25 * (x - 0.42).abs())
    });
    let dark = ink(0x2b1d17);
    for side in [-1.0, 1.0] {
        canvas.disc(ink(0xf7f3ee), (0.5 + side * 0.078, 0.44), 0.029);
        canvas.disc(dark, (0.5 + side * 0.078, 0.442), 0.02);
        canvas.rounded(hair, (0.5 + side * 0.078 - 0.035, 0.385), (0.07, 0.014), 0.006);
    }
    let smile = dice.between(0.03, 0.06);
    canvas.fill(mix(skin, ink(0x7a1f1f), 0.6), 1.0, move |x, y| {
        let lower = ellipse((0.5, 0.545), (0.075, smile))(x, y);
        lower.max(0.55 - y)
    });
    if dice.share() < 0.3 {
        for side in [-1.0, 1.0] {
            let lens = ellipse((0.5 + side * 0.08, 0.44), (0.06, 0.055));
            canvas.fill(dark, 0.9, move |x, y| lens(x, y).abs() - 0.007);
        }
        canvas.rounded(dark, (0.478, 0.43), (0.044, 0.012), 0.004);
    }
    canvas.finish()
}

/// The distance to an ellipse, near enough for soft edges.
fn ellipse((x0, y0): (f32, f32), (wide, tall): (f32, f32)) -> impl Fn(f32, f32) -> f32 + Copy {
    move |x, y| {
        let (dx, dy) = ((x - x0) / wide, (y - y0) / tall);
        ((dx * dx + dy * dy).sqrt() - 1.0) * wide.min(tall)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_picture() {
        for subject in [Subject::Avatar, Subject::Photo, Subject::Poster] {
            assert_eq!(draw(subject, 7), draw(subject, 7));
            let distinct: BTreeSet<Vec<u8>> =
                (0..3).map(|seed| draw(subject, seed).rgba.to_vec()).collect();
            assert_eq!(distinct.len(), 3, "{subject:?}");
        }
    }

    #[test]
    fn pictures_have_their_size_and_are_opaque() {
        for (subject, width_px, height_px) in
            [(Subject::Avatar, 128, 128), (Subject::Photo, 640, 400), (Subject::Poster, 640, 360)]
        {
            let picture = draw(subject, 3);
            assert_eq!((picture.width_px, picture.height_px), (width_px, height_px));
            assert_eq!(picture.rgba.len(), (width_px * height_px * 4) as usize);
            assert!(picture.rgba.iter().skip(3).step_by(4).all(|alpha| *alpha == 255));
        }
    }

    #[test]
    fn pictures_are_not_flat() {
        for seed in 0..2 {
            let picture = draw(Subject::Photo, seed);
            let colors: BTreeSet<[u8; 3]> =
                picture.rgba.chunks(4).map(|pixel| [pixel[0], pixel[1], pixel[2]]).collect();
            assert!(colors.len() > 300, "{}", colors.len());
        }
    }
}
