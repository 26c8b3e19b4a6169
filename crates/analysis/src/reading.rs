//! From a post to its reading.

use std::borrow::Cow;

use vigie_model::{Post, Reading, SpanKind};

use crate::{
    filter::{WordFilter, label_flags},
    fold::fold,
    language::LanguageReader,
    question::{is_question, without_quotations},
    sentiment::SentimentReader,
    terms::terms,
    token::tokens,
};

/// Texts are read up to here; a post that says more says it in the beginning too.
const MAX_READ_BYTES: usize = 8 * 1_024;
/// Texts with fewer letters are not shouted, whatever their case.
const MIN_SHOUTED_LETTERS: usize = 10;

/// Reads posts. It keeps nothing between them; threads can share one.
#[derive(Clone, Debug)]
pub struct Analyzer {
    languages: LanguageReader,
    sentiment: SentimentReader,
    words: WordFilter,
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
        Self {
            languages: LanguageReader::new(),
            sentiment: SentimentReader::new(),
            words: WordFilter::new(),
        }
    }

    /// What `post` says. The same post gives the same reading on every machine.
    #[must_use]
    pub fn read(&self, post: &Post) -> Reading {
        let text = head(&post.text);
        let mut folded = fold(text);
        for span in &post.spans {
            // Networks send some tags beside the text; they count as if they were in it.
            if let SpanKind::Tag(tag) = &span.kind
                && span.range().is_empty()
            {
                folded.push_str(" #");
                folded.push_str(&fold(tag));
            }
        }
        let tokens = tokens(&folded);
        let mut features = crate::Features::new();
        features.read(text, []);
        let language =
            self.languages.language(features.letters(), &post.languages, &mut Vec::new());
        let tone = self.sentiment.tone(&tokens, &language, is_shouted(text));
        let question = match without_quotations(&folded) {
            Cow::Borrowed(_) => is_question(&tokens),
            Cow::Owned(own_words) => is_question(&crate::token::tokens(&own_words)),
        };
        let terms = terms(&tokens, &self.languages);
        let flags = self.words.flags(&folded, language.as_str()).union(label_flags(&post.labels));
        Reading { language, tone, question, terms, flags }
    }
}

/// The first part of `text`, cut at a character's border.
fn head(text: &str) -> &str {
    let end = (0..=MAX_READ_BYTES.min(text.len())).rev().find(|end| text.is_char_boundary(*end));
    text.get(..end.unwrap_or_default()).unwrap_or_default()
}

/// Whether most letters are capitals.
fn is_shouted(text: &str) -> bool {
    let n_upper = text.chars().filter(|character| character.is_uppercase()).count();
    let n_lower = text.chars().filter(|character| character.is_lowercase()).count();
    n_upper >= MIN_SHOUTED_LETTERS && n_upper > 3 * n_lower
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
    fn tags_beside_the_text_are_terms() {
        let mut tagged = post("voilà");
        tagged.spans.push(Span { start: 0, end: 0, kind: SpanKind::Tag("Été".into()) });
        assert_eq!(Analyzer::new().read(&tagged).terms, ["#ete"]);
    }

    #[test]
    fn capitals_are_heard() {
        let analyzer = Analyzer::new();
        let loud = analyzer.read(&post("ENCORE UN RETARD CE SOIR"));
        let quiet = analyzer.read(&post("encore un retard ce soir"));
        assert!(loud.tone.score < quiet.tone.score);
    }

    #[test]
    fn long_texts_are_read_in_part() {
        let analyzer = Analyzer::new();
        let mut text = "é".repeat(MAX_READ_BYTES);
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
