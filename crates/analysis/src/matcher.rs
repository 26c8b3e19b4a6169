//! Which queries a post answers: one pass over its text for all phrases of all queries, then plain logic.

use std::cell::RefCell;

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use smol_str::SmolStr;
use vigie_model::{
    Condition, Feature, MediaKind, NamedQuery, Post, Query, QueryName, Reading, SpanKind,
};

use crate::{
    fold::{fold, fold_onto, is_plain, is_unspaced, is_word},
    query_set::{MAX_QUERIES, QuerySet},
};

/// All queries of a room together may ask for this many different words, phrases, tags and mentions.
/// Their answers for a post fit sixteen machine words on the stack.
const MAX_PHRASES: usize = 1_024;
/// Deeper queries than this were not written by a person; the limit bounds the stack.
const MAX_DEPTH: usize = 64;
/// Phrases of so many bytes in all are looked for with a table of all states, at most a kilobyte a byte: 16 MB.
/// More of them are looked for with a smaller and slower automaton.
const MAX_TABLE_BYTES: usize = 16 * 1_024;

thread_local! {
    /// The folded text of the post at hand: a buffer that grows to the size of a post and stays.
    static FOLDED: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Why a set of queries cannot be run.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MatcherError {
    /// A room has at most [`MAX_QUERIES`].
    #[error("a room can have at most {MAX_QUERIES} queries, this one has {n_queries}")]
    TooManyQueries {
        /// How many there are.
        n_queries: usize,
    },
    /// The phrases of all queries together are too many.
    #[error(
        "the queries of a room can name at most {MAX_PHRASES} different words, tags and mentions"
    )]
    TooManyPhrases,
    /// A phrase has nothing to look for.
    #[error("query {query} asks for a phrase without letters, digits or signs")]
    EmptyPhrase {
        /// The query at fault.
        query: QueryName,
    },
    /// A query is nested too deep.
    #[error("query {query} is nested deeper than {MAX_DEPTH} levels")]
    TooDeep {
        /// The query at fault.
        query: QueryName,
    },
    /// The phrases do not fit the automaton.
    #[error("the phrases of the queries do not fit in memory")]
    Automaton,
}

/// All queries of a room, ready to run. Threads can share one.
#[derive(Clone, Debug)]
pub struct Matcher {
    automaton: AhoCorasick,
    phrases: Vec<Phrase>,
    /// The queries that every post answers.
    always: QuerySet,
    /// For each phrase the queries that a post with it answers, whatever else is in it.
    answers: Vec<QuerySet>,
    /// The queries that ask for more than one of some phrases, by their places.
    others: Vec<(usize, Rule)>,
}

/// What a piece of text must have around it to count as found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum PhraseKind {
    Words,
    Tag,
    Mention,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Phrase {
    kind: PhraseKind,
    /// Folded, with `#` or `@` before it where the kind asks for it.
    text: String,
}

/// A query with its phrases replaced by their places.
#[derive(Clone, Debug)]
enum Rule {
    All,
    And(Vec<Self>),
    Or(Vec<Self>),
    Not(Box<Self>),
    Phrase(usize),
    From(String),
    Condition(Condition),
}

impl Rule {
    /// Lists the phrases of which any one is enough; false where the rule asks for anything else.
    fn list_alternatives(&self, phrases: &mut Vec<usize>) -> bool {
        match self {
            Self::Phrase(phrase_idx) => {
                phrases.push(*phrase_idx);
                true
            }
            Self::Or(parts) => parts.iter().all(|part| part.list_alternatives(phrases)),
            _ => false,
        }
    }
}

/// Which phrases a text holds.
struct Found {
    phrases: [u64; MAX_PHRASES / 64],
    /// The queries that one of them answers by itself.
    answered: QuerySet,
}

impl Found {
    fn insert(&mut self, phrase_idx: usize) {
        if let Some(word) = self.phrases.get_mut(phrase_idx / 64) {
            *word |= 1 << (phrase_idx % 64);
        }
    }

    fn contains(&self, phrase_idx: usize) -> bool {
        self.phrases.get(phrase_idx / 64).is_some_and(|word| word & (1 << (phrase_idx % 64)) != 0)
    }
}

