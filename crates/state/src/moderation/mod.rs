//! What people and rules let through: which posts are shown, which wait, which are out of the room.
//!
//! A post that waits counts in every figure and is shown nowhere.
//! A rejected post, and every post of a blocked author, is out of the room as if it had never come,
//! and comes back to its old place when the decision is taken back.
//! A decision is about a post's id, so it holds before the post comes and after it is gone,
//! and taking decisions back does not depend on what posts are there.

mod desk;
mod gate;
mod limbo;
mod undo;

use std::sync::Arc;

use rustc_hash::FxHashMap;
use smol_str::SmolStr;
use vigie_analysis::QuerySet;
use vigie_model::{
    AuthorId, Decision, FeedItem, Hold, Issued, Logged, Micros, PostFlag, PostId, QueryName,
    QueueItem, Queues, Refusal, Seq, Timestamp, Verdict,
};

pub(crate) use self::{
    desk::{Desk, Kept, Lane, Places},
    gate::{Gate, Gates},
    limbo::{Absent, Limbo},
    undo::{Change, Direction, Undo},
};
use crate::{
    RoomState, Setup,
    digest::{AuthorKey, PostKey},
    feed::Entry,
    fifo::Fifo,
    posts::Record,
};

/// Decisions that are remembered; beyond, a post that comes again is as if nobody had decided.
const MAX_DECISIONS: usize = 1 << 16;
/// Blocked authors that are remembered.
const MAX_BARRED: usize = 1 << 14;
/// Rejected posts that can be brought back; of more, the oldest are forgotten.
const MAX_REJECTED: usize = 1_024;
/// How long a rejected post can be brought back; then its text leaves the disk.
pub const REJECTED_KEEP: Micros = 3_600 * 1_000_000;

/// What people decided of a post, and when they decided which part of it.
#[derive(Clone, Debug)]
pub(crate) struct Judged {
    id: PostId,
    decision: Decision,
    /// The text that was approved: another one waits again.
    text: Option<u64>,
    judged_at: Seq,
    flagged_at: Seq,
    pinned_at: Seq,
}

/// An author whose posts are hidden, or were.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Barred {
    is_blocked: bool,
    seq: Seq,
}

/// What the gates and the people say of a post.
pub(crate) struct Ruling {
    pub(crate) visible: QuerySet,
    held: Vec<Hold>,
    places: Places,
}

/// Everything that decides on what is shown.
#[derive(Debug)]
pub(crate) struct Moderation {
    pub(crate) gates: Gates,
    pub(crate) desk: Desk,
    pub(crate) limbo: Limbo,
    judged: Fifo<PostKey, Judged>,
    barred: Fifo<AuthorKey, Barred>,
    n_barred: u64,
    n_ruled_out: u64,
    undo: Undo,
    /// Posts that the show needs whole, whatever lane they lie in, and how often.
    on_air: FxHashMap<PostKey, u32>,
}

impl Moderation {
    pub(crate) fn new(setup: &Setup) -> Self {
        Self {
            gates: Gates::new(setup),
            desk: Desk::default(),
            limbo: Limbo::default(),
            judged: Fifo::new(MAX_DECISIONS),
            barred: Fifo::new(MAX_BARRED),
            n_barred: 0,
            n_ruled_out: 0,
            undo: Undo::default(),
            on_air: FxHashMap::default(),
        }
    }

    /// Counts a post that came, or went, where a rule hides it.
    pub(crate) fn count_ruled_out(&mut self, gate: Gate, came: bool) {
        if gate.is_ruled_out() {
            let n_posts = self.n_ruled_out;
            self.n_ruled_out = if came { n_posts + 1 } else { n_posts.saturating_sub(1) };
            self.desk.is_stale = true;
        }
    }

    /// Posts that wait for a person.
    pub(crate) fn n_held(&self) -> u64 {
        self.desk.len(Lane::Waiting) as u64
    }

