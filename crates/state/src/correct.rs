//! What people say of posts that the analysis read otherwise.
//!
//! A correction holds for the text that the person read. It goes through the same road as an edit: the post is taken
//! out of everything that it was counted in, and counted again as what it was said to be.

use std::sync::Arc;

use vigie_analysis::QuerySet;
use vigie_model::{Attitude, FeedItem, Post, PostId, Reading, Tone};

use crate::{RoomState, digest::PostKey, posts::Class};

/// Posts with corrections that are remembered; 40 bytes each.
pub const MAX_CORRECTED: usize = 1 << 16;

/// What people say of one post.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Correction {
    /// The text that they read, as a hash.
    text: u64,
    attitude: Option<Attitude>,
    question: Option<bool>,
}

impl Correction {
    fn apply(&self, reading: &mut Reading) {
        if let Some(attitude) = self.attitude {
            reading.tone = said(attitude);
        }
        if let Some(question) = self.question {
            reading.question = question;
        }
    }
}

/// The tone of a post that a person has read: sure, and as clear as can be.
const fn said(attitude: Attitude) -> Tone {
    let score = match attitude {
        Attitude::Negative => -1.0,
        Attitude::Neutral => 0.0,
        Attitude::Positive => 1.0,
    };
    Tone { attitude, score, unsure: false }
}

impl RoomState {
    /// A person says how a post feels.
    pub(crate) fn retone(&mut self, id: &PostId, attitude: Attitude) {
        self.correct(id, |correction| correction.attitude = Some(attitude));
    }

    /// A person says whether a post asks something.
    pub(crate) fn requestion(&mut self, id: &PostId, question: bool) {
        self.correct(id, |correction| correction.question = Some(question));
    }

    /// What `reading` and the queries of `post` are after what people said of this text.
    pub(crate) fn corrected(
        &self,
        (key, text): (PostKey, u64),
        post: &Post,
        reading: &Reading,
        asked: QuerySet,
    ) -> Option<(Arc<Reading>, QuerySet)> {
        let correction = self.corrections.get(key).filter(|correction| correction.text == text)?;
        let mut reading = reading.clone();
        correction.apply(&mut reading);
        let matcher = self.matcher.as_ref().filter(|_| !asked.is_empty());
        let asked = matcher.map_or(asked, |matcher| matcher.matches(post, &reading));
        Some((Arc::new(reading), asked))
    }

    fn correct(&mut self, id: &PostId, change: impl FnOnce(&mut Correction)) {
        let key = self.keys.post(id);
        let Some(record) = self.posts.find(key) else { return };
        let (text, queries) = (record.text, record.queries);
        let correction = self.corrections.entry(key);
        if correction.text != text {
            *correction = Correction { text, ..Correction::default() };
        }
        change(correction);
        let correction = *correction;
        match self.item(key) {
            Some(item) => self.reread(key, &item, correction),
            None => self.reclass(key, queries, correction),
        }
    }

    /// Counts a post again as what it was said to be, in the queries that it answers now.
    fn reread(&mut self, key: PostKey, item: &FeedItem, correction: Correction) {
        let mut reading = Reading::clone(&item.reading);
        correction.apply(&mut reading);
        let Some(known) = self.remove(key) else { return };
        let matcher = self.matcher.as_ref();
        let matches = matcher.map(|matcher| matcher.matches(&item.post, &reading));
        self.replace(&known, &item.post, &Arc::new(reading), matches);
    }

    /// The same for a post of which only the counts are left.
    fn reclass(&mut self, key: PostKey, queries: QuerySet, correction: Correction) {
        let Some(record) = self.posts.find_mut(key) else { return };
        for query_idx in queries.iter() {
            if let Some(query) = self.queries.get_mut(query_idx) {
                query.recount(record, &self.today, false);
            }
        }
        if let Some(attitude) = correction.attitude {
            record.class = Class::of_tone(&said(attitude));
        }
        if let Some(question) = correction.question {
            record.question = question;
        }
        let counted = record.counted;
        for query_idx in queries.iter() {
            if let Some(query) = self.queries.get_mut(query_idx) {
                query.recount(record, &self.today, true);
            }
        }
        self.note_yesterday(counted);
    }
}
