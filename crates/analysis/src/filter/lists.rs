//! The word lists of `assets/words`, read once at the start.
//!
//! All words of all lists, phrases and addresses are one vocabulary; a text becomes a row of numbers of that
//! vocabulary, in which phrases are looked up by their rarest word.

use rustc_hash::FxHashMap;
use serde::Deserialize;
use vigie_model::{Flag, Severity};

use super::{clean, trie::Trie};
use crate::{fold::fold, sieve::LargeSieve};

/// Our lists, by the language that they are written in.
const LISTS: [(Tongue, &str); 2] = [
    (Tongue::French, include_str!("../../../../assets/words/abuse.fr.toml")),
    (Tongue::English, include_str!("../../../../assets/words/abuse.en.toml")),
];
/// Bits of the small filter that most words of clean posts fail at.
const N_SIEVE_BITS: u64 = 1 << 16;

/// A language that has a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tongue {
    French,
    English,
}

impl Tongue {
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::French => "fr",
            Self::English => "en",
        }
    }

    const fn bit(self) -> u8 {
        1 << self as u8
    }
}

/// A word's number in the vocabulary.
pub(super) type WordId = u16;

/// What one list says of one word.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sense {
    pub(super) flag: Flag,
    pub(super) severity: Severity,
    /// Whether a second sign is needed.
    pub(super) weak: bool,
    /// Whether it counts only in posts of its language.
    pub(super) local: bool,
    pub(super) tongue: Tongue,
}

/// A word of the vocabulary.
#[derive(Clone, Debug)]
pub(super) struct Word {
    pub(super) text: Box<str>,
    pub(super) senses: Vec<Sense>,
    /// Phrases that are looked up by this word.
    pub(super) phrases: Vec<Phrase>,
    /// Addresses that end with this word.
    pub(super) addresses: Vec<(Tongue, Box<[WordId]>)>,
    fillers: u8,
    is_common: bool,
}

impl Word {
    /// Whether the word may stand between an address and the word that it is for.
    pub(super) const fn fills(&self, tongue: Tongue) -> bool {
        self.fillers & tongue.bit() != 0
    }

    /// Whether a text with this word deserves a closer look.
    fn is_sign(&self) -> bool {
        !self.senses.is_empty() || self.phrases.iter().any(|phrase| phrase.sense.is_some())
    }

    /// The greatest severity of its senses; weak ones count for less.
    pub(super) fn weight(&self) -> u8 {
        let of = |sense: &Sense| 2 * sense.severity as u8 - u8::from(sense.weak);
        self.senses.iter().map(of).max().unwrap_or_default()
    }
}

/// Words in a row.
#[derive(Clone, Debug)]
pub(super) struct Phrase {
    pub(super) words: Box<[WordId]>,
    /// Which of them it is looked up by.
    pub(super) anchor: usize,
    /// What it means; nothing where the words in it are innocent.
    pub(super) sense: Option<(Flag, Severity)>,
}

/// All lists.
#[derive(Clone, Debug)]
pub(super) struct Lists {
    ids: FxHashMap<Box<str>, WordId>,
    words: Vec<Word>,
    sieve: Vec<u64>,
    /// The words of up to fifteen letters, and the signs among them, by another hash.
    short: LargeSieve,
    short_ids: FxHashMap<u64, WordId>,
    short_signs: LargeSieve,
    pub(super) trie: Trie,
}

/// A list as it stands in its file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ListFile {
    address: Vec<String>,
    fillers: String,
    /// Words that stand in too many clean posts to look phrases up by.
    common: String,
    innocent: Vec<String>,
    group: Vec<GroupFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GroupFile {
    flag: Flag,
    severity: Severity,
    #[serde(default)]
    weak: bool,
    #[serde(default)]
    local: bool,
    #[serde(default)]
    words: String,
    #[serde(default)]
    phrases: Vec<String>,
}

