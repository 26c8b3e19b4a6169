//! The sheet of keys.

use egui::{Align2, Rect, pos2, vec2};
use vigie_widgets::{Style, theme::color};

use crate::{
    act::Act,
    desk::Desk,
    kit::{Button, Kind, Pen, size},
    label::{self, Label},
};

/// Height of a line.
const LINE: f32 = 30.0;

type Group = (Label, &'static [(&'static str, Label)]);

/// Every key with what it does, by where it matters.
const GROUPS: [Group; 4] = [
    (
        Label::SheetAir,
        &[
            ("1–9", Label::KeyDigits),
            ("⏎", Label::KeyEnter),
            ("⌫", Label::KeyBack),
            ("← →", Label::KeyRundown),
            ("F1–F10", Label::KeyScreens),
            ("Esc 0,3 s", Label::KeyPanic),
            ("M", Label::VisitorMode),
            ("I", Label::IdentifyScreens),
            ("Espace", Label::PauseFeeds),
            ("Ctrl+Maj+1", Label::SetGreen),
            ("Ctrl+Maj+2", Label::SetOrange),
            ("Ctrl+Maj+3", Label::SetRed),
        ],
    ),
    (
        Label::SheetQueue,
        &[
            ("↑ ↓", Label::KeyWalk),
            ("Page", Label::KeyPages),
            ("A", Label::Approve),
            ("X", Label::Reject),
            ("S", Label::Stash),
            ("P", Label::Pin),
            ("F", Label::Flag),
            ("B", Label::BlockAuthor),
            ("C", Label::Claim),
            ("Maj+A X S", Label::KeyInsist),
            ("− 0 +", Label::KeyTone),
            ("U", Label::SayQuestion),
            ("Ctrl+Z", Label::Undo),
            ("Ctrl+Maj+Z", Label::Redo),
        ],
    ),
    (
        Label::SheetOther,
        &[
            ("Ctrl+1–7", Label::KeyViews),
            ("/", Label::SearchPosts),
            ("W", Label::Winner),
            ("K", Label::Acknowledge),
            ("E", Label::Evidence),
        ],
    ),
    (
        Label::SheetEverywhere,
        &[
            ("?", Label::KeySheet),
            ("Ctrl+K", Label::KeyPalette),
            ("Esc", Label::KeyEscape),
            ("Ctrl+W", Label::CloseConsole),
        ],
    ),
];

/// Draws the sheet where it is open.
pub(crate) fn ui(pen: &mut Pen<'_>, desk: &Desk, whole: Rect) {
    if !desk.sheet {
        return;
    }
    let extent = vec2((whole.width() - 80.0).min(1240.0), (whole.height() - 80.0).min(600.0));
    let rect = Rect::from_center_size(whole.center(), extent);
    pen.fill(rect, size::GAP, color::PANEL);
    pen.outline(rect, size::GAP, (1.0, color::ACCENT));
    let inner = rect.shrink(24.0);
    let head = Rect::from_min_size(inner.min, vec2(inner.width(), 36.0));
    let style = Style::line(22.0, color::TEXT).bold();
    pen.middle(head, Align2::LEFT_CENTER, (pen.say(Label::KeySheet), &style));
    let close = Rect::from_min_max(pos2(head.max.x - 130.0, head.min.y), head.max);
    if pen.button(close, Button { label: "×", key: "Esc", kind: Kind::Plain }) {
        pen.act(Act::Escape);
    }
    let width = (inner.width() - 64.0) / 3.0;
    let top = head.max.y + 16.0;
    let mut y = [top; 3];
    for (group, column) in GROUPS.iter().zip([0_usize, 1, 2, 2]) {
        let x = inner.min.x + column as f32 * (width + 32.0);
        let Some(y) = y.get_mut(column) else { continue };
        *y = group_ui(pen, group, pos2(x, *y), width) + 20.0;
    }
}

fn group_ui(pen: &mut Pen<'_>, (title, keys): &Group, corner: egui::Pos2, width: f32) -> f32 {
    let bold = Style::line(size::HEAD, color::ACCENT).bold();
    let rect = Rect::from_min_size(corner, vec2(width, LINE));
    pen.middle(rect, Align2::LEFT_CENTER, (pen.say(*title), &bold));
    let mut y = rect.max.y;
    for (key, what) in *keys {
        let row = Rect::from_min_size(pos2(corner.x, y), vec2(width, LINE));
        let cap = Rect::from_min_size(row.min, vec2(104.0, LINE));
        let key = label::key(key, pen.words.locale);
        pen.key(cap, &key);
        let room = Rect::from_min_max(pos2(cap.max.x + 12.0, row.min.y), row.max);
        let what = pen.say(*what);
        let block = pen.text.fit(
            what,
            &Style::line(size::BODY, color::TEXT),
            room.width(),
            size::SMALL - 1.0,
        );
        pen.paint(pos2(room.min.x, room.center().y - block.middle), &block);
        pen.announce(row, &format!("{key}: {what}"));
        y += LINE;
    }
    y
}
