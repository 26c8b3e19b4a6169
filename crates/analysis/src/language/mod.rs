//! Which language a text is in: its script first, then a linear model over runs of letters, with the tags
//! that the author or the network set as evidence beside.
//!
//! Scripts of one language need no model. Latin letters and the scripts of a few languages have a
//! [`Table`] each, with a lane a language. The answer is `und` where there are no letters and where no
//! language stands out.

mod script;
mod words;

use std::sync::{Arc, LazyLock};

use smol_str::SmolStr;
use vigie_model::Language;

use crate::{
    ROW_BITS, softmax,
    table::{MAX_LANES, Table, TableError},
};
use script::{Script, script};
use words::StopWords;

/// The weights that ship with the program.
const WEIGHTS: &[u8] = include_bytes!("../../../../assets/models/language.bin");
/// So many letters and borders are enough to tell; more would only cost time.
const MAX_LETTERS: usize = 96;
/// The longest run of letters that is a feature.
const MAX_RUN: usize = 4;
/// Runs and words of the letters that are read.
const MAX_LANGUAGE_ROWS: usize = MAX_LETTERS * (MAX_RUN + 1);
/// What a declared tag adds to the score of its language: it decides between close ones, not against the text.
const DECLARED_SCORE: f32 = 4.0;
/// English says less: it is what apps declare where nobody chose.
const DECLARED_ENGLISH_SCORE: f32 = 2.0;
/// Below this share the best language is not told.
const MIN_SHARE: f32 = 0.25;
/// Texts with fewer letters of an alphabet say nothing of their language.
const MIN_LETTERS: u32 = 2;
/// Languages that only their readers tell apart: their shares stand together against the others.
const KIN: [&[&str]; 3] = [&["hr", "bs", "sr"], &["nb", "nn", "da"], &["id", "ms"]];

/// The letters whose runs are features: at most [`MAX_LETTERS`], stretched vowels cut short.
#[derive(Debug)]
struct Window {
    letters: [char; MAX_LETTERS],
    n_letters: usize,
}

impl Window {
    fn new(letters: &[char]) -> Self {
        let mut window = Self { letters: [' '; MAX_LETTERS], n_letters: 0 };
        let mut last = [' '; 2];
        for &letter in letters {
            if last == [letter; 2] {
                continue;
            }
            let Some(to) = window.letters.get_mut(window.n_letters) else { break };
            *to = letter;
            window.n_letters += 1;
            last = [last[1], letter];
        }
        window
    }

    /// The letters, of which the last may be in the middle of a word.
    fn letters(&self) -> &[char] {
        self.letters.get(..self.n_letters).unwrap_or_default()
    }
}

/// One step of the hash.
#[inline]
const fn step(hash: u64, letter: char) -> u64 {
    (hash.rotate_left(5) ^ letter as u64).wrapping_mul(0x517c_c1b7_2722_0a95)
}

/// The rows of a text for its language, from [`Features::letters`](crate::Features::letters): runs of up to
/// four letters within words and their borders, and whole words.
pub fn language_rows(letters: &[char], rows: &mut Vec<u32>) {
    const RUN: u64 = 0x2545_f491_4f6c_dd1d;
    const WORD: u64 = 0x9e6c_63d0_876a_3f6b;
    rows.clear();
    rows.reserve(MAX_LANGUAGE_ROWS);
    let row = |hash: u64| (hash >> (64 - ROW_BITS)) as u32;
    let window = Window::new(letters);
    let mut rest = window.letters();
    let mut word = WORD;
    while let [first, after @ ..] = rest {
        let mut hash = step(RUN, *first);
        if *first == ' ' {
            if word != WORD {
                rows.push(row(word));
            }
            word = WORD;
        } else {
            rows.push(row(hash));
            word = step(word, *first);
        }
        for &letter in after.iter().take(MAX_RUN - 1) {
            hash = step(hash, letter);
            rows.push(row(hash));
            if letter == ' ' {
                break;
            }
        }
        rest = after;
    }
}

/// Tells languages apart. Threads can share one.
#[derive(Clone, Debug)]
pub struct LanguageReader {
    sides: Arc<Sides>,
    stop_words: StopWords,
}

/// What tells languages with a table.
#[derive(Debug)]
struct Sides {
    latin: Side,
    few: Side,
}

/// One for all: the tables are large, and threads that share them share the cache.
static BUILT_IN: LazyLock<LanguageReader> = LazyLock::new(|| {
    LanguageReader::from_bytes(WEIGHTS)
        .expect("the weights are part of the program, and a test reads them")
});

/// A table, and what is told with it.
#[derive(Debug)]
struct Side {
    table: Table,
    languages: Vec<Language>,
    /// For each lane the place of its kin in [`KIN`].
    kin: Vec<Option<usize>>,
}

impl Side {
    fn new(table: Table) -> Self {
        let languages: Vec<_> =
            table.lanes().iter().map(|lane| Language::from_tag(&lane.name)).collect();
        let kin_of =
            |language: &Language| KIN.iter().position(|kin| kin.contains(&language.as_str()));
        let kin = languages.iter().map(kin_of).collect();
        Self { table, languages, kin }
    }