impl Lists {
    /// The lists that the program carries.
    pub(super) fn new() -> Self {
        let n_words = usize::try_from(N_SIEVE_BITS / 64).unwrap_or_default();
        let mut lists = Self {
            ids: FxHashMap::default(),
            words: Vec::new(),
            sieve: vec![0; n_words],
            short: LargeSieve::default(),
            short_ids: FxHashMap::default(),
            short_signs: LargeSieve::default(),
            trie: Trie::default(),
        };
        let read = |text| toml::from_str(text).expect("a test reads the built-in lists");
        let files = LISTS.map(|(tongue, text)| (tongue, read(text)));
        for (tongue, list) in &files {
            lists.add_words(*tongue, list);
        }
        for (_, list) in &files {
            lists.add_all_phrases(list);
        }
        for (id, word) in lists.words.iter().enumerate() {
            lists.trie.insert(&word.text, id as WordId);
            if word.is_sign() {
                let (cell, bit) = Hash::of(&word.text).place();
                if let Some(cell) = lists.sieve.get_mut(cell) {
                    *cell |= bit;
                }
            }
        }
        let short = lists.words.iter().filter(|word| word.text.len() <= clean::MAX_LETTERS);
        let hash = |word: &Word| clean::short_hash(&word.text);
        lists.short_signs = short.clone().filter(|word| word.is_sign()).map(hash).collect();
        lists.short = short.map(hash).collect();
        let ids = lists.words.iter().zip(0..);
        let ids = ids.filter(|(word, _)| word.text.len() <= clean::MAX_LETTERS);
        lists.short_ids = ids.map(|(word, id)| (hash(word), id)).collect();
        lists
    }

    fn add_words(&mut self, tongue: Tongue, list: &ListFile) {
        for address in &list.address {
            let words: Box<[_]> = address.split(' ').map(|word| self.id(word)).collect();
            if let Some(word) = words.last().and_then(|last| self.words.get_mut(*last as usize)) {
                word.addresses.push((tongue, words));
            }
        }
        for form in list.fillers.split_whitespace() {
            let id = self.id(form);
            if let Some(word) = self.words.get_mut(usize::from(id)) {
                word.fillers |= tongue.bit();
            }
        }
        for form in list.common.split_whitespace() {
            let id = self.id(form);
            if let Some(word) = self.words.get_mut(usize::from(id)) {
                word.is_common = true;
            }
        }
        for group in &list.group {
            let GroupFile { flag, severity, weak, local, .. } = *group;
            for form in group.words.split_whitespace().flat_map(forms) {
                let id = self.id(&form);
                if let Some(word) = self.words.get_mut(usize::from(id)) {
                    word.senses.push(Sense { flag, severity, weak, local, tongue });
                }
            }
        }
    }

    /// Adds the phrases once all words are known, since listed words are the best to look phrases up by.
    fn add_all_phrases(&mut self, list: &ListFile) {
        for innocent in &list.innocent {
            self.add_phrases(innocent, None);
        }
        for group in &list.group {
            for phrase in &group.phrases {
                self.add_phrases(phrase, Some((group.flag, group.severity)));
            }
        }
    }

    /// Adds all phrases that `notation` stands for.
    fn add_phrases(&mut self, notation: &str, sense: Option<(Flag, Severity)>) {
        let mut phrases: Vec<Vec<(String, bool)>> = vec![Vec::new()];
        for alternatives in notation.split_whitespace() {
            let mut longer = Vec::new();
            let marked = alternatives.contains('^');
            for form in alternatives.split('|').flat_map(|one| forms(one.trim_start_matches('^'))) {
                longer.extend(phrases.iter().map(|phrase| {
                    let mut phrase = phrase.clone();
                    phrase.push((form.clone(), marked));
                    phrase
                }));
            }
            phrases = longer;
        }
        for phrase in phrases {
            let words: Box<[_]> = phrase.iter().map(|(form, _)| self.id(form)).collect();
            let rarity = |place: &usize| {
                let word = words.get(*place).and_then(|id| self.word(*id));
                let is_listed = word.is_some_and(|word| !word.senses.is_empty());
                let is_rare = word.is_some_and(|word| !word.is_common);
                phrase.get(*place).map(|(form, marked)| (is_listed, is_rare, *marked, form.len()))
            };
            let rarest = (0..phrase.len()).max_by_key(rarity);
            let anchor = rarest.unwrap_or_default();
            let id = words.get(anchor).copied().unwrap_or_default();
            if let Some(word) = self.words.get_mut(usize::from(id)) {
                word.phrases.push(Phrase { words, anchor, sense });
            }
        }
    }

    /// The number of a word, new where it has none.
    fn id(&mut self, form: &str) -> WordId {
        let text = fold(form).into_boxed_str();
        let next = WordId::try_from(self.words.len()).expect("a test counts the words");
        *self.ids.entry(text).or_insert_with_key(|text| {
            self.words.push(Word {
                text: text.clone(),
                senses: Vec::new(),
                phrases: Vec::new(),
                addresses: Vec::new(),
                fillers: 0,
                is_common: false,
            });
            next
        })
    }

