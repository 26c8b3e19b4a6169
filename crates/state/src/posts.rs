//! What is kept of every post, so that it can be taken away again without a trace.

use std::{
    collections::{BTreeMap, VecDeque},
    ops::Range,
    sync::Arc,
};

use vigie_analysis::QuerySet;
use vigie_model::{Attitude, FeedItem, Reading, Seq, Timestamp, Tone};

use crate::{digest::PostKey, moderation::Gate, people::AuthorNo, places::Places, terms::TermNo};

/// Posts that can still be subtracted; about 200 bytes each, 100 MB in all.
///
/// A crisis day has 15,000 posts; at 10,000 posts a second this is nearly a minute.
pub const MAX_POSTS: usize = 1 << 19;
/// Posts that are kept whole, as samples of trends; about a kilobyte each.
pub const MAX_SAMPLED: usize = 1 << 13;

/// A post's place in the order of coming. It wraps around, which the limits above make harmless.
pub(crate) type PostNo = u32;

/// The class that a post counts in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    Negative,
    Neutral,
    Positive,
    Unsure,
}

impl Class {
    pub(crate) const fn of(reading: &Reading) -> Self {
        Self::of_tone(&reading.tone)
    }

    pub(crate) const fn of_tone(tone: &Tone) -> Self {
        match (tone.unsure, tone.attitude) {
            (true, _) => Self::Unsure,
            (false, Attitude::Negative) => Self::Negative,
            (false, Attitude::Neutral) => Self::Neutral,
            (false, Attitude::Positive) => Self::Positive,
        }
    }
}

/// What is kept of a post: everything that it was counted as, since that is what must be subtracted.
#[derive(Clone, Debug)]
pub(crate) struct Record {
    pub(crate) key: PostKey,
    pub(crate) author: AuthorNo,
    /// The place of its first version in the log, and so its place in feeds.
    pub(crate) order: Seq,
    /// When its first version entered the log.
    pub(crate) at: Timestamp,
    /// The instant that it counts at: its publication, but not later than `at`.
    pub(crate) counted: Timestamp,
    pub(crate) received: Timestamp,
    pub(crate) queries: QuerySet,
    pub(crate) source: u16,
    pub(crate) network: u16,
    pub(crate) class: Class,
    pub(crate) question: bool,
    /// Whether an account of the brand wrote it.
    pub(crate) own: bool,
    /// What speaks for or against showing it.
    pub(crate) gate: Gate,
    /// The queries that show it, among those that it answers.
    pub(crate) visible: QuerySet,
    /// Texts that it had before this one.
    pub(crate) n_edits: u64,
    pub(crate) text: u64,
    pub(crate) content: u64,
    /// When the brand first replied to it.
    pub(crate) answered: Option<Timestamp>,
    /// When the brand first took it up in a post of its own that quotes it.
    pub(crate) taken_up: Option<Timestamp>,
    /// The place of its language among those of the room.
    pub(crate) language: u8,
    /// Where it is the brand's: the post that it replies to.
    pub(crate) reply_to: Option<Box<PostKey>>,
    /// Where it is the brand's: the post that it quotes.
    pub(crate) quote_of: Option<Box<PostKey>>,
    pub(crate) terms: Box<[TermNo]>,
    /// Whether `terms` are counted yet.
    pub(crate) merged: bool,
    pub(crate) item: Option<Arc<FeedItem>>,
}

impl Record {
    /// Whether it may be seen wherever it belongs.
    pub(crate) fn is_public(&self) -> bool {
        self.visible == self.queries
    }

    /// The minute that it counts in.
    pub(crate) fn minute(&self) -> i64 {
        minute(self.counted)
    }
}

/// Whole minutes since 1970 began.
pub(crate) fn minute(at: Timestamp) -> i64 {
    at.as_secs().div_euclid(60)
}

/// The posts that can still be subtracted, in the order of coming.
#[derive(Debug)]
pub(crate) struct Posts {
    /// Deleted posts leave their slot empty.
    slots: VecDeque<Option<Record>>,
    max_slots: usize,
    /// The number of the first slot.
    first: PostNo,
    places: Places,
    /// Numbers by minute, where something asks for past days.
    minutes: Option<BTreeMap<i64, VecDeque<PostNo>>>,
    /// The newest instant that posts were counted at when they were forgotten.
    forgotten: Option<Timestamp>,
}

impl Posts {
    pub(crate) fn new(max_slots: usize, with_minutes: bool) -> Self {
        Self {
            max_slots,
            slots: VecDeque::new(),
            first: 0,
            places: Places::default(),
            minutes: with_minutes.then(BTreeMap::new),
            forgotten: None,
        }
    }