    /// Whether people keep the post out of the room.
    pub(crate) fn bars(&self, post: PostKey, author: AuthorKey) -> bool {
        self.rejects(post) || self.blocks(author)
    }

    /// Whether somebody has rejected the post.
    pub(crate) fn rejects(&self, post: PostKey) -> bool {
        self.judged
            .get(post)
            .is_some_and(|judged| judged.decision.verdict == Some(Verdict::Rejected))
    }

    /// Whether somebody has blocked the author.
    pub(crate) fn blocks(&self, author: AuthorKey) -> bool {
        self.barred.get(author).is_some_and(|barred| barred.is_blocked)
    }

    /// What is to be done with the post of `record`, which is in the room.
    pub(crate) fn rule(&self, record: &Record) -> Ruling {
        let judged = self.judged.get(record.key);
        let (gate, asked) = (record.gate, record.queries);
        let held = self.gates.holds(gate, asked);
        let verdict = judged.and_then(|judged| {
            let is_other_text = judged.text.is_some_and(|text| text != record.text);
            let voids = is_other_text && judged.decision.verdict == Some(Verdict::Approved);
            judged.decision.verdict.filter(|_| !voids)
        });
        let visible = match verdict {
            _ if gate.is_closed() => QuerySet::EMPTY,
            Some(Verdict::Approved) => asked,
            Some(Verdict::Rejected | Verdict::Stashed) => QuerySet::EMPTY,
            None => self.gates.open(gate, asked),
        };
        let mut places = Places::default();
        let mut put = |lane: Lane, place: Seq| {
            if let Some(entry) = places.get_mut(lane as usize) {
                *entry = Some(place);
            }
        };
        if let Some(judged) = judged {
            match verdict {
                Some(Verdict::Approved) => put(Lane::Approved, judged.judged_at),
                Some(Verdict::Stashed) => put(Lane::Stashed, record.order),
                Some(Verdict::Rejected) => put(Lane::Rejected, judged.judged_at),
                None => {}
            }
            if judged.decision.flag.is_some() {
                put(Lane::Flagged, judged.flagged_at);
            }
            if judged.decision.pinned {
                put(Lane::Pinned, judged.pinned_at);
            }
        }
        if verdict.is_none() && !held.is_empty() {
            put(Lane::Waiting, record.order);
        }
        Ruling { visible, held, places }
    }

    /// Whether the post must be kept whole.
    fn keeps(&self, key: PostKey, places: &Places) -> bool {
        places.iter().any(Option::is_some) || self.on_air.contains_key(&key)
    }

    /// What the desk shows.
    pub(crate) fn view(&self) -> Queues {
        Queues {
            waiting: self.desk.view(Lane::Waiting),
            stashed: self.desk.view(Lane::Stashed),
            approved: self.desk.view(Lane::Approved),
            rejected: self.desk.view(Lane::Rejected),
            flagged: self.desk.view(Lane::Flagged),
            pinned: self.desk.view(Lane::Pinned),
            n_blocked_authors: self.n_barred,
            n_ruled_out: self.n_ruled_out,
        }
    }

    /// Rejected posts whose text is to be forgotten at `now`, oldest first.
    fn expired(&self, now: Timestamp) -> Vec<PostId> {
        let n_too_many = self.desk.len(Lane::Rejected).saturating_sub(MAX_REJECTED);
        let judged = self.desk.keys(Lane::Rejected).filter_map(|key| self.judged.get(key));
        judged
            .enumerate()
            .take_while(|(place, judged)| {
                *place < n_too_many || now.since(judged.decision.at) >= REJECTED_KEEP
            })
            .map(|(_, judged)| judged.id.clone())
            .collect()
    }

    fn judged_seq(&self, key: PostKey) -> Option<Seq> {
        self.judged.get(key).map(|judged| judged.decision.seq)
    }

    fn set_judged(&mut self, key: PostKey, judged: Option<Judged>) {
        match judged {
            Some(judged) => self.judged.insert(key, judged),
            None => drop(self.judged.remove(key)),
        }
    }