    /// The number of a folded word that stands in some list.
    pub(super) fn find(&self, text: &str) -> Option<WordId> {
        if text.len() > clean::MAX_LETTERS {
            return self.ids.get(text).copied();
        }
        let hash = clean::short_hash(text);
        let id = self.short.may_have(hash).then(|| self.short_ids.get(&hash).copied()).flatten()?;
        // Of a word of eight letters the hash is as good as its text.
        let is_it = text.len() <= 8 || self.word(id).is_some_and(|word| *word.text == *text);
        is_it.then_some(id)
    }

    pub(super) fn word(&self, id: WordId) -> Option<&Word> {
        self.words.get(usize::from(id))
    }

    /// Whether a word of this hash may make a text worth a closer look. Seldom wrong, and then only with yes.
    pub(super) fn may_be_sign(&self, hash: Hash) -> bool {
        let (cell, bit) = hash.place();
        self.sieve.get(cell).is_some_and(|cell| cell & bit != 0)
    }

    /// As [`Self::may_be_sign`], for words of up to fifteen letters and their [hash](clean::short_hash).
    #[inline]
    pub(super) fn may_be_short_sign(&self, hash: u64) -> bool {
        self.short_signs.may_have(hash)
    }

    /// Whether a folded word makes a text worth a closer look.
    pub(super) fn is_sign(&self, text: &str) -> bool {
        self.find(text).and_then(|id| self.word(id)).is_some_and(Word::is_sign)
    }

    /// How many words the lists know, and how many of them are listed by themselves.
    #[cfg(test)]
    pub(super) fn n_words(&self, tongue: Tongue) -> usize {
        let of = |word: &&Word| word.senses.iter().any(|sense| sense.tongue == tongue);
        self.words.iter().filter(of).count()
    }
}

/// The hash of a word, letter by letter: FNV-1a, since words are short.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hash(u64);

impl Hash {
    /// No letter yet.
    pub(super) const START: Self = Self(0xcbf2_9ce4_8422_2325);

    /// The hash of the word with one letter more.
    pub(super) const fn then(self, letter: u8) -> Self {
        Self((self.0 ^ letter as u64).wrapping_mul(0x0100_0000_01b3))
    }

    fn of(text: &str) -> Self {
        text.bytes().fold(Self::START, Self::then)
    }

    /// Where the word stands in the sieve: a cell and a bit of it.
    const fn place(self) -> (usize, u64) {
        let place = (self.0 ^ (self.0 >> 29)) % N_SIEVE_BITS;
        ((place / 64) as usize, 1 << (place % 64))
    }
}

/// The forms that a notation stands for: `abruti(e)(s)` is four.
fn forms(notation: &str) -> Vec<String> {
    let mut forms = vec![String::new()];
    for (place, part) in notation.split('(').enumerate() {
        let (ending, rest) = part.split_once(')').unwrap_or(("", part));
        if place > 0 {
            let longer: Vec<_> = forms.iter().map(|form| format!("{form}{ending}")).collect();
            forms.extend(longer);
        }
        for form in &mut forms {
            form.push_str(if place > 0 { rest } else { part });
        }
    }
    forms
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notation_stands_for_its_forms() {
        assert_eq!(forms("abruti(e)(s)"), ["abruti", "abrutie", "abrutis", "abruties"]);
        assert_eq!(forms("con(ne)s"), ["cons", "connes"]);
        assert_eq!(forms("merde"), ["merde"]);
    }

    #[test]
    fn the_lists_are_read_and_large_enough() {
        let lists = Lists::new();
        let counts = (lists.n_words(Tongue::French), lists.n_words(Tongue::English));
        assert!(counts.0 >= 300 && counts.1 >= 400, "{counts:?}");
        assert!(lists.words.len() < usize::from(WordId::MAX));
        assert!(lists.is_sign("connard") && lists.is_sign("yourself") && !lists.is_sign("train"));
        let split = |word: &&Word| !word.text.bytes().all(|byte| byte.is_ascii_lowercase());
        let broken: Vec<_> = lists.words.iter().filter(split).map(|word| &word.text).collect();
        assert!(broken.is_empty(), "words are letters only: {broken:?}");
    }
}
