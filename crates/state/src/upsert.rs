//! Posts come, change and go.

use std::{
    hash::{Hash, Hasher},
    sync::Arc,
};

use vigie_analysis::QuerySet;
use vigie_model::{
    Author, FeedItem, Language, Logged, Network, Post, PostId, Reading, Seq, Timestamp,
};

use crate::{
    RoomState,
    digest::{AuthorKey, PostKey},
    feed::{self, Entry, FEED_RESERVE},
    moderation::Gate,
    people::AuthorNo,
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
    /// What speaks for or against showing it.
    gate: Gate,
}

impl RoomState {
    /// A post is new, or says something else now.
    pub(crate) fn upsert(
        &mut self,
        logged: &Logged,
        post: &Arc<Post>,
        reading: &Arc<Reading>,
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
        let (gate, asked) = self.gated(post, reading, asked);
        let content = self.keys.content(Contents { post, text, asked, gate });
        let prints = Prints { text, content, gate };
        let known = match self.known(key) {
            Some(known) if known.content == content => return,
            Some(_) => self.remove(key).or_else(|| self.recall(key)),
            None => {
                self.hide_faded(key);
                self.recall(key)
            }
        };
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
        let record = self.record(key, &past, (post, reading), (prints, asked));
        self.admit(record, author, post, reading);
    }

    /// What is known of a post that came before.
    fn known(&self, key: PostKey) -> Option<&Record> {
        let absent = || self.moderation.limbo.get(key).map(|absent| &absent.record);
        self.posts.find(key).or_else(absent)
    }

    /// What speaks for or against showing a post, and which of the room's own queries it answers.
    fn gated(&self, post: &Post, reading: &Reading, matches: QuerySet) -> (Gate, QuerySet) {
        let own = self.people.is_own(&post.author);
        let gates = &self.moderation.gates;
        (gates.gate(post, reading, matches, own), gates.asked(matches))
    }

    /// Puts a post back that was taken out, as what it is read as now. `matches` are the queries that it answers
    /// now, where anybody can tell.
    pub(crate) fn replace(
        &mut self,
        known: &Record,
        post: &Arc<Post>,
        reading: &Arc<Reading>,
        matches: Option<QuerySet>,
    ) {
        let author = self.keys.author(&post.author.id);
        let past = Past {
            order: known.order,
            at: known.at,
            counted: known.counted,
            received: known.received,
            n_edits: known.n_edits,
        };
        let (gate, asked) = matches
            .map_or((known.gate, known.queries), |matches| self.gated(post, reading, matches));
        let text = self.keys.content(&post.text);
        let content = self.keys.content(Contents { post, text, asked, gate });
        let prints = Prints { text, content, gate };
        let record = self.record(known.key, &past, (post, reading), (prints, asked));
        self.admit(record, author, post, reading);
    }

    /// Lets a post into the room, unless people want it out.
    fn admit(
        &mut self,
        mut record: Record,
        author: AuthorKey,
        post: &Arc<Post>,
        reading: &Arc<Reading>,
    ) {
        let item = Arc::new(FeedItem::new(Arc::clone(post), Arc::clone(reading)));
        if self.moderation.bars(record.key, author) {
            self.keep_away(record, author, item);
        } else {
            record.author = self.people.enter(author);
            self.insert(record, author, Some(item));
        }
    }

