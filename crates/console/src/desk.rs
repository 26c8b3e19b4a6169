//! The console's state between two frames, and what each act does to it.
//!
//! Views only draw and name acts; all that happens, happens here, so that it can be tested without drawing.

use std::collections::VecDeque;

use smol_str::SmolStr;
use vigie_layout::Locale;
use vigie_model::{
    AlertId, AuthorId, Command, CountdownStep, Level, Micros, PostId, Seq, Snapshot, Timestamp,
};

use crate::{
    act::{Act, Way},
    kit::Scroll,
    label::{self, Label, LaneName, View},
    live::Live,
    moment::{Moment, Request},
    palette::Palette,
    plan::{self, Seen},
    queue::{Decided, List},
    search::Search,
};

/// How long the outcome of an act is told.
const TOLD_FOR: Micros = 6_000_000;

/// The room has opened a vote within this time, or it has refused.
const SETTLED_AFTER: Micros = 2_000_000;

/// What is asked before something is done.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Dialog {
    /// Why, and whom to ask to look after a post.
    Flag { post: PostId, reason: String, role: usize },
    /// Whether to hide all posts of an author.
    Block { author: AuthorId, name: String },
    /// Whether to set the level.
    Level(Level),
}

/// The roles that a post can be given to.
pub(crate) const ROLES: [Label; 4] =
    [Label::RoleAnswers, Label::RoleCrisis, Label::RoleContent, Label::RoleTechnique];

/// A field in which the person writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Field {
    Search,
    Reason,
    Palette,
}

impl Field {
    pub(crate) const ALL: [Self; 3] = [Self::Search, Self::Reason, Self::Palette];

    pub(crate) fn id(self) -> egui::Id {
        egui::Id::unique(match self {
            Self::Search => "field search",
            Self::Reason => "field reason",
            Self::Palette => "field palette",
        })
    }
}

/// What has just happened, in words.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Told {
    pub(crate) text: String,
    pub(crate) is_bad: bool,
    at: Timestamp,
}

/// How far each list has been moved.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Scrolls {
    pub(crate) queue: Scroll,
    pub(crate) post: Scroll,
    pub(crate) alerts: Scroll,
    pub(crate) evidence: Scroll,
    pub(crate) sources: Scroll,
    pub(crate) winners: Scroll,
    pub(crate) log: Scroll,
    pub(crate) scenes: Scroll,
}

/// The console's state between two frames.
#[derive(Debug, Default)]
pub(crate) struct Desk {
    pub(crate) view: View,
    pub(crate) lane: LaneName,
    pub(crate) chosen: Option<PostId>,
    /// Where the chosen post stood last: what comes there is chosen when it goes.
    pub(crate) chosen_at: usize,
    /// A post that is to be chosen as soon as it is back.
    pub(crate) wanted: Option<(PostId, Timestamp)>,
    /// Posts that were decided and that the snapshot still shows where they were.
    pub(crate) decided: VecDeque<Decided>,
    /// What was decided here, for the way back.
    pub(crate) history: Vec<PostId>,
    pub(crate) alert: Option<AlertId>,
    /// The chosen screen, counted from 0.
    pub(crate) target: Option<usize>,
    /// Where screens stood when they were seen last.
    pub(crate) seen: Seen,
    pub(crate) dialog: Option<Dialog>,
    pub(crate) sheet: bool,
    pub(crate) palette: Option<Palette>,
    pub(crate) search: Search,
    pub(crate) live: Live,
    /// The person's own vote; nobody else's is shown.
    pub(crate) vote: Option<(u8, Timestamp)>,
    pub(crate) told: Option<Told>,
    pub(crate) scrolls: Scrolls,
    /// The field that is to have the keyboard.
    pub(crate) focus: Option<Field>,
    /// Whether the field that has the keyboard is to give it back.
    pub(crate) blur: bool,
    pub(crate) locale: Locale,
    /// Up to where the log has been read for refusals.
    pub(crate) heard: Seq,
    pub(crate) requests: Vec<Request>,
}

impl Desk {
    /// Takes note of the newest snapshot. Comes first in a frame.
    pub(crate) fn look(&mut self, moment: &Moment<'_>) {
        let Moment { snapshot, now, .. } = *moment;
        self.live.look(snapshot);
        plan::note(&mut self.seen, moment);
        self.search.look(snapshot, &self.live);
        self.forget_settled(snapshot, now);
        if self.told.as_ref().is_some_and(|told| now.since(told.at) > TOLD_FOR) {
            self.told = None;
        }
        if self.wanted.as_ref().is_some_and(|(_, since)| now.since(*since) > TOLD_FOR) {
            self.wanted = None;
        }
        let is_old = self.vote.is_some_and(|(_, cast)| now.since(cast) > SETTLED_AFTER);
        if snapshot.show.vote.is_none() && is_old {
            self.vote = None;
        }
        if self.target.is_some_and(|target| target >= moment.room.screens.len()) {
            self.target = None;
        }
        self.hear(moment);
        self.settle(snapshot);
    }

