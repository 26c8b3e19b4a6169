//! From a post to its reading.

use std::{borrow::Cow, cell::RefCell};

use vigie_model::{Explanation, Post, Reading, SpanKind, Tone};

use crate::{
    Features, Table,
    filter::{Hit, TOXICITY_LANE, WordFilter, label_flags, text_flags},
    language::LanguageReader,
    likeness::{likeness, spam_flags},
    question::{is_question, without_quotations},
    sentiment::{self, SentimentReader},
    simd::prefetch,
    terms::terms,
};

/// What a thread reads posts with: buffers that grow to the size of a post and stay.
#[derive(Default)]
struct Scratch {
    features: Features,
    language_rows: Vec<u32>,
}

thread_local! {
    static SCRATCH: RefCell<Scratch> = RefCell::default();
}

/// A part of the analysis of a post, in the order in which they follow each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// Cutting the text, and hashing what it is made of.
    Features,
    /// Telling the language.
    Language,
    /// Sentiment and toxicity: one pass over the same weights.
    Weights,
    /// Whether it asks something.
    Question,
    /// What it is about.
    Terms,
    /// Listed words, labels and spam.
    Filters,
    /// What copies of the text share.
    Likeness,
}

impl Stage {
    /// All of them, in their order.
    pub const ALL: [Self; 7] = [
        Self::Features,
        Self::Language,
        Self::Weights,
        Self::Question,
        Self::Terms,
        Self::Filters,
        Self::Likeness,
    ];

    /// How reports call it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Features => "features",
            Self::Language => "language",
            Self::Weights => "sentiment_and_toxicity",
            Self::Question => "questions",
            Self::Terms => "terms",
            Self::Filters => "filters",
            Self::Likeness => "likeness",
        }
    }
}

/// Reads posts. It keeps nothing between them; threads can share one.
#[derive(Clone, Debug)]
pub struct Analyzer {
    languages: LanguageReader,
    sentiment: SentimentReader,
    words: WordFilter,
    /// The weights of sentiment and toxicity.
    table: &'static Table,
    toxicity_lane: usize,
}

impl Default for Analyzer {
    fn default() -> Self {
        Self::new()
    }
}

impl Analyzer {
    /// An analyzer with the built-in word lists.
    #[must_use]
    pub fn new() -> Self {
        let table = sentiment::table();
        Self {
            languages: LanguageReader::new(),
            sentiment: SentimentReader::new(),
            words: WordFilter::new(),
            table,
            toxicity_lane: table.lane(TOXICITY_LANE).unwrap_or(usize::MAX),
        }
    }

    /// What `post` says. The same post gives the same reading on every machine.
    #[must_use]
    pub fn read(&self, post: &Post) -> Reading {
        self.read_in_stages(post, |_| {})
    }

    /// As [`Analyzer::read`], and calls `done` at the end of each stage, so that a caller with a clock sees what
    /// each costs. Some stages are done in two parts, with others between.
    pub fn read_in_stages(&self, post: &Post, done: impl FnMut(Stage)) -> Reading {
        SCRATCH.with_borrow_mut(|scratch| self.reading(post, scratch, done))
    }

    /// Has the processor fetch what [`Analyzer::read`] will need of the post that comes `next`, and of the one
    /// after it: posts that another thread has made lie far away. Changes nothing but the time that takes.
    pub fn look_ahead(next: Option<&Post>, after: Option<&Post>) {
        /// So much of a text is fetched; what follows the processor foresees by itself.
        const MAX_BYTES: usize = 512;
        const LINE: usize = 64;
        if let Some(post) = after {
            prefetch(&post.text);
            prefetch(&post.spans);
            prefetch(&post.languages);
            prefetch(&post.labels);
            prefetch(&post.id);
        }
        if let Some(post) = next {
            let text = post.text.as_bytes();
            text.iter().take(MAX_BYTES).step_by(LINE).for_each(prefetch);
            post.spans.iter().take(1).for_each(prefetch);
            post.languages.iter().take(1).for_each(prefetch);
        }
    }