    fn record(
        &mut self,
        key: PostKey,
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
            author: AuthorNo::default(),
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
            gate: prints.gate,
            visible: QuerySet::EMPTY,
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

    /// Counts a post, and shows it where it may be seen. Without `item` it is counted only.
    pub(crate) fn insert(
        &mut self,
        mut record: Record,
        author: AuthorKey,
        item: Option<Arc<FeedItem>>,
    ) {
        let has_trends = |query_idx| {
            self.queries.get::<usize>(query_idx).is_some_and(crate::query::QueryState::wants_terms)
        };
        if !record.own && record.queries.iter().any(has_trends) {
            let terms = item.as_ref().map_or(&[][..], |item| &item.reading.terms);
            record.terms = self.names.intern(terms, minute(self.now));
        }
        let ruling = self.moderation.rule(&record);
        record.visible = ruling.visible;
        let key = record.key;
        let entry = item.map(|item| Entry { order: record.order, post: key, author, item });
        if entry.is_none() {
            record.visible = QuerySet::EMPTY;
        }
        let number = self.posts.end();
        let unread = Reading::default();
        let reading = entry.as_ref().map_or(&unread, |entry| &*entry.item.reading);
        for query_idx in record.queries.iter() {
            if let Some(query) = self.queries.get_mut(query_idx) {
                let shown = entry.as_ref().filter(|_| record.visible.contains(query_idx));
                query.add(&record, &self.today, shown);
                query.rising.add(number, &record, reading);
            }
        }
        self.moderation.count_ruled_out(record.gate, true);
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
        record.item = entry.map(|entry| entry.item);
        let (_, forgotten) = self.posts.push(record);
        if self.moderation.lays(key, &ruling) {
            self.lay(key);
        }
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
        if self.remove(key).or_else(|| self.recall(key)).is_some() {
            self.counters.n_deleted += 1;
        }
    }

    /// Takes all posts of an author away.
    pub(crate) fn delete_author(&mut self, key: AuthorKey) {
        let mut posts = self.moderation.limbo.of_author(key);
        if let Some(number) = self.people.number(key) {
            posts.extend(self.posts.of_author(number));
        }
        for post in posts {
            self.corrections.remove(post);
            if self.remove(post).or_else(|| self.recall(post)).is_some() {
                self.counters.n_deleted += 1;
            }
        }
        self.hide_forgotten(|entry| entry.author == key);
    }

    /// Takes a post away that is out of the room already.
    fn recall(&mut self, key: PostKey) -> Option<Record> {
        self.moderation.desk.take(key);
        self.moderation.limbo.take(key).map(|absent| absent.record)
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
                query.subtract(&record, record.visible.contains(query_idx), &self.today);
                query.rising.take(number, &record, is);
            }
        }
        self.alerts.forget_posts(is);
        self.moderation.desk.take(key);
        self.moderation.count_ruled_out(record.gate, false);
        self.note_yesterday(record.counted);
        self.counters.n_posts = self.counters.n_posts.saturating_sub(1);
        self.counters.n_edits = self.counters.n_edits.saturating_sub(record.n_edits);
        self.people.leave(record.author);
        if let Some(source) = self.sources.get_mut(record.source) {
            source.remove_post(record.order, record.at, record.counted);
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
    pub(crate) fn hide_faded(&mut self, key: PostKey) {
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
    pub(crate) fn hide_forgotten(&mut self, is: impl Fn(&Entry) -> bool) {
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
        self.moderation.desk.take(record.key);
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
        self.moderation.desk.rename(key, author);
        self.moderation.limbo.rename(key, author);
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
struct Contents<'a> {
    post: &'a Post,
    text: u64,
    asked: QuerySet,
    gate: Gate,
}

impl Hash for Contents<'_> {
    /// Numbers are written whole and few: this runs for every post.
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        let Self { post, text, asked, gate } = self;
        let links = [&post.reply_to, &post.quote_of, &post.repost_of];
        let links = links.iter().fold(0, |bits, link| bits << 1 | u64::from(link.is_some()));
        let lists = (post.spans.len() as u64) << 32 | (post.media.len() as u64) << 8 | links;
        hasher.write_u64(*text);
        hasher.write_u64(lists);
        hasher.write_u64(asked.bits());
        gate.hash(hasher);
        post.edited.map(Timestamp::as_micros).hash(hasher);
        let Author { handle, name, avatar, .. } = &*post.author;
        // Some networks send no names, or none at first.
        if !handle.is_empty() || !name.is_empty() || avatar.is_some() {
            (handle, name, avatar).hash(hasher);
        }
        for span in &post.spans {
            hasher.write_u64(u64::from(span.start) << 32 | u64::from(span.end));
        }
        for media in &post.media {
            (&media.picture, &media.description).hash(hasher);
        }
    }
}
