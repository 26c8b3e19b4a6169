//! The counters of a query over a day, kept so that every post can be taken out again.

use rustc_hash::FxHashMap;
use vigie_analysis::{Measure, Subject, Tally};
use vigie_model::{KpiValue, Micros, Timestamp};

use crate::{
    heard::Heard,
    people::AuthorNo,
    posts::{Class, Record},
};

/// Reply times that percentiles are made of; 8 bytes each. Beyond, the first ones of the day stand for all.
const MAX_REPLY_TIMES: usize = 1 << 16;

/// The counters of a query over a day.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    tally: Tally,
    authors: Crowd,
    answered_authors: Crowd,
    posts_heard: Heard,
    answers_heard: Heard,
    sparks_heard: Heard,
}

/// What the room knows from outside the networks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Outside {
    pub(crate) n_engaged: Option<u64>,
    pub(crate) n_reached: Option<u64>,
    /// The older of the moments that these are true for.
    pub(crate) as_of: Option<Timestamp>,
}

/// What of a post counts in a ledger, as of some instant.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fact {
    author: AuthorNo,
    class: Class,
    question: bool,
    own: bool,
    received: Timestamp,
    counted: Timestamp,
    answered: Option<Timestamp>,
    taken_up: Option<Timestamp>,
}

impl Fact {
    /// What `record` is, leaving out replies that came at `until` or later.
    pub(crate) fn of(record: &Record, until: Timestamp) -> Self {
        Self {
            author: record.author,
            class: record.class,
            question: record.question,
            own: record.own,
            received: record.received,
            counted: record.counted,
            answered: record.answered.filter(|at| *at < until),
            taken_up: record.taken_up.filter(|at| *at < until),
        }
    }

    fn waited(&self, answered: Timestamp) -> Micros {
        answered.since(self.counted).max(0)
    }
}

impl Ledger {
    pub(crate) fn add(&mut self, fact: &Fact) {
        self.posts_heard.add(fact.received);
        if fact.own {
            self.tally.n_own += 1;
            return;
        }
        self.tally.n_posts += 1;
        *class_mut(&mut self.tally, fact.class) += 1;
        self.tally.n_questions += u64::from(fact.question);
        self.tally.n_authors = self.authors.add(fact.author);
        if let Some(taken_up) = fact.taken_up {
            self.sparks_heard.add(taken_up);
            put(&mut self.tally.spark_times, fact.waited(taken_up));
        }
        let Some(answered) = fact.answered else { return };
        self.tally.n_answered += 1;
        self.tally.n_questions_answered += u64::from(fact.question);
        self.tally.n_people_answered = self.answered_authors.add(fact.author);
        self.answers_heard.add(answered);
        put(&mut self.tally.reply_times, fact.waited(answered));
        put(&mut self.tally.reply_waits, answered.since(fact.received).max(0));
    }

    pub(crate) fn subtract(&mut self, fact: &Fact) {
        self.posts_heard.subtract(fact.received);
        if fact.own {
            take_one(&mut self.tally.n_own);
            return;
        }
        take_one(&mut self.tally.n_posts);
        take_one(class_mut(&mut self.tally, fact.class));
        self.tally.n_authors = self.authors.subtract(fact.author);
        if fact.question {
            take_one(&mut self.tally.n_questions);
        }
        if let Some(taken_up) = fact.taken_up {
            self.sparks_heard.subtract(taken_up);
            take(&mut self.tally.spark_times, fact.waited(taken_up));
        }
        let Some(answered) = fact.answered else { return };
        take_one(&mut self.tally.n_answered);
        if fact.question {
            take_one(&mut self.tally.n_questions_answered);
        }
        self.tally.n_people_answered = self.answered_authors.subtract(fact.author);
        self.answers_heard.subtract(answered);
        take(&mut self.tally.reply_times, fact.waited(answered));
        take(&mut self.tally.reply_waits, answered.since(fact.received).max(0));
    }

    /// Keeps counting a post that is forgotten.
    pub(crate) fn freeze(&mut self, fact: &Fact) {
        if !fact.own {
            self.authors.freeze(fact.author);
            if fact.answered.is_some() {
                self.answered_authors.freeze(fact.author);
            }
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.tally == Tally::default()
    }

    /// The figure; `outside` are people engaged and people reached, where the room knows them.
    pub(crate) fn figure(&self, measure: &Measure, outside: &Outside) -> KpiValue {
        if measure.subject != Subject::Figures {
            return (measure.figure)(&self.tally);
        }
        let Outside { n_engaged, n_reached, .. } = *outside;
        (measure.figure)(&Tally { n_engaged, n_reached, ..Tally::default() })
    }

    /// When the last event that counts in `measure` happened, to the second.
    pub(crate) fn as_of(&self, measure: &Measure) -> Option<Timestamp> {
        match measure.subject {
            Subject::Posts => self.posts_heard.last(),
            Subject::Answers => self.answers_heard.last(),
            Subject::Sparks => self.sparks_heard.last(),
            // Who brought the figures knows.
            Subject::Figures => None,
        }
    }
}

/// The counter of a class.
const fn class_mut(tally: &mut Tally, class: Class) -> &mut u64 {
    match class {
        Class::Negative => &mut tally.n_negative,
        Class::Neutral => &mut tally.n_neutral,
        Class::Positive => &mut tally.n_positive,
        Class::Unsure => &mut tally.n_unsure,
    }
}

/// Puts a time into its place.
fn put(ascending: &mut Vec<Micros>, time: Micros) {
    if ascending.len() < MAX_REPLY_TIMES {
        ascending.insert(ascending.partition_point(|known| *known < time), time);
    }
}

/// Takes a time out that was put in.
fn take(ascending: &mut Vec<Micros>, time: Micros) {
    if let Ok(place) = ascending.binary_search(&time) {
        ascending.remove(place);
    }
}

fn take_one(count: &mut u64) {
    debug_assert!(*count > 0, "only what was added is subtracted");
    *count = count.saturating_sub(1);
}

/// Distinct authors, each with the posts that make it one.
#[derive(Debug, Default)]
struct Crowd {
    n_posts: FxHashMap<AuthorNo, u32>,
    /// Authors all of whose posts are forgotten.
    n_frozen: u64,
}

impl Crowd {
    fn add(&mut self, author: AuthorNo) -> u64 {
        *self.n_posts.entry(author).or_default() += 1;
        self.len()
    }

    fn subtract(&mut self, author: AuthorNo) -> u64 {
        self.drop_one(author);
        self.len()
    }

    fn freeze(&mut self, author: AuthorNo) {
        if self.drop_one(author) {
            self.n_frozen += 1;
        }
    }

    /// Takes one post away; true where it was the author's last.
    fn drop_one(&mut self, author: AuthorNo) -> bool {
        let Some(n_posts) = self.n_posts.get_mut(&author) else { return false };
        *n_posts = n_posts.saturating_sub(1);
        let gone = *n_posts == 0;
        if gone {
            self.n_posts.remove(&author);
        }
        gone
    }

    fn len(&self) -> u64 {
        self.n_posts.len() as u64 + self.n_frozen
    }
}
