//! The queue: which posts are listed, which of them is chosen, what is decided of it.
//!
//! A decision takes effect in the list at once, although the snapshot tells it a little later; so the next key is
//! about the next post, however fast the keys come.

use std::sync::Arc;

use vigie_model::{
    Attitude, AuthorId, Command, FeedItem, Micros, PostId, QueueItem, Queues, Snapshot, Timestamp,
    Verdict,
};

use crate::{
    act::Way,
    desk::{Desk, Dialog, Field, stepped},
    label::{self, Label, LaneName, View},
    moment::Moment,
};

/// Decisions that the snapshot may not show yet. Nobody decides faster than this for two seconds.
const MAX_DECIDED: usize = 256;
/// Decisions that the console finds the way back to.
const MAX_HISTORY: usize = 256;
/// A decision that the room does not confirm within this time is shown as not made.
const CONFIRMED_WITHIN: Micros = 3_000_000;
/// The height of a row.
pub(crate) const ROW: f32 = 78.0;

/// A post that was decided and that the snapshot may still show where it was.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Decided {
    post: PostId,
    lane: LaneName,
    at: Timestamp,
}

/// A post of a list.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Listed<'a> {
    /// With its way through the queue.
    Queued(&'a Arc<QueueItem>),
    /// As feeds have it.
    Shown(&'a Arc<FeedItem>),
}

impl<'a> Listed<'a> {
    pub(crate) fn item(self) -> &'a Arc<FeedItem> {
        match self {
            Self::Queued(queued) => &queued.item,
            Self::Shown(item) => item,
        }
    }

    pub(crate) fn id(self) -> &'a PostId {
        &self.item().post.id
    }

    pub(crate) const fn queued(self) -> Option<&'a Arc<QueueItem>> {
        match self {
            Self::Queued(queued) => Some(queued),
            Self::Shown(_) => None,
        }
    }

    /// Who has taken it, if anyone.
    pub(crate) fn claimed(self) -> Option<&'a smol_str::SmolStr> {
        self.queued()?.decision.as_ref()?.claimed.as_ref()
    }
}

#[derive(Clone, Copy, Debug)]
enum Posts<'a> {
    Queued(&'a [Arc<QueueItem>]),
    Shown(&'a [Arc<FeedItem>]),
}

/// The posts of a list, those left out that were decided a moment ago.
#[derive(Debug)]
pub(crate) struct List<'a> {
    posts: Posts<'a>,
    /// The places that are shown, where not all are.
    places: Option<Vec<usize>>,
    /// All posts of the lane, those too that the snapshot does not hold.
    pub(crate) n_total: u64,
}

impl<'a> List<'a> {
    /// The lane that is open.
    pub(crate) fn of_lane(desk: &'a Desk, snapshot: &'a Snapshot) -> Self {
        let lane = lane(&snapshot.moderation, desk.lane);
        let posts = match lane {
            Some(lane) => Posts::Queued(&lane.items),
            None => Posts::Shown(desk.live.items()),
        };
        let n_posts = posts.len();
        let n_total = lane.map_or(n_posts as u64, |lane| lane.n_total);
        let mut list = Self { posts, places: None, n_total };
        let gone: Vec<&PostId> = desk
            .decided
            .iter()
            .filter(|decided| decided.lane == desk.lane)
            .map(|decided| &decided.post)
            .collect();
        if !gone.is_empty() {
            let is_here = |place: &usize| {
                posts.get(*place).is_some_and(|listed| !gone.contains(&listed.id()))
            };
            let places: Vec<usize> = (0..n_posts).filter(is_here).collect();
            list.n_total = n_total.saturating_sub((n_posts - places.len()) as u64);
            list.places = Some(places);
        }
        list
    }

    /// Posts as they are.
    pub(crate) const fn of_posts(items: &'a [Arc<FeedItem>]) -> Self {
        Self { posts: Posts::Shown(items), places: None, n_total: items.len() as u64 }
    }

    pub(crate) fn len(&self) -> usize {
        self.places.as_ref().map_or_else(|| self.posts.len(), Vec::len)
    }

    pub(crate) fn get(&self, place: usize) -> Option<Listed<'a>> {
        let place = match &self.places {
            Some(places) => *places.get(place)?,
            None => place,
        };
        self.posts.get(place)
    }

    /// Where a post stands; looks at `hint` first.
    pub(crate) fn find(&self, id: &PostId, hint: usize) -> Option<usize> {
        let is_it = |place: &usize| self.get(*place).is_some_and(|listed| listed.id() == id);
        if is_it(&hint) { Some(hint) } else { (0..self.len()).find(is_it) }
    }
}

impl<'a> Posts<'a> {
    const fn len(&self) -> usize {
        match self {
            Self::Queued(items) => items.len(),
            Self::Shown(items) => items.len(),
        }
    }