    fn set_barred(&mut self, key: AuthorKey, barred: Option<Barred>) {
        let was = self.blocks(key);
        match barred {
            Some(barred) => self.barred.insert(key, barred),
            None => drop(self.barred.remove(key)),
        }
        match (was, self.blocks(key)) {
            (false, true) => self.n_barred += 1,
            (true, false) => self.n_barred = self.n_barred.saturating_sub(1),
            _ => {}
        }
        self.desk.is_stale = true;
    }

    /// Notes that the show needs the post whole, or needs it no longer.
    pub(crate) fn need(&mut self, key: PostKey, is_needed: bool) {
        let n_times = self.on_air.entry(key).or_default();
        *n_times = if is_needed { n_times.saturating_add(1) } else { n_times.saturating_sub(1) };
        if *n_times == 0 {
            self.on_air.remove(&key);
        }
    }
}

/// Who decides, and when.
#[derive(Clone, Copy)]
pub(crate) struct Hand<'a> {
    by: &'a SmolStr,
    at: Timestamp,
    seq: Seq,
}

impl<'a> Hand<'a> {
    pub(crate) const fn of(issued: &'a Issued, logged: &Logged) -> Self {
        Self { by: &issued.by, at: logged.at, seq: logged.seq }
    }
}

impl RoomState {
    /// Changes what is decided of a post, notes how to take that back, and lets it take effect.
    fn decide(&mut self, hand: Hand<'_>, id: &PostId, change: impl FnOnce(&mut Judged)) {
        let key = self.keys.post(id);
        let before = self.moderation.judged.get(key).cloned();
        let mut judged = before.clone().unwrap_or_else(|| Judged {
            id: id.clone(),
            decision: Decision::default(),
            text: None,
            judged_at: hand.seq,
            flagged_at: hand.seq,
            pinned_at: hand.seq,
        });
        change(&mut judged);
        judged.decision.by = hand.by.clone();
        judged.decision.at = hand.at;
        judged.decision.seq = hand.seq;
        self.moderation.set_judged(key, Some(judged));
        let left = Some(hand.seq);
        self.moderation.undo.note(hand.by, Change::Post { key, before, left });
        self.settle(key);
    }

    /// A person's verdict on a post.
    pub(crate) fn judge(&mut self, hand: Hand<'_>, id: &PostId, verdict: Verdict) {
        let text = self.posts.find(self.keys.post(id)).map(|record| record.text);
        self.decide(hand, id, |judged| {
            judged.decision.verdict = Some(verdict);
            judged.text = text;
            judged.judged_at = hand.seq;
        });
    }

    pub(crate) fn pin(&mut self, hand: Hand<'_>, id: &PostId, pinned: bool) {
        self.decide(hand, id, |judged| {
            judged.decision.pinned = pinned;
            judged.pinned_at = hand.seq;
        });
    }

    pub(crate) fn flag(&mut self, hand: Hand<'_>, id: &PostId, flag: Option<(&SmolStr, &SmolStr)>) {
        self.decide(hand, id, |judged| {
            judged.decision.flag = flag.map(|(reason, owner)| PostFlag {
                reason: reason.clone(),
                owner: owner.clone(),
                by: hand.by.clone(),
                since: hand.at,
            });
            judged.flagged_at = hand.seq;
        });
    }

    pub(crate) fn claim(
        &mut self,
        hand: Hand<'_>,
        id: &PostId,
        taken: bool,
    ) -> Result<(), Refusal> {
        let known = self.moderation.judged.get(self.keys.post(id));
        let holder = known.and_then(|judged| judged.decision.claimed.as_ref());
        if holder.is_some_and(|holder| holder != hand.by) {
            return Err(Refusal::Taken);
        }
        self.decide(hand, id, |judged| judged.decision.claimed = taken.then(|| hand.by.clone()));
        Ok(())
    }

