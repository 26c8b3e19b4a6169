//! What must not be seen on a public wall: our word lists, read through disguises, and the networks' labels.
//!
//! A text is first passed over quickly; only one with a listed word, or with signs that could hide one, is looked
//! at closely: case, accents, invisible marks and full-width forms are folded before, look-alike letters, digits
//! for letters, stars, gaps and long vowels are seen through here. Words count as a whole only.
//!
//! Words that can be harmless count with a second sign only: an address close before them, a strong word in the
//! same post, or a disguise. Terms of identity are in no list by themselves.

mod clean;
mod glyph;
mod lists;
mod model;
mod quick;
mod scan;
mod signs;
mod trie;

use std::{
    ops::Range,
    sync::{Arc, LazyLock},
};

use smol_str::SmolStr;
use vigie_model::{Flag, Flags, Label, Severity};

use crate::Features;

use self::{
    lists::{Lists, Phrase, Sense, WordId},
    scan::{Seen, Sight},
};

pub(crate) use self::model::toxicity_table;
pub use self::model::{TOXICITY_LANE, toxicity_flags, toxicity_score};

/// Fillers between an address and the word that it is for.
const MAX_FILLERS: usize = 4;

/// The lists of the program, read once.
static LISTS: LazyLock<Arc<Lists>> = LazyLock::new(|| Arc::new(Lists::new()));

/// One reason for a flag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// The word or phrase, as our lists spell it.
    pub term: SmolStr,
    /// What it is.
    pub flag: Flag,
    /// How much it weighs.
    pub severity: Severity,
    /// Whether it was written so as not to be found.
    pub disguised: bool,
}

/// Looks for listed words. Cheap to clone; it keeps nothing between texts.
#[derive(Clone, Debug)]
pub struct WordFilter {
    lists: Arc<Lists>,
}

impl Default for WordFilter {
    fn default() -> Self {
        Self::new()
    }
}

impl WordFilter {
    /// The filter with the built-in lists.
    #[must_use]
    pub fn new() -> Self {
        Self { lists: Arc::clone(&LISTS) }
    }

    /// The flags that the lists raise for a folded text in `language`, an ISO 639-1 code or `und`.
    #[must_use]
    pub fn flags(&self, folded: &str, language: &str) -> Flags {
        if !quick::is_odd(&self.lists, folded) {
            return Flags::NONE;
        }
        let mut flags = Flags::NONE;
        for hit in self.hits_closely(folded, language) {
            flags.raise(hit.flag, hit.severity);
            if hit.flag != Flag::Spam {
                flags.raise(Flag::Offensive, hit.severity);
            }
        }
        flags
    }

    /// The reasons for those flags, in the order of the text.
    #[must_use]
    pub fn hits(&self, folded: &str, language: &str) -> Vec<Hit> {
        if quick::is_odd(&self.lists, folded) {
            self.hits_closely(folded, language)
        } else {
            Vec::new()
        }
    }

    fn hits_closely(&self, folded: &str, language: &str) -> Vec<Hit> {
        let sight = scan::look(&self.lists, folded);
        let look = Look { lists: &self.lists, words: &sight.words, language };
        look.hits(&sight)
    }
}

/// The flags of a text: listed words and the model's score together.
pub(crate) fn text_flags(
    words: &WordFilter,
    features: &Features,
    language: &str,
    score: f32,
) -> Flags {
    toxicity_flags(words.flags(features.folded(), language), score)
}

/// The flags that the network's or the author's own labels raise.
#[must_use]
pub fn label_flags(labels: &[Label]) -> Flags {
    let mut flags = Flags::NONE;
    for label in labels {
        match label {
            Label::Sexual
            | Label::Graphic
            | Label::Sensitive
            | Label::Warning(_)
            | Label::Hidden => {
                flags.raise(Flag::Sensitive, Severity::Strong);
            }
            Label::LoggedInOnly | Label::Bot => {}
        }
        if *label == Label::Sexual {
            flags.raise(Flag::Sexual, Severity::Strong);
        }
    }
    flags
}

/// A close look at the words of one text.
struct Look<'a> {
    lists: &'a Lists,
    words: &'a [Seen],
    language: &'a str,
}