    fn get(&self, place: usize) -> Option<Listed<'a>> {
        match self {
            Self::Queued(items) => items.get(place).map(Listed::Queued),
            Self::Shown(items) => items.get(place).map(Listed::Shown),
        }
    }
}

/// The posts of a lane; none for what is on the wall, which is no lane of the fold's.
pub(crate) const fn lane(queues: &Queues, name: LaneName) -> Option<&vigie_model::Queue> {
    Some(match name {
        LaneName::Waiting => &queues.waiting,
        LaneName::Live => return None,
        LaneName::Stashed => &queues.stashed,
        LaneName::Approved => &queues.approved,
        LaneName::Rejected => &queues.rejected,
        LaneName::Flagged => &queues.flagged,
        LaneName::Pinned => &queues.pinned,
    })
}

/// What the queue knows of a post, in whichever lane it lies.
pub(crate) fn queued<'a>(queues: &'a Queues, id: &PostId) -> Option<&'a Arc<QueueItem>> {
    LaneName::ALL
        .into_iter()
        .filter_map(|name| lane(queues, name))
        .flat_map(|lane| &lane.items)
        .find(|queued| queued.item.post.id == *id)
}

impl Desk {
    /// Chooses a post of the list: the one that was chosen, else the one that came into its place.
    pub(crate) fn settle(&mut self, snapshot: &Snapshot) {
        let Some(list) = self.list(snapshot) else { return };
        let wanted = self.wanted.as_ref().and_then(|(id, _)| list.find(id, self.chosen_at));
        let here = self.chosen.as_ref().and_then(|id| list.find(id, self.chosen_at));
        let place = wanted.or(here).unwrap_or(self.chosen_at).min(list.len().saturating_sub(1));
        let chosen = list.get(place).map(|listed| listed.id().clone());
        let has_moved = self.chosen_at != place || self.chosen != chosen;
        if has_moved && self.chosen != chosen {
            self.scrolls.post.reset();
        }
        if wanted.is_some() {
            self.wanted = None;
        }
        self.chosen_at = place;
        self.chosen = chosen;
        if has_moved {
            self.scrolls.queue.want(place as f32 * ROW, (place + 1) as f32 * ROW);
        }
    }

    /// Forgets the decisions that the snapshot shows by now, and those that nobody confirmed.
    pub(crate) fn forget_settled(&mut self, snapshot: &Snapshot, now: Timestamp) {
        let live = &self.live;
        self.decided.retain(|decided| {
            let is_it = |id: &PostId| *id == decided.post;
            let is_there = match lane(&snapshot.moderation, decided.lane) {
                Some(lane) => lane.items.iter().any(|queued| is_it(&queued.item.post.id)),
                None => live.items().iter().any(|item| is_it(&item.post.id)),
            };
            is_there && (0..=CONFIRMED_WITHIN).contains(&now.since(decided.at))
        });
    }

    pub(crate) fn walk(&mut self, way: Way, snapshot: &Snapshot) {
        let Some(list) = self.list(snapshot) else { return };
        let page = self.scrolls.queue.rows(ROW);
        let place = stepped(self.chosen_at, way, (list.len(), page));
        let chosen = list.get(place).map(|listed| listed.id().clone());
        self.chosen_at = place;
        self.chosen = chosen;
        self.scrolls.post.reset();
        self.scrolls.queue.want(place as f32 * ROW, (place + 1) as f32 * ROW);
    }

    /// The post that keys are about.
    pub(crate) fn chosen_post<'a>(&'a self, moment: &Moment<'a>) -> Option<Listed<'a>> {
        let id = self.chosen.as_ref()?;
        let list = self.list(moment.snapshot)?;
        let listed = list.get(list.find(id, self.chosen_at)?)?;
        // What the queue knows of it is wanted wherever it was found.
        match listed {
            Listed::Shown(_) => {
                Some(queued(&moment.snapshot.moderation, id).map_or(listed, Listed::Queued))
            }
            Listed::Queued(_) => Some(listed),
        }
    }

    pub(crate) fn decide(&mut self, verdict: Verdict, moment: &Moment<'_>) {
        let Some(listed) = self.chosen_post(moment) else { return };
        let other = listed.claimed().filter(|name| !Self::is_mine(moment, name));
        if let Some(name) = other {
            let told =
                format!("{} {name} · {}", self.say(Label::TakenBy), self.say(Label::ShiftInsists));
            return self.tell(moment, told, true);
        }
        self.insist(verdict, moment);
    }

    pub(crate) fn insist(&mut self, verdict: Verdict, moment: &Moment<'_>) {
        let Some(listed) = self.chosen_post(moment) else { return };
        let id = listed.id().clone();
        let author = listed.item().post.author.display_name().to_owned();
        let (command, word) = match verdict {
            Verdict::Approved => (Command::Approve(id.clone()), Label::DoneApproved),
            Verdict::Rejected => (Command::Reject(id.clone()), Label::DoneRejected),
            Verdict::Stashed => (Command::Stash(id.clone()), Label::DoneStashed),
        };
        self.send(command);
        self.tell(
            moment,
            format!("{}{}{author} · Ctrl+Z", self.say(word), label::colon(self.locale)),
            false,
        );
        self.note(&id);
        if self.view == View::Moderation && leaves(self.lane, verdict) {
            self.hide(id, moment.now);
        }
    }

