//! Decisions of people, and how they take effect on posts.

use std::sync::Arc;

use smol_str::SmolStr;
use vigie_analysis::QuerySet;
use vigie_model::{
    AuthorId, Decision, FeedItem, Hold, Issued, Logged, PostFlag, PostId, QueryName, QueueItem,
    Refusal, Seq, Timestamp, Verdict,
};

use super::{Absent, Barred, Change, Direction, Judged, Kept, Lane, Places, Ruling};
use crate::{
    RoomState,
    digest::{AuthorKey, PostKey},
    feed::Entry,
    posts::Record,
};

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
        let before = before.map(Box::new);
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
                moderation.set_judged(key, before.map(|judged| *judged));
                let inverse = Change::Post { key, before: now.map(Box::new), left };
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
        let kept = if self.moderation.keeps(key, &places) {
            self.people.key(record.author).zip(self.item(key))
        } else {
            None
        };
        let facts = (record.at, record.n_edits, record.queries);
        match kept {
            Some(kept) => self.put(key, kept, facts, (held, places)),
            None => drop(self.moderation.desk.take(key)),
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