    /// Adds a post; where there are too many then, gives back the oldest.
    pub(crate) fn push(&mut self, record: Record) -> (PostNo, Option<Record>) {
        let number = self.end();
        self.places.insert(record.key.hash(), number);
        if let Some(minutes) = &mut self.minutes {
            minutes.entry(record.minute()).or_default().push_back(number);
        }
        self.slots.push_back(Some(record));
        if let Some(sampled) = self.slots.len().checked_sub(MAX_SAMPLED + 1)
            && let Some(Some(record)) = self.slots.get_mut(sampled)
        {
            record.item = None;
        }
        let forgotten = if self.slots.len() > self.max_slots { self.pop() } else { None };
        (number, forgotten)
    }

    fn pop(&mut self) -> Option<Record> {
        let number = self.first;
        let record = self.slots.pop_front()?;
        self.first = self.first.wrapping_add(1);
        let record = record?;
        if let Some(numbers) =
            self.minutes.as_mut().and_then(|minutes| minutes.get_mut(&record.minute()))
        {
            // Numbers of deleted posts lie before it; they lead nowhere.
            while numbers.front().is_some_and(|first| first.wrapping_sub(number).cast_signed() <= 0)
            {
                numbers.pop_front();
            }
        }
        self.places.remove(record.key.hash(), number);
        self.forgotten = self.forgotten.max(Some(record.counted));
        Some(record)
    }

    /// Takes a post out.
    pub(crate) fn take(&mut self, key: PostKey) -> Option<Record> {
        let number = self.number(key)?;
        self.places.remove(key.hash(), number);
        let record = self.slot_mut(number)?.take();
        while let Some(None) = self.slots.front() {
            self.slots.pop_front();
            self.first = self.first.wrapping_add(1);
        }
        record
    }

    /// The number of a post that is here.
    pub(crate) fn number(&self, key: PostKey) -> Option<PostNo> {
        let is = |number: PostNo| self.get(number).is_some_and(|record| record.key == key);
        self.places.get(key.hash(), is)
    }

    pub(crate) fn find(&self, key: PostKey) -> Option<&Record> {
        self.get(self.number(key)?)
    }

    pub(crate) fn find_mut(&mut self, key: PostKey) -> Option<&mut Record> {
        let number = self.number(key)?;
        self.get_mut(number)
    }

    pub(crate) fn get(&self, number: PostNo) -> Option<&Record> {
        self.slots.get(number.wrapping_sub(self.first) as usize)?.as_ref()
    }

    pub(crate) fn get_mut(&mut self, number: PostNo) -> Option<&mut Record> {
        self.slot_mut(number)?.as_mut()
    }

    fn slot_mut(&mut self, number: PostNo) -> Option<&mut Option<Record>> {
        self.slots.get_mut(number.wrapping_sub(self.first) as usize)
    }

    /// The number that the next post gets.
    pub(crate) fn end(&self) -> PostNo {
        self.first.wrapping_add(u32::try_from(self.slots.len()).unwrap_or(u32::MAX))
    }

    /// `number`, or the first that is still here.
    pub(crate) fn at_least_first(&self, number: PostNo) -> PostNo {
        let age = self.end().wrapping_sub(number) as usize;
        if age > self.slots.len() { self.first } else { number }
    }

    /// The keys of all posts of an author, oldest first.
    pub(crate) fn of_author(&self, author: AuthorNo) -> Vec<PostKey> {
        let records = self.slots.iter().flatten();
        records.filter(|record| record.author == author).map(|record| record.key).collect()
    }

    /// The posts that are kept whole.
    pub(crate) fn sampled_mut(&mut self) -> impl Iterator<Item = &mut Record> {
        self.slots.iter_mut().rev().take(MAX_SAMPLED).flatten()
    }

    /// All posts, newest first.
    pub(crate) fn newest(&self) -> impl Iterator<Item = &Record> {
        self.slots.iter().rev().flatten()
    }

    /// The posts that count in `minutes`, in no order.
    pub(crate) fn in_minutes(&self, minutes: Range<i64>) -> impl Iterator<Item = &Record> {
        // A map takes no range that ends before it starts.
        let range = minutes.start..minutes.end.max(minutes.start);
        self.minutes
            .iter()
            .flat_map(move |index| index.range(range.clone()))
            .flat_map(|(_, numbers)| numbers)
            .filter_map(|number| self.get(*number))
    }

    /// Forgets which posts count in minutes before `minute`.
    pub(crate) fn drop_minutes_before(&mut self, minute: i64) {
        if let Some(minutes) = &mut self.minutes {
            *minutes = minutes.split_off(&minute);
        }
    }

    /// Whether posts came that are not here any more, though nobody deleted them.
    pub(crate) const fn has_forgotten(&self) -> bool {
        self.forgotten.is_some()
    }

    /// Whether all posts that count at `at` or later are still here.
    pub(crate) fn reach_back_to(&self, at: Timestamp) -> bool {
        self.forgotten.is_none_or(|forgotten| forgotten < at)
    }
}