    /// Remembers what was decided, for the way back.
    fn note(&mut self, id: &PostId) {
        self.history.push(id.clone());
        if self.history.len() > MAX_HISTORY {
            self.history.remove(0);
        }
    }

    fn hide(&mut self, post: PostId, at: Timestamp) {
        self.decided.push_back(Decided { post, lane: self.lane, at });
        if self.decided.len() > MAX_DECIDED {
            self.decided.pop_front();
        }
    }

    pub(crate) fn hide_author(&mut self, author: &AuthorId, moment: &Moment<'_>) {
        if self.view != View::Moderation {
            return;
        }
        let list = List::of_lane(self, moment.snapshot);
        let of_author: Vec<PostId> = (0..list.len())
            .filter_map(|place| list.get(place))
            .filter(|listed| listed.item().post.author.id == *author)
            .map(|listed| listed.id().clone())
            .collect();
        if let Some(first) = of_author.first() {
            self.note(&first.clone());
        }
        for post in of_author {
            self.hide(post, moment.now);
        }
    }

    pub(crate) fn undo(&mut self, moment: &Moment<'_>) {
        self.send(Command::Undo);
        if let Some(id) = self.history.pop() {
            self.decided.retain(|decided| decided.post != id);
            self.wanted = Some((id, moment.now));
        } else {
            self.decided.clear();
        }
        self.tell(moment, self.say(Label::DoneUndone).to_owned(), false);
    }

    pub(crate) fn pin(&mut self, moment: &Moment<'_>) {
        let Some(listed) = self.chosen_post(moment) else { return };
        let decision = listed.queued().and_then(|queued| queued.decision.as_ref());
        let pinned = !decision.is_some_and(|decision| decision.pinned);
        let post = listed.id().clone();
        self.send(Command::Pin { post, pinned });
        let word = if pinned { Label::DonePinned } else { Label::DoneUnpinned };
        self.tell(moment, self.say(word).to_owned(), false);
    }

    pub(crate) fn flag(&mut self, moment: &Moment<'_>) {
        let Some(listed) = self.chosen_post(moment) else { return };
        let post = listed.id().clone();
        let decision = listed.queued().and_then(|queued| queued.decision.as_ref());
        if decision.is_some_and(|decision| decision.flag.is_some()) {
            self.send(Command::Resolve(post));
            return self.tell(moment, self.say(Label::DoneResolved).to_owned(), false);
        }
        self.dialog = Some(Dialog::Flag { post, reason: String::new(), role: 0 });
        self.focus = Some(Field::Reason);
    }

    pub(crate) fn block(&mut self, moment: &Moment<'_>) {
        let Some(listed) = self.chosen_post(moment) else { return };
        let author = &listed.item().post.author;
        let name = author.display_name().to_owned();
        self.dialog = Some(Dialog::Block { author: author.id.clone(), name });
    }

    pub(crate) fn claim(&mut self, moment: &Moment<'_>) {
        let Some(listed) = self.chosen_post(moment) else { return };
        let post = listed.id().clone();
        let taken = listed.claimed().is_none();
        self.send(Command::Claim { post, taken });
    }

    pub(crate) fn retone(&mut self, attitude: Attitude, moment: &Moment<'_>) {
        let Some(listed) = self.chosen_post(moment) else { return };
        let post = listed.id().clone();
        let told = format!(
            "{}{}{}",
            self.say(Label::DoneRetoned),
            label::colon(self.locale),
            self.say(label::attitude(attitude))
        );
        self.send(Command::Retone { post, attitude });
        self.tell(moment, told, false);
    }

    pub(crate) fn requestion(&mut self, moment: &Moment<'_>) {
        let Some(listed) = self.chosen_post(moment) else { return };
        let post = listed.id().clone();
        let question = !listed.item().reading.question;
        self.send(Command::Requestion { post, question });
        let word = if question { Label::DoneQuestion } else { Label::DoneNoQuestion };
        self.tell(moment, self.say(word).to_owned(), false);
    }
}

/// Whether a post leaves the lane with this verdict.
fn leaves(lane: LaneName, verdict: Verdict) -> bool {
    match lane {
        LaneName::Waiting => true,
        LaneName::Stashed => verdict != Verdict::Stashed,
        LaneName::Approved => verdict != Verdict::Approved,
        LaneName::Rejected => verdict != Verdict::Rejected,
        LaneName::Live => verdict != Verdict::Approved,
        LaneName::Flagged | LaneName::Pinned => verdict == Verdict::Rejected,
    }
}