    fn reading(&self, post: &Post, scratch: &mut Scratch, mut done: impl FnMut(Stage)) -> Reading {
        let Scratch { features, language_rows } = scratch;
        features.read(&post.text, tags_beside(post));
        done(Stage::Features);
        // Weights lie far away: they are fetched while other work is done.
        self.table.prefetch(features.rows());
        done(Stage::Weights);
        let writing = self.languages.look(features.letters(), language_rows);
        done(Stage::Language);
        let folded = features.folded();
        let tokens = features.tokens();
        let question = match without_quotations(folded) {
            Cow::Borrowed(_) => is_question(&tokens),
            Cow::Owned(own_words) => is_question(&crate::token::tokens(&own_words)),
        };
        done(Stage::Question);
        let terms = terms(folded, &tokens, &self.languages);
        done(Stage::Terms);
        let n_rows = features.rows().len();
        let sums = self.table.sums(features.rows());
        // What is left of the weights without words is only what most texts are.
        let says_nothing = folded.trim().is_empty() && tokens.is_empty();
        let tone = if says_nothing {
            Tone { unsure: true, ..Tone::default() }
        } else {
            self.sentiment.tone(&sums, n_rows)
        };
        let sum = sums.get(self.toxicity_lane).copied().unwrap_or_default();
        let score = self.table.score(self.toxicity_lane, sum, n_rows);
        done(Stage::Weights);
        let language = self.languages.tell(writing, &post.languages, language_rows);
        done(Stage::Language);
        let flags = text_flags(&self.words, features, language.as_str(), score);
        let flags = flags.union(label_flags(&post.labels)).union(spam_flags(features));
        done(Stage::Filters);
        let likeness = likeness(features);
        done(Stage::Likeness);
        Reading { language, tone, question, terms, flags, likeness }
    }

    /// The listed words and phrases behind the flags of `post`, in the order of its text; its model names none.
    #[must_use]
    pub fn flag_reasons(&self, post: &Post) -> Vec<Hit> {
        SCRATCH.with_borrow_mut(|Scratch { features, language_rows }| {
            features.read(&post.text, tags_beside(post));
            let languages = &self.languages;
            let language = languages.language(features.letters(), &post.languages, language_rows);
            self.words.hits(features.folded(), language.as_str())
        })
    }

    /// Why `post` was given its score: the words and marks that moved it, each with its part.
    #[must_use]
    pub fn explain(&self, post: &Post) -> Explanation {
        SCRATCH.with_borrow_mut(|Scratch { features, .. }| {
            features.trace(&post.text, tags_beside(post));
            self.sentiment.explain(features)
        })
    }
}

/// The tags that networks send beside the text; they count as if they were in it.
fn tags_beside(post: &Post) -> impl Iterator<Item = &str> {
    post.spans.iter().filter_map(|span| match &span.kind {
        SpanKind::Tag(tag) if span.range().is_empty() => Some(tag.as_str()),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use vigie_model::{Attitude, Span};

    use super::*;
    use crate::testing::post;

    #[test]
    fn reads_all_sides_of_a_post() {
        let reading = Analyzer::new().read(&post(
            "Pourquoi ce retard à Nice ? C'est honteux 😡 #RailAzur https://a.example",
        ));
        assert_eq!(reading.language.as_str(), "fr");
        assert_eq!(reading.tone.attitude, Attitude::Negative);
        assert!(!reading.tone.unsure && reading.question);
        assert_eq!(reading.terms, ["#railazur", "retard", "nice", "retard a nice", "honteux"]);
    }

    #[test]
    fn a_text_without_words_is_neutral_and_unsure() {
        for text in ["", " \n"] {
            let tone = Analyzer::new().read(&post(text)).tone;
            assert_eq!((tone.attitude, tone.unsure), (Attitude::Neutral, true), "{tone:?}");
            assert!(tone.score.abs() < f32::EPSILON);
        }
    }

    #[test]
    fn tags_beside_the_text_are_terms() {
        let mut tagged = post("voilà");
        tagged.spans.push(Span { start: 0, end: 0, kind: SpanKind::Tag("Été".into()) });
        assert_eq!(Analyzer::new().read(&tagged).terms, ["#ete"]);
    }

    #[test]
    fn long_texts_are_read_in_part() {
        let analyzer = Analyzer::new();
        let mut text = "é".repeat(crate::features::MAX_READ_BYTES);
        text.push_str(" honte");
        assert!(analyzer.read(&post(&text)).terms.is_empty());
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_the_same_twice(text in "\\PC*") {
            let analyzer = Analyzer::new();
            let post = post(&text);
            let reading = analyzer.read(&post);
            proptest::prop_assert_eq!(&analyzer.read(&post), &reading);
            proptest::prop_assert!((-1.0..=1.0).contains(&reading.tone.score));
            proptest::prop_assert!(reading.terms.len() <= crate::MAX_TERMS);
        }
    }
}