    pub(crate) fn block(&mut self, hand: Hand<'_>, id: &AuthorId, blocked: bool) {
        let key = self.keys.author(id);
        let before = self.moderation.barred.get(key).copied();
        self.moderation.set_barred(key, Some(Barred { is_blocked: blocked, seq: hand.seq }));
        let left = Some(hand.seq);
        self.moderation.undo.note(hand.by, Change::Author { key, before, left });
        self.settle_author(key);
    }

    /// Takes back what the person did last, or does it again. What somebody else has changed since stays.
    pub(crate) fn go(&mut self, hand: Hand<'_>, direction: Direction) -> Result<(), Refusal> {
        let change = self.moderation.undo.pop(hand.by, direction).ok_or(Refusal::NothingToUndo)?;
        let moderation = &mut self.moderation;
        match change {
            Change::Post { key, before, left } => {
                if moderation.judged_seq(key) != left {
                    return Err(Refusal::NothingToUndo);
                }
                let now = moderation.judged.get(key).cloned();
                let left = before.as_ref().map(|judged| judged.decision.seq);
                moderation.set_judged(key, before);
                let inverse = Change::Post { key, before: now, left };
                moderation.undo.note_inverse(hand.by, direction, inverse);
                self.settle(key);
            }
            Change::Author { key, before, left } => {
                let now = moderation.barred.get(key).copied();
                if now.map(|barred| barred.seq) != left {
                    return Err(Refusal::NothingToUndo);
                }
                let left = before.map(|barred| barred.seq);
                moderation.set_barred(key, before);
                let inverse = Change::Author { key, before: now, left };
                moderation.undo.note_inverse(hand.by, direction, inverse);
                self.settle_author(key);
            }
        }
        Ok(())
    }

    /// Lets what is decided of an author take effect on all of its posts.
    fn settle_author(&mut self, author: AuthorKey) {
        let mut posts = self.moderation.limbo.of_author(author);
        if let Some(number) = self.people.number(author) {
            posts.extend(self.posts.of_author(number));
        }
        for post in posts {
            self.settle(post);
        }
        if self.moderation.blocks(author) {
            self.hide_forgotten(|entry| entry.author == author);
        }
    }

    /// Lets what is decided of a post take effect.
    pub(crate) fn settle(&mut self, key: PostKey) {
        let author = self.posts.find(key).and_then(|record| self.people.key(record.author));
        if let Some(author) = author {
            if self.moderation.bars(key, author) {
                let item = self.item(key);
                if let Some(record) = self.remove(key) {
                    self.moderation.limbo.put(key, Absent { record, author, item });
                }
                self.lay_absent(key);
            } else {
                self.reshow(key);
                self.lay(key);
            }
        } else if let Some(author) = self.moderation.limbo.get(key).map(|absent| absent.author) {
            if self.moderation.bars(key, author) {
                self.lay_absent(key);
            } else if let Some(Absent { mut record, author, item }) =
                self.moderation.limbo.take(key)
            {
                self.moderation.desk.take(key);
                record.author = self.people.enter(author);
                record.answered = self.answers.first(key);
                record.merged = false;
                self.insert(record, author, item);
            }
        } else if self.moderation.rejects(key) {
            self.hide_faded(key);
        }
    }

    /// The post itself, where it is still kept whole anywhere.
    pub(crate) fn item(&self, key: PostKey) -> Option<Arc<FeedItem>> {
        let record = self.posts.find(key).and_then(|record| record.item.clone());
        let kept = || self.moderation.desk.get(key).map(|kept| Arc::clone(&kept.item));
        let shown = || self.queries.iter().find_map(|query| query.feed.item(key));
        record.or_else(kept).or_else(shown)
    }