    /// The language of the text of these rows, among those that `may_be` lets through.
    fn tell(
        &self,
        rows: &[u32],
        declared: &[SmolStr],
        may_be: impl Fn(&Language) -> bool,
    ) -> Option<&Language> {
        let sums = self.table.sums(rows);
        let norm = Table::norm(rows.len());
        let mut shares = [f32::MIN; MAX_LANES];
        let shares = shares.get_mut(..self.languages.len())?;
        let lanes = self.languages.iter().zip(self.table.lanes()).zip(sums);
        for (share, ((language, lane), sum)) in shares.iter_mut().zip(lanes) {
            if may_be(language) {
                *share = sum as f32 * norm * lane.scale + lane.bias;
                if declared.iter().any(|tag| is_tag_of(tag, language)) {
                    let is_default = language.as_str() == "en";
                    *share += if is_default { DECLARED_ENGLISH_SCORE } else { DECLARED_SCORE };
                }
            }
        }
        softmax(shares);
        let mut of_kin = [0.0; KIN.len()];
        for (share, kin) in shares.iter().zip(&self.kin) {
            if let Some(sum) = kin.and_then(|kin| of_kin.get_mut(kin)) {
                *sum += share;
            }
        }
        // The kin is chosen as one, and then the likeliest in it.
        let weight = |lane: usize, share: f32| {
            let kin = self.kin.get(lane).copied().flatten();
            kin.and_then(|kin| of_kin.get(kin)).copied().unwrap_or(share)
        };
        let mut best = (0.0, 0.0, 0);
        for (lane, &share) in shares.iter().enumerate() {
            let found = (weight(lane, share), share, lane);
            if (found.0, found.1) > (best.0, best.1) {
                best = found;
            }
        }
        self.languages.get(best.2).filter(|_| best.0 >= MIN_SHARE)
    }
}

/// Whether a BCP 47 tag names this language.
fn is_tag_of(tag: &str, language: &Language) -> bool {
    let primary = tag.split(['-', '_']).next().unwrap_or_default();
    primary.eq_ignore_ascii_case(language.as_str())
        || (primary.eq_ignore_ascii_case("no") && language.as_str() == "nb")
}

impl LanguageReader {
    /// A reader with the weights that ship with the program.
    #[must_use]
    pub fn new() -> Self {
        BUILT_IN.clone()
    }

    /// A reader with the weights in a file: two tables, the first of Latin languages, each after its length.
    ///
    /// # Errors
    /// Where one of the tables cannot be read.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, TableError> {
        let (n_bytes, rest) = bytes.split_first_chunk::<4>().ok_or(TableError::Length)?;
        let n_bytes = u32::from_le_bytes(*n_bytes) as usize;
        let (latin, few) = rest.split_at_checked(n_bytes).ok_or(TableError::Length)?;
        let (latin, few) = (Table::from_bytes(latin)?, Table::from_bytes(few)?);
        let sides = Arc::new(Sides { latin: Side::new(latin), few: Side::new(few) });
        Ok(Self { sides, stop_words: StopWords::new() })
    }

    /// The file of two tables.
    #[must_use]
    pub fn file(latin: &Table, few: &Table) -> Vec<u8> {
        let latin = latin.to_bytes();
        let mut bytes = (latin.len() as u32).to_le_bytes().to_vec();
        bytes.extend(latin);
        bytes.extend(few.to_bytes());
        bytes
    }

    /// Whether `word`, folded, is one of the small words of any language.
    pub(crate) fn is_stopword(&self, word: &str) -> bool {
        self.stop_words.contains(word)
    }

    /// The language of a text of these [letters](crate::Features::letters), with the tags that were declared
    /// for it. `rows` is a buffer.
    #[must_use]
    pub fn language(
        &self,
        letters: &[char],
        declared: &[SmolStr],
        rows: &mut Vec<u32>,
    ) -> Language {
        let said = || {
            declared.iter().map(|tag| Language::from_tag(tag)).find(|l| *l != Language::default())
        };
        let Some((script, n_letters)) = script(letters) else {
            return said().unwrap_or_default();
        };
        let told = match script {
            Script::One(code) => return Language::from_tag(code),
            Script::Few(codes) => {
                language_rows(letters, rows);
                self.sides.few.tell(rows, declared, |language| codes.contains(&language.as_str()))
            }
            Script::Latin if n_letters < MIN_LETTERS => None,
            Script::Latin => {
                language_rows(letters, rows);
                self.sides.latin.tell(rows, declared, |_| true)
            }
        };
        told.cloned().or_else(said).unwrap_or_default()
    }
}

/// The side on which a text of these letters is told: true for Latin, and the lanes that it may be; none
/// where its script is of one language. For training.
#[must_use]
pub fn side_of(letters: &[char]) -> Option<(bool, &'static [&'static str])> {
    match script(letters)?.0 {
        Script::Latin => Some((true, &[])),
        Script::Few(codes) => Some((false, codes)),
        Script::One(_) => None,
    }
}

impl Default for LanguageReader {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests;
