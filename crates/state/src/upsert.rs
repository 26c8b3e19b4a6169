//! Posts come, change and go.

use std::sync::Arc;

use vigie_analysis::QuerySet;
use vigie_model::{
    Author, FeedItem, Label, Language, Logged, Network, Post, PostId, Reading, Seq, Timestamp,
};

use crate::{
    RoomState,
    digest::{AuthorKey, PostKey},
    feed::{self, Entry, FEED_RESERVE},
    posts::{Class, Record, minute},
};

/// Posts that feeds show although they are forgotten, twice as many as all feeds of a room can show:
/// then those that are shown no more are swept out.
const MAX_FADED: usize = 4 * FEED_RESERVE * vigie_analysis::MAX_QUERIES;
/// Networks that figures are split by; posts of more count in the sums only.
const MAX_NETWORKS: usize = 64;
/// Languages that moods are split by; more than the analysis knows.
const MAX_LANGUAGES: usize = 254;

/// What an edit takes over from the text before.
struct Past {
    order: Seq,
    at: Timestamp,
    counted: Timestamp,
    received: Timestamp,
    n_edits: u64,
}

/// What two versions of a post are compared by.
#[derive(Clone, Copy)]
struct Prints {
    text: u64,
    content: u64,
}

impl RoomState {
    /// A post is new, or says something else now.
    pub(crate) fn upsert(
        &mut self,
        logged: &Logged,
        post: &Arc<Post>,
        reading: &Reading,
        asked: QuerySet,
    ) {
        let key = self.keys.post(&post.id);
        let author = self.keys.author(&post.author.id);
        let is_purged = self.purged.get(author).is_some_and(|until| post.published <= *until);
        if is_purged || self.graves.contains(key) {
            return;
        }
        let post = &self.people.introduce(author, post);
        let text = self.keys.content(&post.text);
        let corrected = self.corrected((key, text), post, reading, asked);
        let (reading, asked) =
            corrected.as_ref().map_or((reading, asked), |(reading, asked)| (reading, *asked));
        let prints = Prints { text, content: self.keys.content(contents(post, text, asked)) };
        if self.posts.find(key).is_some_and(|known| known.content == prints.content) {
            return;
        }
        let known = self.remove(key);
        if asked.is_empty() {
            return;
        }
        let past = match known {
            Some(known) => Past {
                order: known.order,
                at: known.at,
                counted: known.counted,
                received: known.received,
                n_edits: known.n_edits + u64::from(known.text != text),
            },
            None => Past {
                order: logged.seq,
                at: logged.at,
                counted: post.published.min(logged.at),
                received: post.received,
                n_edits: 0,
            },
        };
        let record = self.record((key, author), &past, (post, reading), (prints, asked));
        self.insert(record, author, post, reading);
    }

    /// Puts a post back that was taken out, as what it is read as now.
    pub(crate) fn replace(
        &mut self,
        known: &Record,
        post: &Arc<Post>,
        reading: &Reading,
        asked: QuerySet,
    ) {
        let author = self.keys.author(&post.author.id);
        let past = Past {
            order: known.order,
            at: known.at,
            counted: known.counted,
            received: known.received,
            n_edits: known.n_edits,
        };
        let text = self.keys.content(&post.text);
        let prints = Prints { text, content: self.keys.content(contents(post, text, asked)) };
        let record = self.record((known.key, author), &past, (post, reading), (prints, asked));
        self.insert(record, author, post, reading);
    }

    fn record(
        &mut self,
        (key, author): (PostKey, AuthorKey),
        past: &Past,
        (post, reading): (&Post, &Reading),
        (prints, asked): (Prints, QuerySet),
    ) -> Record {
        let own = self.people.is_own(&post.author);
        // Only the brand's own posts answer anything.
        let target = |id: &Option<PostId>| {
            id.as_ref().filter(|_| own).map(|target| Box::new(self.keys.post(target)))
        };
        let (reply_to, quote_of) = (target(&post.reply_to), target(&post.quote_of));
        Record {
            key,
            author: self.people.enter(author),
            order: past.order,
            at: past.at,
            counted: past.counted,
            received: past.received,
            queries: asked,
            source: self.sources.place(&post.source),
            network: self.network(&post.id.network),
            class: Class::of(reading),
            question: reading.question,
            own,
            hidden: post.labels.iter().any(Label::hides),
            n_edits: past.n_edits,
            text: prints.text,
            content: prints.content,
            answered: self.answers.first(key),
            taken_up: self.sparks.first(key),
            language: self.language(&reading.language),
            reply_to,
            quote_of,
            terms: Box::default(),
            merged: false,
            item: None,
        }
    }

