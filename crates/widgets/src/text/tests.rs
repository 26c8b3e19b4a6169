//! Whether texts are laid out as their scripts ask for.

use egui::{Rect, pos2, vec2};

use super::*;
use crate::{
    testing::{Canvas, part},
    theme::color,
};

fn engine() -> TextEngine {
    let mut engine = TextEngine::new(&Fonts::bundled());
    engine.begin_frame(1.0);
    engine
}

/// A line of each script, with what it is.
const SCRIPTS: [(&str, &str); 15] = [
    ("Latin", "Grève SNCF : « ça roule » fi — Ýðþ, tiếng Việt"),
    ("Greek, Cyrillic", "Καλημέρα κόσμε · Привет, мир · Ґанок"),
    ("Arabic", "قطار الساعة 8:15 متأخر (15 دقيقة) شكراً @SNCF"),
    ("Hebrew", "הרכבת של 8:15 מאחרת, תודה @SNCF!"),
    ("Mixed", "Le train « قطار سريع » arrive à 18 h"),
    ("Hindi", "नमस्ते दुनिया, ट्रेन क्षमा में देरी है"),
    ("Thai", "สวัสดีชาวโลก รถไฟมาช้าสิบห้านาทีครับ"),
    ("Japanese", "電車が遅れています。すみません、ありがとう！"),
    ("Chinese", "火车晚点了十五分钟，谢谢大家。繁體中文"),
    ("Korean", "기차가 늦었어요. 감사합니다!"),
    ("Bengali, Tamil", "ট্রেন দেরিতে · ரயில் தாமதம் · గుంటూరు"),
    ("Georgian, more", "მატარებელი · գնացք · ባቡር"),
    ("Emoji", "👨‍👩‍👧‍👦 👍🏽 🇫🇷🇸🇪 🏳️‍🌈 😡😀 ❤️ ✔️ ☀️ 🚄"),
    ("Keycaps", "1️⃣ 2️⃣ #️⃣ ©️ © 123 ™ ★ ✓ → ∞"),
    ("Styled", "𝕱𝖗𝖆𝖓ç𝖔𝖎𝖘e 𝗕𝗼𝗹𝗱 𝓼𝓬𝓻𝓲𝓹𝓽 ⓒⓘⓡ z̷̴̢a͢͡l̸̕g͟o ﷽"),
];

#[test]
fn all_scripts_on_one_page() {
    let mut canvas = Canvas::new(vec2(1100.0, 760.0));
    let mut engine = TextEngine::new(&Fonts::bundled());
    let drawn = canvas.draw(|ui| {
        engine.begin_frame(1.0);
        let painter = ui.painter();
        painter.rect_filled(ui.max_rect(), 0.0, color::PANEL);
        let mut y = 14.0;
        for (name, text) in SCRIPTS {
            let label = Style::line(18.0, color::QUIET);
            engine.line(painter, pos2(20.0, y + 8.0), (name, &label), 180.0);
            let block = engine.layout(text, &Style::lines(32.0, color::TEXT, 1), 860.0);
            let rect = engine.paint(painter, pos2(210.0, y), &block);
            assert!(rect.max.x <= 1072.0, "{name} is wider than its place: {rect:?}");
            y += 49.0;
        }
    });
    drawn.keep("scripts");
    let picture = drawn.picture();
    let lit =
        |rect: Rect| part(&picture, rect).iter().filter(|pixel| **pixel != color::PANEL).count();
    for row in 0..SCRIPTS.len() {
        let row = Rect::from_min_size(pos2(210.0, 14.0 + 49.0 * row as f32), vec2(860.0, 45.0));
        assert!(lit(row) > 1_000, "an empty row at {row:?}");
    }
}

#[test]
fn no_script_has_a_hole() {
    let mut engine = engine();
    for (name, text) in SCRIPTS {
        let block = engine.layout(text, &Style::lines(32.0, color::TEXT, 3), 860.0);
        let n_glyphs: usize = block.runs.iter().map(|run| run.glyphs.len()).sum();
        assert!(n_glyphs * 3 >= text.chars().count(), "{name}: {n_glyphs} glyphs");
    }
}

#[test]
fn letters_of_several_fonts_stand_side_by_side_in_bold_too() {
    let mut engine = engine();
    for text in ["𝕱𝖗𝖆𝖓ç𝖔𝖎𝖘e-Marie", "𝕱𝖗𝖆𝖓ç𝖔𝖎𝖘e-Marie 🏳️‍🌈", "𝖆ç𝖔e", "駅a員b", "aชb駅"]
    {
        for style in [Style::line(32.0, color::TEXT), Style::line(32.0, color::TEXT).bold()] {
            let block = engine.layout(text, &style, f32::INFINITY);
            let xs: Vec<f32> =
                block.runs.iter().flat_map(|run| &run.glyphs).map(|glyph| glyph.x).collect();
            let apart = xs.windows(2).all(|pair| pair[1] - pair[0] > 5.0);
            assert!(apart, "{text} in {:?}: {xs:?}", style.weight);
        }
    }
}

#[test]
fn long_texts_end_in_an_ellipsis_and_stay_within_their_lines() {
    let mut engine = engine();
    for text in [
        "w".repeat(10_000),
        "mot ".repeat(900),
        "a\n".repeat(400),
        "เมืองไทย".repeat(200),
        "שלום ".repeat(300),
    ] {
        let block = engine.layout(&text, &Style::lines(20.0, color::TEXT, 3), 300.0);
        assert_eq!((block.n_lines, block.cut), (3, true), "{}", text.get(..9).unwrap_or_default());
        assert!(
            block.size.x <= 300.5 && block.size.y <= 3.0 * 20.0 * 1.34 + 1.0,
            "{:?}",
            block.size
        );
    }
    let short = engine.layout("a\n\nb", &Style::lines(20.0, color::TEXT, 3), 300.0);
    assert_eq!((short.n_lines, short.cut, &*short.text), (2, false, "a\nb"));
}

#[test]
fn thai_breaks_between_words() {
    let mut engine = engine();
    let block = engine.layout("รถไฟมาช้าครับ", &Style::lines(20.0, color::TEXT, 9), 60.0);
    assert!(block.n_lines >= 2, "{}", block.n_lines);
}

#[test]
fn a_text_is_shaped_once() {
    let mut engine = engine();
    let style = Style::line(20.0, color::TEXT);
    let first = engine.layout("again", &style, 100.0);
    assert!(Arc::ptr_eq(&first, &engine.layout("again", &style, 100.0)));
    assert!(!Arc::ptr_eq(&first, &engine.layout("again", &style.bold(), 100.0)));
    for idx in 0..2 * MAX_BLOCKS {
        engine.begin_frame(1.0);
        engine.layout(&idx.to_string(), &style, 100.0);
        assert!(engine.blocks.len() <= MAX_BLOCKS + 2);
    }
}