impl Look<'_> {
    fn hits(&self, sight: &Sight) -> Vec<Hit> {
        let mut hits = Vec::new();
        let mut doubtful = Vec::new();
        let innocent = self.innocent();
        for (place, seen) in self.words.iter().enumerate() {
            let Some(word) = seen.word.and_then(|word| self.lists.word(word)) else { continue };
            hits.extend(self.phrase_hits(place, seen, &innocent));
            if innocent.iter().any(|range| range.contains(&place)) {
                continue;
            }
            for sense in word.senses.iter().filter(|sense| self.counts(sense)) {
                let Sense { flag, severity, weak, .. } = *sense;
                let hit = Hit {
                    term: SmolStr::new(&word.text),
                    flag,
                    severity,
                    disguised: seen.disguised,
                };
                if !weak || seen.disguised || self.is_addressed(place, sense) {
                    hits.push(hit);
                } else {
                    doubtful.push(hit);
                }
            }
        }
        if hits.iter().any(|hit| hit.severity > Severity::Mild) {
            hits.append(&mut doubtful);
        }
        if sight.starred && hits.is_empty() {
            hits.push(mark("***", Flag::Profanity, Severity::Mild));
        }
        if sight.finger {
            hits.push(mark("\u{1f595}", Flag::Insult, Severity::Strong));
        }
        hits
    }

    /// The stretches of the text in which listed words are harmless.
    fn innocent(&self) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        for (place, seen) in self.words.iter().enumerate() {
            let word = seen.word.filter(|_| !seen.disguised).and_then(|word| self.lists.word(word));
            let phrases = word.into_iter().flat_map(|word| &word.phrases);
            for phrase in phrases.filter(|phrase| phrase.sense.is_none()) {
                found.extend(self.phrase_range(place, phrase));
            }
        }
        found
    }

    /// The phrases that are looked up by the word at `place`, but for those within innocent ones.
    fn phrase_hits(&self, place: usize, seen: &Seen, innocent: &[Range<usize>]) -> Vec<Hit> {
        let mut hits = Vec::new();
        let word = seen.word.and_then(|word| self.lists.word(word));
        for phrase in word.into_iter().flat_map(|word| &word.phrases) {
            let Some((flag, severity)) = phrase.sense else { continue };
            let Some(range) = self.phrase_range(place, phrase) else { continue };
            let is_within = |wide: &Range<usize>| {
                wide.start <= range.start && range.end <= wide.end && wide.len() > range.len()
            };
            if !innocent.iter().any(is_within) {
                let words = phrase.words.iter().filter_map(|word| self.lists.word(*word));
                let words: Vec<_> = words.map(|word| &*word.text).collect();
                let disguised = seen.disguised;
                hits.push(Hit { term: words.join(" ").into(), flag, severity, disguised });
            }
        }
        hits
    }

    /// Where `phrase` stands, if its anchor is the word at `place`.
    fn phrase_range(&self, place: usize, phrase: &Phrase) -> Option<Range<usize>> {
        let start = place.checked_sub(phrase.anchor)?;
        self.stands_at(start, &phrase.words).then(|| start..start + phrase.words.len())
    }

    fn stands_at(&self, start: usize, words: &[WordId]) -> bool {
        self.words
            .get(start..start + words.len())
            .is_some_and(|seen| seen.iter().zip(words).all(|(seen, word)| seen.word == Some(*word)))
    }

    /// Whether a sense counts in a post of this language.
    fn counts(&self, sense: &Sense) -> bool {
        !sense.local || sense.tongue.code() == self.language
    }

    /// Whether somebody is called the word at `place`.
    fn is_addressed(&self, place: usize, sense: &Sense) -> bool {
        let mut end = place;
        for _ in 0..=MAX_FILLERS {
            let Some(before) = end.checked_sub(1) else { return false };
            let Some(word) = self.words.get(before).and_then(|seen| self.lists.word(seen.word?))
            else {
                return false;
            };
            let is_address = word.addresses.iter().any(|(tongue, words)| {
                *tongue == sense.tongue
                    && end
                        .checked_sub(words.len())
                        .is_some_and(|start| self.stands_at(start, words))
            });
            if is_address {
                return true;
            }
            if !word.fills(sense.tongue) {
                return false;
            }
            end = before;
        }
        false
    }
}

fn mark(term: &str, flag: Flag, severity: Severity) -> Hit {
    Hit { term: SmolStr::new(term), flag, severity, disguised: false }
}

#[cfg(test)]
mod tests;
