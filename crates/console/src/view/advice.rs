//! The state of the room in one sentence that names the next act and who does it, for those at the desk.

use egui::{Align2, Rect, pos2, vec2};
use vigie_widgets::{Health, Style, theme::color};

use crate::{
    kit::{Pen, size},
    label::Label,
    moment::Moment,
};

/// The next act at the desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Advice {
    pub(crate) say: Label,
    pub(crate) owner: Label,
    /// Whether it cannot wait.
    pub(crate) urgent: bool,
    /// How many things it is about.
    pub(crate) count: u64,
}

/// The first of these that holds is said; the last one always holds.
pub(crate) fn advice(moment: &Moment<'_>) -> Advice {
    let snapshot = moment.snapshot;
    let is_missing = |name| moment.status(name).is_none_or(|status| !status.present);
    let n_missing = moment.room.screens.iter().filter(|screen| is_missing(&screen.name)).count();
    let is_silent = |health| matches!(health, Health::Silent | Health::Stopped);
    let sources = snapshot.sources.iter();
    let n_silent = sources.filter(|source| is_silent(Health::of(source, moment.now))).count();
    let n_open = snapshot.alerts.iter().filter(|alert| alert.is_open()).count();
    let queues = &snapshot.moderation;
    let cases = [
        (Label::NowPanic, Label::Presenter, true, u64::from(snapshot.show.panic)),
        (Label::NowMissing, Label::RoleTechnique, true, n_missing as u64),
        (Label::NowSources, Label::RoleTechnique, true, n_silent as u64),
        (Label::NowAlert, Label::RoleCrisis, true, n_open as u64),
        (Label::NowPreview, Label::Presenter, false, u64::from(snapshot.show.preview.is_some())),
        (Label::NowWaiting, Label::Operator, false, queues.waiting.n_total),
        (Label::NowFlagged, Label::RoleAnswers, false, queues.flagged.n_total),
    ];
    let first = cases.into_iter().find(|(_, _, _, count)| *count > 0);
    let (say, owner, urgent, count) = first.unwrap_or((Label::NowCalm, Label::Presenter, false, 0));
    Advice { say, owner, urgent, count }
}

/// The sentence, on one line.
pub(crate) fn advice_ui(pen: &mut Pen<'_>, rect: Rect) {
    let advice = advice(&pen.moment);
    let tone = if advice.urgent { color::WARN } else { color::ACCENT };
    let middle = rect.center().y;
    if advice.urgent {
        pen.alarm(pos2(rect.min.x + 8.0, middle), 15.0, tone);
    } else {
        let bar = Rect::from_min_size(pos2(rect.min.x + 2.0, middle - 9.0), vec2(3.0, 18.0));
        pen.fill(bar, 1.0, tone);
    }
    let count = if advice.count > 1 {
        format!(" ({})", pen.words.count(advice.count))
    } else {
        String::new()
    };
    let owner = format!("→ {}", pen.say(advice.owner));
    let style = Style::line(size::BODY, tone).bold();
    let owner_width = pen.lay(&owner, &style, f32::INFINITY).size.x;
    let text = format!("{}{count}", pen.say(advice.say));
    let room = Rect::from_min_max(
        pos2(rect.min.x + 24.0, rect.min.y),
        pos2(rect.max.x - owner_width - 10.0, rect.max.y),
    );
    let said = pen.middle(
        room,
        Align2::LEFT_CENTER,
        (&text, &Style::line(size::BODY, color::TEXT).bold()),
    );
    let after = Rect::from_min_max(pos2(said.max.x + 10.0, rect.min.y), rect.max);
    pen.middle(after, Align2::LEFT_CENTER, (&owner, &style));
    pen.announce(rect, &format!("{text} {owner}"));
}