    /// Tells why a command of this person's came to nothing.
    fn hear(&mut self, moment: &Moment<'_>) {
        let log = &moment.snapshot.log;
        let heard = self.heard;
        let Some(newest) = log.first() else { return };
        self.heard = newest.seq.max(heard);
        if heard == Seq::default() {
            return;
        }
        let refused = log
            .iter()
            .take_while(|action| action.seq > heard)
            .find(|action| action.refused.is_some() && action.issued.by == moment.person);
        if let Some(refusal) = refused.and_then(|action| action.refused) {
            self.tell(moment, label::refusal(refusal).text(self.locale).to_owned(), true);
        }
    }

    pub(crate) fn tell(&mut self, moment: &Moment<'_>, text: String, is_bad: bool) {
        self.told = Some(Told { text, is_bad, at: moment.now });
    }

    pub(crate) fn say(&self, label: Label) -> &'static str {
        label.text(self.locale)
    }

    pub(crate) fn send(&mut self, command: Command) {
        self.requests.push(Request::Command(command));
    }

    /// Whether something lies over the view and takes the keys.
    pub(crate) const fn is_covered(&self) -> bool {
        self.dialog.is_some() || self.sheet || self.palette.is_some()
    }

    /// The list of posts that is open, if the view has one.
    pub(crate) fn list<'a>(&'a self, snapshot: &'a Snapshot) -> Option<List<'a>> {
        match self.view {
            View::Moderation => Some(List::of_lane(self, snapshot)),
            View::Search => Some(List::of_posts(self.search.results())),
            _ => None,
        }
    }

    /// Does what the person wants.
    pub(crate) fn apply(&mut self, act: Act, moment: &Moment<'_>) {
        if self.is_covered() && self.covered(&act, moment) {
            return;
        }
        match act {
            Act::Show(view) => self.show(view),
            Act::Lane(lane) => self.open_lane(lane),
            Act::Move(way) => self.go(way, moment),
            Act::Select(post) => self.chosen = Some(post),
            Act::Decide(verdict) => self.decide(verdict, moment),
            Act::Insist(verdict) => self.insist(verdict, moment),
            Act::Pin => self.pin(moment),
            Act::Flag => self.flag(moment),
            Act::Block => self.block(moment),
            Act::Claim => self.claim(moment),
            Act::Tone(attitude) => self.retone(attitude, moment),
            Act::Question => self.requestion(moment),
            Act::Undo => self.undo(moment),
            Act::Redo => self.send(Command::Redo),
            Act::Digit(digit) => self.digit(digit, moment),
            Act::Preview(scene) => self.preview(scene),
            Act::Step(n_steps) => self.send(Command::Step(n_steps)),
            Act::Enter => self.enter(moment),
            Act::Take => self.take(moment),
            Act::Back => self.back(moment),
            Act::Screen(screen) => self.choose_screen(screen, moment),
            Act::Spotlight => self.spotlight(moment),
            Act::Identify => {
                self.send(Command::Identify { shown: !moment.snapshot.identify });
            }
            Act::Pause => self.pause(moment),
            Act::PauseQuery(query) => self.pause_query(query, moment),
            Act::Mask => self.send(Command::Mask(!moment.snapshot.show.masked)),
            Act::Panic => self.send(Command::Panic(!moment.snapshot.show.panic)),
            Act::Level(level) => self.dialog = Some(Dialog::Level(level)),
            Act::Countdown(step) => self.send(Command::Countdown(step)),
            Act::HoldCountdown => self.hold_countdown(moment),
            Act::Acknowledge => self.acknowledge(moment),
            Act::Evidence => self.show(View::Alerts),
            Act::Search => self.open_search(),
            Act::Vote(number) => self.cast(number, moment),
            Act::Crown => self.crown(moment),
            Act::EndVote => self.send(Command::Shortlist(Vec::new())),
            Act::Sheet => self.sheet = !self.sheet,
            Act::Palette => self.open_palette(moment),
            Act::Escape => self.escape(),
            Act::Confirm => {}
            Act::Language(locale) => self.speak(locale),
            Act::Close => self.requests.push(Request::Close),
        }
        self.settle(moment.snapshot);
    }

    /// What an act means while something lies over the view; false where it means what it always does.
    fn covered(&mut self, act: &Act, moment: &Moment<'_>) -> bool {
        match act {
            Act::Escape => self.uncover(),
            Act::Palette if self.palette.is_some() => self.uncover(),
            Act::Sheet if self.sheet => self.uncover(),
            Act::Enter | Act::Confirm => self.confirm(moment),
            Act::Move(way) => self.move_covered(*way),
            Act::Step(n_steps) => self.move_covered(Way::By((*n_steps).into())),
            Act::Block if matches!(self.dialog, Some(Dialog::Block { .. })) => self.confirm(moment),
            // What the wall shows can always be covered, whatever is open here.
            Act::Panic | Act::Mask | Act::Language(_) | Act::Close => return false,
            _ => {}
        }
        true
    }

    fn uncover(&mut self) {
        self.dialog = None;
        self.sheet = false;
        self.palette = None;
        self.blur = true;
    }

    fn move_covered(&mut self, way: Way) {
        match (&mut self.palette, &mut self.dialog) {
            (Some(palette), _) => palette.go(way),
            (None, Some(Dialog::Flag { role, .. })) => {
                let Way::By(steps) = way else { return };
                *role = role.saturating_add_signed(steps).min(ROLES.len() - 1);
            }
            _ => {}
        }
    }

    /// Does what was asked for.
    fn confirm(&mut self, moment: &Moment<'_>) {
        let picked = self.palette.take().and_then(|palette| palette.picked());
        let dialog = self.dialog.take();
        self.uncover();
        match dialog {
            Some(Dialog::Flag { post, reason, role }) => {
                let owner = ROLES.get(role).map_or("", |role| self.say(*role));
                let reason = reason.trim();
                let reason = if reason.is_empty() { self.say(Label::NoReason) } else { reason };
                let command = Command::Flag { post, reason: reason.into(), owner: owner.into() };
                let told = format!("{} → {owner}", self.say(Label::DoneFlagged));
                self.send(command);
                self.tell(moment, told, false);
            }
            Some(Dialog::Block { author, name }) => {
                self.hide_author(&author, moment);
                self.send(Command::Block { author, blocked: true });
                let told = format!("{} {name} · Ctrl+Z", self.say(Label::DoneBlocked));
                self.tell(moment, told, false);
            }
            Some(Dialog::Level(level)) => self.send(Command::Level(level)),
            None => {}
        }
        if let Some(act) = picked {
            self.apply(act, moment);
        }
        self.settle(moment.snapshot);
    }

    pub(crate) fn show(&mut self, view: View) {
        if self.view != view {
            self.view = view;
            self.scrolls.queue.reset();
            self.scrolls.post.reset();
            self.chosen_at = 0;
        }
        self.blur = true;
    }

    fn open_lane(&mut self, lane: LaneName) {
        self.view = View::Moderation;
        if self.lane != lane {
            self.lane = lane;
            self.chosen = None;
            self.chosen_at = 0;
            self.scrolls.queue.reset();
            self.scrolls.post.reset();
        }
    }

    fn go(&mut self, way: Way, moment: &Moment<'_>) {
        match self.view {
            View::Moderation | View::Search => self.walk(way, moment.snapshot),
            View::Alerts => self.walk_alerts(way, moment.snapshot),
            View::Room | View::Winner | View::Sources | View::Log => {}
        }
    }

    fn walk_alerts(&mut self, way: Way, snapshot: &Snapshot) {
        let alerts = &snapshot.alerts;
        let at = self.alert.and_then(|id| alerts.iter().position(|alert| alert.id == id));
        let to = stepped(at.unwrap_or_default(), way, (alerts.len(), 8));
        self.alert = alerts.get(to).map(|alert| alert.id);
    }

    fn acknowledge(&mut self, moment: &Moment<'_>) {
        let alerts = &moment.snapshot.alerts;
        let chosen = alerts
            .iter()
            .find(|alert| self.view == View::Alerts && Some(alert.id) == self.alert)
            .filter(|alert| alert.acknowledged.is_none());
        let Some(alert) = chosen.or_else(|| alerts.iter().find(|alert| alert.is_open())) else {
            return self.tell(moment, self.say(Label::NoOpenAlert).to_owned(), false);
        };
        let words =
            vigie_widgets::Words { locale: self.locale, zone: moment.room.time_zone.clone() };
        let told = format!(
            "{}{}{}",
            self.say(Label::DoneSeen),
            label::colon(self.locale),
            vigie_widgets::alert_title(alert, &words)
        );
        self.send(Command::Acknowledge(alert.id));
        self.tell(moment, told, false);
    }

    fn open_search(&mut self) {
        self.show(View::Search);
        self.blur = false;
        self.focus = Some(Field::Search);
    }

    fn open_palette(&mut self, moment: &Moment<'_>) {
        self.palette = Some(Palette::new(moment.room));
        self.focus = Some(Field::Palette);
    }

    fn escape(&mut self) {
        if self.target.take().is_none() {
            self.blur = true;
        }
    }

    fn speak(&mut self, locale: Locale) {
        self.locale = locale;
        self.requests.push(Request::Language(locale));
    }

    fn hold_countdown(&mut self, moment: &Moment<'_>) {
        let held = matches!(moment.snapshot.show.countdown, Some(vigie_model::Countdown::Held(_)));
        self.send(Command::Countdown(CountdownStep::Hold(!held)));
    }

    /// The name of the person as commands carry it.
    pub(crate) fn is_mine(moment: &Moment<'_>, name: &SmolStr) -> bool {
        name == moment.person
    }
}

/// Where a way leads from place `at` of `len`, with so many rows to a page.
pub(crate) fn stepped(at: usize, way: Way, (len, page): (usize, usize)) -> usize {
    let last = len.saturating_sub(1);
    let page = isize::try_from(page).unwrap_or(1);
    match way {
        Way::By(steps) => at.saturating_add_signed(steps).min(last),
        Way::Pages(pages) => at.saturating_add_signed(pages.saturating_mul(page)).min(last),
        Way::First => 0,
        Way::Last => last,
    }
}