    fn insert(
        &mut self,
        mut record: Record,
        author: AuthorKey,
        post: &Arc<Post>,
        reading: &Reading,
    ) {
        let item = Arc::new(FeedItem::new(Arc::clone(post), reading.clone()));
        let has_trends = |query_idx| {
            self.queries.get::<usize>(query_idx).is_some_and(crate::query::QueryState::wants_terms)
        };
        if !record.own && record.queries.iter().any(has_trends) {
            record.terms = self.names.intern(&reading.terms, minute(self.now));
        }
        let entry = Entry { order: record.order, post: record.key, author, item };
        let shown = (!record.hidden).then_some(&entry);
        let number = self.posts.end();
        for query_idx in record.queries.iter() {
            if let Some(query) = self.queries.get_mut(query_idx) {
                query.add(&record, &self.today, shown);
                query.rising.add(number, &record, reading);
            }
        }
        self.note_yesterday(record.counted);
        self.counters.n_posts += 1;
        self.counters.n_edits += record.n_edits;
        if let Some(source) = self.sources.get_mut(record.source) {
            let times = (record.counted, record.received);
            source.add_post(record.order, record.at, times);
        }
        let answer = record.own.then(|| record.reply_to.as_deref().copied()).flatten();
        if let Some(target) = answer {
            self.answers.add(target, record.key, record.counted);
        }
        let spark = record.own.then(|| record.quote_of.as_deref().copied()).flatten();
        if let Some(target) = spark {
            self.sparks.add(target, record.key, record.counted);
        }
        record.item = Some(entry.item);
        let (_, forgotten) = self.posts.push(record);
        for target in [answer, spark].into_iter().flatten() {
            self.refresh_answer(target);
        }
        if let Some(forgotten) = forgotten {
            self.forget(&forgotten);
        }
        if self.names.is_full() {
            self.names.prune();
        }
    }

    /// Takes a post away as if it had never been, for good.
    pub(crate) fn delete(&mut self, key: PostKey) {
        self.graves.insert(key, ());
        self.corrections.remove(key);
        if self.remove(key).is_some() {
            self.counters.n_deleted += 1;
        }
    }

    /// Takes all posts of an author away.
    pub(crate) fn delete_author(&mut self, key: AuthorKey) {
        if let Some(number) = self.people.number(key) {
            for post in self.posts.of_author(number) {
                self.corrections.remove(post);
                if self.remove(post).is_some() {
                    self.counters.n_deleted += 1;
                }
            }
        }
        self.hide_forgotten(|entry| entry.author == key);
    }

    /// Takes a post out of everything that it was counted in.
    pub(crate) fn remove(&mut self, key: PostKey) -> Option<Record> {
        let number = self.posts.number(key).unwrap_or_default();
        let Some(record) = self.posts.take(key) else {
            self.hide_faded(key);
            return None;
        };
        let keys = &self.keys;
        let is = |item: &FeedItem| keys.post(&item.post.id) == key;
        for query_idx in record.queries.iter() {
            if let Some(query) = self.queries.get_mut(query_idx) {
                query.subtract(&record, &self.today);
                query.rising.take(number, &record, is);
            }
        }
        self.alerts.forget_posts(is);
        self.note_yesterday(record.counted);
        self.counters.n_posts = self.counters.n_posts.saturating_sub(1);
        self.counters.n_edits = self.counters.n_edits.saturating_sub(record.n_edits);
        self.people.leave(record.author);
        if let Some(source) = self.sources.get_mut(record.source) {
            source.remove_post(record.order, record.at);
        }
        if let Some(target) = record.reply_to.as_deref().filter(|_| record.own) {
            self.answers.remove(*target, record.key);
            self.refresh_answer(*target);
        }
        if let Some(target) = record.quote_of.as_deref().filter(|_| record.own) {
            self.sparks.remove(*target, record.key);
            self.refresh_answer(*target);
        }
        Some(record)
    }

    /// Takes a post off the feeds of which nothing else is known any more.
    fn hide_faded(&mut self, key: PostKey) {
        let Some((order, queries)) = self.faded.remove(&key) else { return };
        for query_idx in queries.iter() {
            if let Some(query) = self.queries.get_mut(query_idx) {
                query.feed.hide(order);
                query.stale.feed = true;
            }
        }
    }