impl Matcher {
    /// Makes ready to run `queries`; the first one is bit 0 of every answer.
    ///
    /// # Errors
    /// Where there are too many queries or phrases, or one of them cannot be looked for.
    pub fn new(queries: &[NamedQuery]) -> Result<Self, MatcherError> {
        if queries.len() > MAX_QUERIES {
            return Err(MatcherError::TooManyQueries { n_queries: queries.len() });
        }
        let mut compiler = Compiler::default();
        let rules = queries
            .iter()
            .map(|named| compiler.rule(&named.name, &named.query, 0))
            .collect::<Result<Vec<_>, _>>()?;
        let n_bytes: usize = compiler.phrases.iter().map(|phrase| phrase.text.len()).sum();
        let automaton = AhoCorasick::builder()
            .kind((n_bytes <= MAX_TABLE_BYTES).then_some(AhoCorasickKind::DFA))
            // So that a text that is plain but for its capitals need not be folded.
            .ascii_case_insensitive(true)
            .build(compiler.phrases.iter().map(|phrase| &phrase.text))
            .map_err(|_too_large| MatcherError::Automaton)?;
        let mut matcher = Self {
            automaton,
            answers: vec![QuerySet::EMPTY; compiler.phrases.len()],
            phrases: compiler.phrases,
            always: QuerySet::EMPTY,
            others: Vec::new(),
        };
        for (query_idx, rule) in rules.into_iter().enumerate() {
            matcher.add(query_idx, rule);
        }
        Ok(matcher)
    }

    /// Files a query under what answers it.
    fn add(&mut self, query_idx: usize, rule: Rule) {
        let mut alternatives = Vec::new();
        if matches!(rule, Rule::All) {
            self.always.insert(query_idx);
        } else if rule.list_alternatives(&mut alternatives) {
            for phrase_idx in alternatives {
                if let Some(answers) = self.answers.get_mut(phrase_idx) {
                    answers.insert(query_idx);
                }
            }
        } else {
            self.others.push((query_idx, rule));
        }
    }

    /// The queries that `post`, read as `reading`, answers.
    #[must_use]
    pub fn matches(&self, post: &Post, reading: &Reading) -> QuerySet {
        let found = self.find_phrases(post);
        let mut answered = self.always.union(found.answered);
        for (query_idx, rule) in &self.others {
            if holds(rule, post, reading, &found) {
                answered.insert(*query_idx);
            }
        }
        answered
    }

    fn find_phrases(&self, post: &Post) -> Found {
        let mut found = Found { phrases: [0; MAX_PHRASES / 64], answered: QuerySet::EMPTY };
        if self.phrases.is_empty() {
            return found;
        }
        FOLDED.with_borrow_mut(|folded| {
            let mut find = |sign: &str, text: &str| {
                if sign.is_empty() && is_plain(text) {
                    return self.find_in(text, &mut found);
                }
                folded.clear();
                folded.push_str(sign);
                fold_onto(folded, text);
                self.find_in(folded, &mut found);
            };
            find("", &post.text);
            for span in &post.spans {
                match &span.kind {
                    SpanKind::Tag(tag) => find("#", tag),
                    SpanKind::Mention(author) => find("@", &author.native),
                    SpanKind::Link(_) => {}
                }
            }
        });
        found
    }

    fn find_in(&self, folded: &str, found: &mut Found) {
        for hit in self.automaton.find_overlapping_iter(folded) {
            let phrase_idx = hit.pattern().as_usize();
            let Some(phrase) = self.phrases.get(phrase_idx) else { continue };
            let before = folded.get(..hit.start()).unwrap_or_default();
            let after = folded.get(hit.end()..).unwrap_or_default();
            if stands_alone(phrase, before, after) {
                found.insert(phrase_idx);
                let answers = self.answers.get(phrase_idx).copied().unwrap_or_default();
                found.answered = found.answered.union(answers);
            }
        }
    }
}

/// Whether a phrase between `before` and `after` is made of whole words.
fn stands_alone(phrase: &Phrase, before: &str, after: &str) -> bool {
    let open = |edge: Option<char>, neighbor: Option<char>| match (edge, neighbor) {
        (Some(edge), Some(neighbor)) => {
            !is_word(edge) || !is_word(neighbor) || is_unspaced(edge) || is_unspaced(neighbor)
        }
        _ => true,
    };
    let left = before.chars().next_back();
    let mut rest = after.chars();
    let right = rest.next();
    let right_open = open(phrase.text.chars().next_back(), right);
    match phrase.kind {
        PhraseKind::Words => open(phrase.text.chars().next(), left) && right_open,
        PhraseKind::Tag => {
            left.is_none_or(|left| !is_word(left) || is_unspaced(left)) && right_open
        }
        PhraseKind::Mention => {
            let goes_on = matches!(right, Some('.' | '-')) && rest.next().is_some_and(is_word);
            left.is_none_or(|left| !is_word(left) || is_unspaced(left)) && right_open && !goes_on
        }
    }
}

/// Gathers the phrases of all queries.
#[derive(Default)]
struct Compiler {
    phrases: Vec<Phrase>,
}

