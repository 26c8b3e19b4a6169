//! Which language a text is in: its script first, then a linear model over runs of letters, with the tags
//! that the author or the network set as evidence beside.
//!
//! Scripts of one language need no model. Latin letters and the scripts of a few languages have a
//! [`Table`] each, with a lane a language. The answer is `und` where there are no letters and where no
//! language stands out.

mod rows;
mod script;
mod side;
mod words;

use std::sync::{Arc, LazyLock};

use smol_str::SmolStr;
use vigie_model::Language;

use crate::{
    table::{Table, TableError},
    token::Token,
};
pub use rows::language_rows;
use script::{Script, script};
use side::Side;
use words::StopWords;

/// The weights that ship with the program.
const WEIGHTS: &[u8] = include_bytes!("../../../../assets/models/language.bin");
/// Texts with fewer letters of an alphabet say nothing of their language.
const MIN_LETTERS: u32 = 2;
/// How a text is written.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Writing {
    /// In letters that tell nothing, or in none.
    Unknown,
    /// In a script of this language.
    One(&'static str),
    /// In a script of several.
    Several(Script),
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

    /// Whether a word is one of the small words of any language.
    #[inline]
    pub(crate) fn is_stopword(&self, word: &Token<'_>) -> bool {
        self.stop_words.contains(word.text, word.hash)
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
        let writing = self.look(letters, rows);
        self.tell(writing, declared, rows)
    }

    /// How the text is written, and the rows that tell its language where it is one of several. Their weights are
    /// fetched meanwhile.
    pub(crate) fn look(&self, letters: &[char], rows: &mut Vec<u32>) -> Writing {
        rows.clear();
        let Some((script, n_letters)) = script(letters) else { return Writing::Unknown };
        match script {
            Script::One(code) => return Writing::One(code),
            Script::Few(_) => {
                language_rows(letters, rows);
                self.sides.few.table.prefetch(rows);
            }
            Script::Latin if n_letters < MIN_LETTERS => return Writing::Unknown,
            Script::Latin => {
                language_rows(letters, rows);
                self.sides.latin.table.prefetch(rows);
            }
        }
        Writing::Several(script)
    }

    /// The language of a text that is written so and has these rows.
    pub(crate) fn tell(&self, writing: Writing, declared: &[SmolStr], rows: &[u32]) -> Language {
        let said = || {
            declared.iter().map(|tag| Language::from_tag(tag)).find(|l| *l != Language::default())
        };
        let told = match writing {
            Writing::Unknown => None,
            Writing::One(code) | Writing::Several(Script::One(code)) => {
                return Language::from_tag(code);
            }
            Writing::Several(Script::Few(codes)) => {
                self.sides.few.tell(rows, declared, Some(codes))
            }
            Writing::Several(Script::Latin) => self.sides.latin.tell(rows, declared, None),
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
