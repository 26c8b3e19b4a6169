//! The marks of networks: plain shapes of our own in the network's color, never a copy of a trademark.
//!
//! A mark always stands beside the network's name.

use egui::{Pos2, Rect, Shape, Stroke, Vec2, pos2, vec2};

use crate::{
    text::{Face, Style},
    theme::color,
    widget::Frame,
};

/// How people write the network's name.
#[must_use]
pub fn name(network: &str) -> &str {
    match network {
        "bluesky" => "Bluesky",
        "mastodon" => "Mastodon",
        "youtube" => "YouTube",
        "instagram" => "Instagram",
        "facebook" => "Facebook",
        "tiktok" => "TikTok",
        "reddit" => "Reddit",
        "linkedin" => "LinkedIn",
        "x" => "X",
        "threads" => "Threads",
        "lemmy" => "Lemmy",
        "feed" => "Web",
        "webhook" => "Webhook",
        other => other,
    }
}

impl Frame<'_> {
    /// The mark of `network` within a square.
    pub fn mark(&mut self, center: Pos2, size: f32, network: &str) {
        let tone = color::network(network);
        let square = Rect::from_center_size(center, Vec2::splat(size));
        let painter = self.painter.clone();
        let stroke = Stroke::new(size * 0.11, color::GROUND);
        let at = |x: f32, y: f32| square.min + vec2(x, y) * size;
        match network {
            // Two wings.
            "bluesky" => {
                for side in [1.0, -1.0] {
                    let wing =
                        [(0.03, 0.04), (0.45, -0.34), (0.47, 0.02), (0.30, 0.34), (0.03, 0.12)];
                    let mut points: Vec<Pos2> =
                        wing.iter().map(|(x, y)| center + vec2(x * side, *y) * size).collect();
                    if side < 0.0 {
                        points.reverse();
                    }
                    painter.add(Shape::convex_polygon(points, tone, Stroke::NONE));
                }
            }
            // A speech bubble.
            "mastodon" => {
                let bubble = Rect::from_min_max(at(0.05, 0.08), at(0.95, 0.76));
                painter.rect_filled(bubble, size * 0.26, tone);
                let tail = vec![at(0.20, 0.66), at(0.52, 0.74), at(0.24, 0.98)];
                painter.add(Shape::convex_polygon(tail, tone, Stroke::NONE));
                let zigzag = vec![
                    at(0.27, 0.58),
                    at(0.27, 0.32),
                    at(0.5, 0.54),
                    at(0.73, 0.32),
                    at(0.73, 0.58),
                ];
                painter.line(zigzag, Stroke::new(size * 0.1, color::GROUND));
            }
            // A play button.
            "youtube" | "tiktok" => {
                let screen = Rect::from_min_max(at(0.02, 0.14), at(0.98, 0.86));
                painter.rect_filled(screen, size * 0.22, tone);
                let play = vec![at(0.39, 0.32), at(0.69, 0.5), at(0.39, 0.68)];
                painter.add(Shape::convex_polygon(play, color::GROUND, Stroke::NONE));
            }
            // A camera.
            "instagram" => {
                painter.rect_filled(square.shrink(size * 0.05), size * 0.28, tone);
                painter.circle_stroke(center, size * 0.2, stroke);
                painter.circle_filled(at(0.73, 0.27), size * 0.065, color::GROUND);
            }
            // Waves from a point.
            "feed" => {
                painter.rect_filled(square.shrink(size * 0.04), size * 0.2, tone);
                let from = at(0.26, 0.74);
                painter.circle_filled(from, size * 0.085, color::GROUND);
                for radius in [0.27, 0.48] {
                    let arc = (0..=8).map(|idx| {
                        let angle = idx as f32 / 8.0 * std::f32::consts::FRAC_PI_2;
                        from + vec2(angle.sin(), -angle.cos()) * radius * size
                    });
                    painter.line(arc.collect(), Stroke::new(size * 0.1, color::GROUND));
                }
            }
            // An arrow into a box.
            "webhook" => {
                painter.rect_filled(square.shrink(size * 0.04), size * 0.2, tone);
                painter.line_segment([at(0.5, 0.22), at(0.5, 0.56)], stroke);
                let head = vec![at(0.3, 0.48), at(0.7, 0.48), at(0.5, 0.7)];
                painter.add(Shape::convex_polygon(head, color::GROUND, Stroke::NONE));
                painter.line_segment(
                    [at(0.26, 0.8), at(0.74, 0.8)],
                    Stroke::new(size * 0.09, color::GROUND),
                );
            }
            other => {
                painter.circle_filled(center, size * 0.48, tone);
                let style =
                    Style { face: Face::Text, ..Style::line(size * 0.62, color::GROUND).bold() };
                let block = self.text.layout(&initial(name(other)), &style, f32::INFINITY);
                self.text.centered(&painter, pos2(center.x, center.y), &block);
            }
        }
    }
}

/// The first letter of a name, in upper case; a dot where there is none.
pub(crate) fn initial(name: &str) -> String {
    use unicode_segmentation::UnicodeSegmentation as _;
    let trimmed = name.trim_start_matches(|letter: char| !letter.is_alphanumeric());
    let cluster = trimmed.graphemes(true).next().or_else(|| name.graphemes(true).next());
    cluster.map_or_else(|| "·".to_owned(), str::to_uppercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials() {
        for (name, expected) in
            [("émile", "É"), ("@vigie", "V"), ("日本", "日"), ("👍🏽", "👍🏽"), ("", "·"), ("«x»", "X")]
        {
            assert_eq!(initial(name), expected, "{name}");
        }
    }
}