impl Compiler {
    fn rule(
        &mut self,
        name: &QueryName,
        query: &Query,
        depth: usize,
    ) -> Result<Rule, MatcherError> {
        if depth > MAX_DEPTH {
            return Err(MatcherError::TooDeep { query: name.clone() });
        }
        let mut all = |parts: &[Query]| {
            parts.iter().map(|part| self.rule(name, part, depth + 1)).collect::<Result<Vec<_>, _>>()
        };
        Ok(match query {
            Query::All => Rule::All,
            Query::And(parts) => Rule::And(all(parts)?),
            Query::Or(parts) => Rule::Or(all(parts)?),
            Query::Not(part) => Rule::Not(Box::new(self.rule(name, part, depth + 1)?)),
            Query::Is(condition) => self.condition(name, condition)?,
        })
    }

    fn condition(&mut self, name: &QueryName, condition: &Condition) -> Result<Rule, MatcherError> {
        Ok(match condition {
            Condition::Phrase(text) => self.phrase(name, PhraseKind::Words, text)?,
            Condition::Tag(tag) => self.phrase(name, PhraseKind::Tag, tag)?,
            Condition::Mention(handle) => self.phrase(name, PhraseKind::Mention, handle)?,
            Condition::From(handle) => Rule::From(fold(handle.trim_start_matches('@'))),
            other => Rule::Condition(other.clone()),
        })
    }

    fn phrase(
        &mut self,
        name: &QueryName,
        kind: PhraseKind,
        text: &SmolStr,
    ) -> Result<Rule, MatcherError> {
        let folded = fold(text);
        let bare = folded.trim();
        let text = match kind {
            PhraseKind::Words => bare.to_owned(),
            PhraseKind::Tag => format!("#{}", bare.trim_start_matches('#')),
            PhraseKind::Mention => format!("@{}", bare.trim_start_matches('@')),
        };
        if bare.trim_start_matches(['#', '@']).is_empty() {
            return Err(MatcherError::EmptyPhrase { query: name.clone() });
        }
        let phrase = Phrase { kind, text };
        if let Some(phrase_idx) = self.phrases.iter().position(|known| *known == phrase) {
            return Ok(Rule::Phrase(phrase_idx));
        }
        if self.phrases.len() == MAX_PHRASES {
            return Err(MatcherError::TooManyPhrases);
        }
        self.phrases.push(phrase);
        Ok(Rule::Phrase(self.phrases.len() - 1))
    }
}

fn holds(rule: &Rule, post: &Post, reading: &Reading, found: &Found) -> bool {
    match rule {
        Rule::All => true,
        Rule::And(parts) => parts.iter().all(|part| holds(part, post, reading, found)),
        Rule::Or(parts) => parts.iter().any(|part| holds(part, post, reading, found)),
        Rule::Not(part) => !holds(part, post, reading, found),
        Rule::Phrase(phrase_idx) => found.contains(*phrase_idx),
        Rule::From(handle) => {
            !post.author.handle.is_empty()
                && fold(post.author.handle.trim_start_matches('@')) == *handle
        }
        Rule::Condition(condition) => condition_holds(condition, post, reading),
    }
}

fn condition_holds(condition: &Condition, post: &Post, reading: &Reading) -> bool {
    match condition {
        Condition::Lang(language) => reading.language == *language,
        Condition::Network(network) => post.id.network == *network,
        Condition::Sentiment(attitude) => {
            !reading.tone.unsure && reading.tone.attitude == *attitude
        }
        Condition::Feature(feature) => has(*feature, post, reading),
        Condition::Phrase(_) | Condition::Tag(_) | Condition::Mention(_) | Condition::From(_) => {
            debug_assert!(false, "the compiler replaces these");
            false
        }
    }
}

fn has(feature: Feature, post: &Post, reading: &Reading) -> bool {
    let shows = |kind: MediaKind| post.media.iter().any(|media| media.kind == kind);
    let spans = |is: fn(&SpanKind) -> bool| post.spans.iter().any(|span| is(&span.kind));
    match feature {
        Feature::Media => !post.media.is_empty(),
        Feature::Image => shows(MediaKind::Image),
        Feature::Video => shows(MediaKind::Video),
        Feature::Link => {
            shows(MediaKind::Card)
                || spans(|kind| matches!(kind, SpanKind::Link(_)))
                || post.text.contains("http://")
                || post.text.contains("https://")
        }
        Feature::Tag => {
            spans(|kind| matches!(kind, SpanKind::Tag(_)))
                || reading.terms.iter().any(|term| term.starts_with('#'))
        }
        Feature::Mention => spans(|kind| matches!(kind, SpanKind::Mention(_))),
        Feature::Reply => post.reply_to.is_some(),
        Feature::Repost => post.repost_of.is_some(),
        Feature::Quote => post.quote_of.is_some(),
        Feature::Question => reading.question,
        Feature::Edited => post.edited.is_some(),
        Feature::Sensitive => post.labels.iter().any(vigie_model::Label::hides),
    }
}

#[cfg(test)]
mod tests;
