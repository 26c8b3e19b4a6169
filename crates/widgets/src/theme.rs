//! The look of the wall as named tokens: color, type scale, spacing. The only file that makes colors.
//!
//! Dark and calm: a near-black ground, one light for words, and color only where it carries meaning.
//! Meaning never hangs on color alone; every state also has a word or a shape.
//! Nothing moves by itself: what changes, changes at once, so nothing can flash and an idle wall draws nothing.

#![expect(clippy::disallowed_methods, reason = "this is the one file that makes colors")]

use egui::{Color32, Vec2};
use schemars::JsonSchema;
use serde::Deserialize;
use vigie_model::{OptionError, read_options};

/// A color by what it is for.
pub mod color {
    use egui::Color32;

    /// Behind everything, and between cells.
    pub const GROUND: Color32 = hex(0x0b_0e_13);
    /// The ground of a cell.
    pub const PANEL: Color32 = hex(0x12_17_1f);
    /// The ground of a card in a cell, and of marks.
    pub const CARD: Color32 = hex(0x1a_21_2c);
    /// Thin lines, and the track of a gauge.
    pub const LINE: Color32 = hex(0x2e_39_49);
    /// Words and figures.
    pub const TEXT: Color32 = hex(0xf2_f5_f9);
    /// Words that matter less: names of things, ages.
    pub const QUIET: Color32 = hex(0xa9_b6_c6);
    /// Tags, mentions and links in a text.
    pub const LINK: Color32 = hex(0x7c_c4_ff);
    /// The color of the room's own voice: lines, bars, marks.
    pub const ACCENT: Color32 = hex(0x5a_b0_ff);
    /// Better, live, reached.
    pub const GOOD: Color32 = hex(0x4f_d6_9c);
    /// Worse, lost, missed.
    pub const BAD: Color32 = hex(0xff_8a_80);
    /// Late, unsure, held still.
    pub const WARN: Color32 = hex(0xff_c8_5c);
    /// Neither good nor bad.
    pub const NEUTRAL: Color32 = hex(0x8f_9d_b0);
    /// The ground of a strip that warns.
    pub const WARN_GROUND: Color32 = hex(0x33_29_12);
    /// The ground of a strip that alarms.
    pub const BAD_GROUND: Color32 = hex(0x3a_1a_1c);

    /// The ground of what is on air.
    pub const ON_AIR: Color32 = hex(0xb7_1c_2b);
    /// The ground of what is chosen in a list.
    pub const CHOSEN: Color32 = hex(0x1c_32_4c);
    /// The ground of what the pointer is on.
    pub const HOVER: Color32 = hex(0x25_2e_3b);

    /// The color that people know a network by, light enough for the ground of a card.
    #[must_use]
    pub fn network(name: &str) -> Color32 {
        match name {
            "bluesky" => hex(0x4c_a6_ff),
            "mastodon" => hex(0x9b_9e_ff),
            "youtube" => hex(0xff_7b_72),
            "instagram" => hex(0xf4_7f_b4),
            "facebook" => hex(0x7f_a9_ff),
            "tiktok" => hex(0x62_e3_dd),
            "reddit" => hex(0xff_9a_62),
            "linkedin" => hex(0x6f_b7_e8),
            "x" => hex(0xd6_dd_e6),
            "threads" => hex(0xd9_d0_e3),
            "feed" => hex(0xf6_a9_4d),
            "webhook" => hex(0x7f_d1_ae),
            "lemmy" => hex(0x8f_d6_8f),
            _ => hex(0xb7_c2_d0),
        }
    }

    const fn hex(rgb: u32) -> Color32 {
        let [_, red, green, blue] = rgb.to_be_bytes();
        Color32::from_rgb(red, green, blue)
    }
}

/// A color out of straight red, green, blue and alpha.
#[must_use]
pub(crate) fn from_straight([red, green, blue, alpha]: [u8; 4]) -> Color32 {
    Color32::from_rgba_unmultiplied(red, green, blue, alpha)
}

/// A color out of sums of premultiplied channels, 0 to 255 each.
#[must_use]
pub(crate) fn from_premultiplied(channels: [f32; 4]) -> Color32 {
    let [red, green, blue, alpha] = channels.map(|channel| channel.round().clamp(0.0, 255.0) as u8);
    Color32::from_rgba_premultiplied(red.min(alpha), green.min(alpha), blue.min(alpha), alpha)
}