    /// Remembers which feeds still show a post that is forgotten, so that one that was never here costs no search.
    fn fade(&mut self, record: &Record) {
        let queries = &self.queries;
        let shown = |order: Seq, asked: QuerySet| -> QuerySet {
            let is_shown = |query_idx: &usize| {
                queries.get(*query_idx).is_some_and(|query| query.feed.shows(order))
            };
            asked.iter().filter(is_shown).collect()
        };
        let showing = shown(record.order, record.queries);
        if showing.is_empty() {
            return;
        }
        if self.faded.len() >= MAX_FADED {
            self.faded.retain(|_, (order, asked)| !shown(*order, *asked).is_empty());
        }
        self.faded.insert(record.key, (record.order, showing));
    }

    /// Takes posts off the feeds of which nothing else is known any more.
    fn hide_forgotten(&mut self, is: impl Fn(&Entry) -> bool) {
        if !self.posts.has_forgotten() {
            return;
        }
        for query in &mut self.queries {
            for order in query.feed.find(&is) {
                query.feed.hide(order);
                query.stale.feed = true;
            }
        }
    }

    /// A post is too old to be taken out again: it stays counted.
    fn forget(&mut self, record: &Record) {
        for query_idx in record.queries.iter() {
            if let Some(query) = self.queries.get_mut(query_idx) {
                query.freeze(record, &self.today);
            }
        }
        self.fade(record);
        self.people.leave(record.author);
    }

    /// Counts a post again whose first reply, or first quote, came or went.
    fn refresh_answer(&mut self, target: PostKey) {
        let (answered, taken_up) = (self.answers.first(target), self.sparks.first(target));
        let Some(record) = self.posts.find_mut(target) else { return };
        if (record.answered, record.taken_up) == (answered, taken_up) {
            return;
        }
        for query_idx in record.queries.iter() {
            if let Some(query) = self.queries.get_mut(query_idx) {
                query.count_figures(record, &self.today, false);
            }
        }
        (record.answered, record.taken_up) = (answered, taken_up);
        let counted = record.counted;
        for query_idx in record.queries.iter() {
            if let Some(query) = self.queries.get_mut(query_idx) {
                query.count_figures(record, &self.today, true);
            }
        }
        self.note_yesterday(counted);
    }

    /// Yesterday's figures must be made anew where one of its posts came or went.
    pub(crate) fn note_yesterday(&mut self, counted: Timestamp) {
        if self.yesterday.contains(counted) {
            self.previous_minute = None;
        }
    }

    /// Puts an author's new name under the posts that are shown.
    pub(crate) fn rename(&mut self, key: AuthorKey, author: &Arc<Author>) {
        for query in &mut self.queries {
            query.stale.feed |= query.feed.rename(key, author);
        }
        let Some(number) = self.people.number(key) else { return };
        let mut changed = false;
        for record in self.posts.sampled_mut().filter(|record| record.author == number) {
            if let Some(item) = &mut record.item {
                changed |= feed::rename(item, author);
            }
        }
        for query in &mut self.queries {
            query.stale.trends |= changed;
            if changed {
                query.rising.touch();
            }
        }
    }

    /// The place of a language; languages beyond the limit share the last one.
    fn language(&mut self, language: &Language) -> u8 {
        let place = self.languages.iter().position(|known| known == language);
        let place = place.unwrap_or_else(|| {
            if self.languages.len() < MAX_LANGUAGES {
                self.languages.push(language.clone());
            }
            self.languages.len() - 1
        });
        u8::try_from(place).unwrap_or(u8::MAX)
    }

    fn network(&mut self, network: &Network) -> u16 {
        let place = self.networks.iter().position(|known| known == network).unwrap_or_else(|| {
            if self.networks.len() < MAX_NETWORKS {
                self.networks.push(network.clone());
                self.networks.len() - 1
            } else {
                MAX_NETWORKS
            }
        });
        u16::try_from(place).unwrap_or(u16::MAX)
    }
}

/// What makes two versions of a post the same for the room. When and by which source it came does not.
/// `text` is the number of its text.
fn contents(post: &Post, text: u64, asked: QuerySet) -> impl std::hash::Hash + use<'_> {
    let author = (&post.author.handle, &post.author.name, &post.author.avatar);
    let spans = post.spans.iter().map(|span| (span.start, span.end)).collect::<Vec<_>>();
    let media = post.media.iter().map(|media| (&media.picture, &media.description));
    let labels = post.labels.iter().map(Label::hides).collect::<Vec<_>>();
    let links = (post.reply_to.is_some(), post.quote_of.is_some(), post.repost_of.is_some());
    let media = media.collect::<Vec<_>>();
    (text, post.edited.map(Timestamp::as_micros), author, spans, media, labels, links, asked)
}