    /// Shows a post where it is to be seen now, and nowhere else.
    fn reshow(&mut self, key: PostKey) {
        let Some(record) = self.posts.find(key) else { return };
        let wanted = self.moderation.rule(record).visible;
        let (was, order, number) = (record.visible, record.order, record.author);
        if wanted == was {
            return;
        }
        let item = self.item(key);
        let entry = item.and_then(|item| {
            let author = self.people.key(number)?;
            Some(Entry { order, post: key, author, item })
        });
        let keys = &self.keys;
        let is = |item: &FeedItem| keys.post(&item.post.id) == key;
        self.alerts.forget_posts(is);
        let mut visible = was;
        for (query_idx, query) in self.queries.iter_mut().enumerate() {
            let is_changed = match (was.contains(query_idx), wanted.contains(query_idx), &entry) {
                (true, false, _) => {
                    query.hide(order);
                    query.rising.hide(is);
                    true
                }
                (false, true, Some(entry)) => {
                    query.show(entry);
                    true
                }
                _ => false,
            };
            if is_changed {
                let bit = 1 << query_idx;
                visible = QuerySet::from_bits(visible.bits() ^ bit);
            }
        }
        if let Some(record) = self.posts.find_mut(key) {
            record.visible = visible;
        }
    }

    /// Keeps a post that came while people want it out of the room.
    pub(crate) fn keep_away(&mut self, record: Record, author: AuthorKey, item: Arc<FeedItem>) {
        let key = record.key;
        self.moderation.limbo.put(key, Absent { record, author, item: Some(item) });
        self.lay_absent(key);
    }

    /// Puts a post of the room into the lanes where it belongs.
    pub(crate) fn lay(&mut self, key: PostKey) {
        let Some(record) = self.posts.find(key) else { return };
        let Ruling { held, places, .. } = self.moderation.rule(record);
        let author = self.people.key(record.author);
        let facts = (record.at, record.n_edits, record.queries);
        let is_kept = self.moderation.keeps(key, &places);
        match (author, self.item(key).filter(|_| is_kept)) {
            (Some(author), Some(item)) => self.put(key, (author, item), facts, (held, places)),
            _ => drop(self.moderation.desk.take(key)),
        }
    }

    /// Puts a post that is out of the room into the lane of the rejected ones, where it was rejected.
    fn lay_absent(&mut self, key: PostKey) {
        let Some(absent) = self.moderation.limbo.get(key) else { return };
        let record = &absent.record;
        let facts = (record.at, record.n_edits, record.queries);
        let found = absent.item.clone().filter(|_| self.moderation.rejects(key));
        let mut ruling = self.moderation.rule(record);
        for lane in [Lane::Waiting, Lane::Flagged, Lane::Pinned] {
            if let Some(place) = ruling.places.get_mut(lane as usize) {
                *place = None;
            }
        }
        let author = absent.author;
        match found {
            Some(item) => self.put(key, (author, item), facts, (ruling.held, ruling.places)),
            None => drop(self.moderation.desk.take(key)),
        }
    }

    fn put(
        &mut self,
        key: PostKey,
        (author, item): (AuthorKey, Arc<FeedItem>),
        (entered, n_edits, queries): (Timestamp, u64, QuerySet),
        (held, places): (Vec<Hold>, Places),
    ) {
        let name = |query_idx: usize| self.queries.get(query_idx).map(|query| query.name.clone());
        let queries: Vec<QueryName> = queries.iter().filter_map(name).collect();
        let decision = self.moderation.judged.get(key).map(|judged| judged.decision.clone());
        let view = Arc::new(QueueItem {
            item: Arc::clone(&item),
            entered,
            n_edits,
            queries,
            held,
            decision,
        });
        let on_air = self.moderation.on_air.contains_key(&key);
        let kept = Kept { author, item, view, places, on_air };
        self.moderation.desk.put(key, kept);
    }

    /// Rejected posts whose text is to be forgotten by now: whoever keeps the log issues a
    /// [`Forget`](vigie_model::Command::Forget) for each.
    #[must_use]
    pub fn expired_rejections(&self) -> Vec<PostId> {
        self.moderation.expired(self.now)
    }
}