/// Where a screen hangs: what decides how large its type must be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// Points of the screen's picture.
    pub size: Vec2,
    /// Points to a millimeter of glass; nothing where the screen's size is unknown.
    pub points_per_mm: Option<f32>,
    /// How far the farthest reader sits; nothing where unknown.
    pub distance_mm: Option<f32>,
}

/// A reader `READING` times as far away as type is high can read it (AVIXA's rule for signage).
/// Capitals of Inter are 0.727 of the type's height, 16.7 minutes of arc then: above the 16 of NUREG-0700.
const READING: f32 = 150.0;

/// Type on a screen of unknown size: this part of its shorter side.
const UNKNOWN_SHARE: f32 = 1.0 / 27.0;

/// Type is never larger than this part of the shorter side, or nothing would fit.
const MAX_SHARE: f32 = 1.0 / 11.0;

/// Type is never smaller than this part of the shorter side, or nobody would see it on a small screen.
const MIN_SHARE: f32 = 1.0 / 45.0;

/// The sizes of one screen, in points.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Theme {
    /// Height of type for words: what the farthest reader can read without effort.
    pub body: f32,
    /// Type is made no smaller than this to keep a name whole: 13.4 minutes of arc for the farthest reader.
    pub least: f32,
    /// Height of type for headings and names.
    pub title: f32,
    /// Height of type for figures beside words.
    pub figure: f32,
    /// The unit of distance: gaps are multiples of it.
    pub gap: f32,
    /// Corners of cells and cards.
    pub radius: f32,
    /// Thickness of lines that carry meaning.
    pub stroke: f32,
    /// The color of the room's own voice: lines, bars, marks.
    pub accent: Color32,
}

/// What a room file can say of the look, under `[theme]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ThemeOptions {
    /// The color of lines, bars and marks, such as `#5ab0ff`; light enough to stand out from the ground.
    #[serde(default)]
    pub accent: Option<String>,
}

impl ThemeOptions {
    /// Reads the table `[theme]` of a room file.
    ///
    /// # Errors
    /// Where an option is unknown, or the accent is no color that stands out.
    pub fn read(table: &toml::Table) -> Result<Self, OptionError> {
        let options: Self = read_options(table)?;
        if let Some(accent) = &options.accent {
            let message = "a color is written as `#5ab0ff`";
            let color = parse(accent).ok_or_else(|| OptionError::new("accent", message))?;
            let contrast = contrast(color, color::CARD);
            if contrast < 4.5 {
                let message = format!(
                    "contrast with the ground is {contrast:.1}, at least 4.5 is needed: take a lighter color"
                );
                return Err(OptionError::new("accent", message));
            }
        }
        Ok(options)
    }

    /// The accent, or the usual one.
    #[must_use]
    pub fn accent(&self) -> Color32 {
        self.accent.as_deref().and_then(parse).unwrap_or(color::ACCENT)
    }
}

/// Reads `#rrggbb`.
fn parse(text: &str) -> Option<Color32> {
    let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6)?;
    let [_, red, green, blue] = u32::from_str_radix(digits, 16).ok()?.to_be_bytes();
    Some(Color32::from_rgb(red, green, blue))
}

impl Theme {
    /// The sizes for a screen that hangs at `place`.
    #[must_use]
    pub fn new(place: &Place) -> Self {
        let side = place.size.x.min(place.size.y).max(1.0);
        let wanted = match (place.points_per_mm, place.distance_mm) {
            (Some(points_per_mm), Some(distance_mm)) => distance_mm / READING * points_per_mm,
            _ => side * UNKNOWN_SHARE,
        };
        let body = if wanted.is_finite() { wanted } else { side * UNKNOWN_SHARE };
        Self::of_body(body.clamp(side * MIN_SHARE, side * MAX_SHARE))
    }

    /// The sizes that go with a height of type for words.
    #[must_use]
    pub fn of_body(body: f32) -> Self {
        Self {
            body,
            least: body * 0.8,
            title: body * 1.15,
            figure: body * 1.7,
            gap: body * 0.4,
            radius: body * 0.3,
            stroke: (body * 0.09).max(1.0),
            accent: color::ACCENT,
        }
    }

    /// The same look in a cell of `size`: smaller where the cell is too small for its type.
    #[must_use]
    pub fn fitted(&self, size: Vec2) -> Self {
        let body = self.body.min(size.y / 5.5).min(size.x / 11.0).max(1.0);
        Self { accent: self.accent, ..Self::of_body(body) }
    }

    /// Whether a table `[theme]` of a room file is right.
    ///
    /// # Errors
    /// Where an option is unknown, or the accent is no color that stands out.
    pub fn check(table: &toml::Table) -> Result<(), OptionError> {
        ThemeOptions::read(table).map(drop)
    }

    /// The JSON Schema of the table `[theme]`.
    #[must_use]
    pub fn schema() -> serde_json::Value {
        schemars::schema_for!(ThemeOptions).to_value()
    }
}

/// How much lighter one color is than the other, as WCAG counts: 1 to 21.
#[must_use]
pub fn contrast(one: Color32, other: Color32) -> f32 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

fn luminance(color: Color32) -> f32 {
    let [red, green, blue, _] = color.to_array().map(|channel| {
        let share = f32::from(channel) / 255.0;
        if share <= 0.040_45 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
    });
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

#[cfg(test)]
mod tests {
    use egui::vec2;

    use super::*;

    #[test]
    fn words_stand_out() {
        use color::*;
        for ground in [GROUND, PANEL, CARD] {
            for words in [TEXT, QUIET, LINK, ACCENT, GOOD, BAD, WARN] {
                let contrast = contrast(words, ground);
                assert!(contrast >= 7.0, "{words:?} on {ground:?}: {contrast}");
            }
            assert!(contrast(NEUTRAL, ground) >= 4.5);
        }
        assert!(contrast(TEXT, ON_AIR) >= 4.5);
        for ground in [CHOSEN, HOVER] {
            for words in [TEXT, QUIET, LINK, ACCENT, GOOD, BAD, WARN] {
                assert!(contrast(words, ground) >= 4.5, "{words:?} on {ground:?}");
            }
        }
        assert!(contrast(WARN, WARN_GROUND) >= 7.0);
        assert!(contrast(TEXT, WARN_GROUND) >= 7.0);
        assert!(contrast(TEXT, BAD_GROUND) >= 7.0);
        assert!(contrast(BAD, BAD_GROUND) >= 4.5);
    }

    #[test]
    fn networks_stand_out() {
        for name in "bluesky mastodon youtube instagram facebook tiktok reddit linkedin x threads feed webhook lemmy other".split(' ') {
            let contrast = contrast(color::network(name), color::CARD);
            assert!(contrast >= 4.5, "{name}: {contrast}");
        }
    }

    #[test]
    fn the_accent_is_checked() {
        let check = |text: &str| Theme::check(&text.parse().unwrap());
        assert_eq!(check(""), Ok(()));
        assert_eq!(check("accent = '#ffcc00'"), Ok(()));
        for bad in
            ["accent = 'red'", "accent = '#203040'", "accent = '#+12345'", "akzent = '#ffffff'"]
        {
            assert!(check(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn contrast_is_that_of_wcag() {
        assert!((contrast(Color32::BLACK, Color32::WHITE) - 21.0).abs() < 0.01);
        assert!((contrast(Color32::RED, Color32::RED) - 1.0).abs() < 0.01);
    }

    #[test]
    fn type_can_be_read_at_its_distance() {
        // 55 inches, 1920 pixels wide, read from 6 meters: 1,217.6 mm of glass.
        let points_per_mm = 1920.0 / 1217.6;
        let place = Place {
            size: vec2(1920.0, 1080.0),
            points_per_mm: Some(points_per_mm),
            distance_mm: Some(6_000.0),
        };
        let body_mm = Theme::new(&place).body / points_per_mm;
        assert!((body_mm * 150.0 - 6_000.0).abs() < 1.0, "{body_mm} mm");
        let capital_mm = body_mm * 0.727;
        let minutes = (capital_mm / 6_000.0).atan().to_degrees() * 60.0;
        assert!(minutes >= 16.0, "{minutes}");
    }

    #[test]
    fn odd_places_give_usable_type() {
        for (points_per_mm, distance_mm) in [(0.0, 0.0), (1e9, 1e9), (f32::NAN, 1.0), (-1.0, 5.0)] {
            let place = Place {
                size: vec2(320.0, 180.0),
                points_per_mm: Some(points_per_mm),
                distance_mm: Some(distance_mm),
            };
            let body = Theme::new(&place).body;
            assert!((3.0..20.0).contains(&body), "{body}");
        }
    }
}
