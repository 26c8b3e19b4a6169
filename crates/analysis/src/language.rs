//! Which language a text is in: its script first, then a vote of small words, then what was declared.
//!
//! Evidence from the text stands above the tag that the author or the network set;
//! the tag decides where the text says little.

use rustc_hash::FxHashMap;
use smol_str::SmolStr;
use vigie_model::Language;

use crate::{
    fold::fold,
    token::{Token, TokenKind},
};

/// The list of small words, one language a line.
const STOPWORDS: &str = include_str!("../data/stopwords.txt");
/// What a declared tag weighs against small words, each of which weighs one over the languages that have it.
const DECLARED_WEIGHT: f32 = 1.2;
/// Less than this says nothing.
const MIN_WEIGHT: f32 = 0.6;

/// Tells languages apart.
#[derive(Clone, Debug)]
pub(crate) struct LanguageReader {
    languages: Vec<Language>,
    /// For each small word, the languages that have it, as bits.
    words: FxHashMap<SmolStr, u16>,
}

impl LanguageReader {
    pub(crate) fn new() -> Self {
        let mut languages = Vec::new();
        let mut words = FxHashMap::default();
        for line in STOPWORDS.lines().filter(|line| !line.starts_with('#')) {
            let mut fields = line.split_whitespace();
            let Some(code) = fields.next() else { continue };
            let bit = 1_u16 << languages.len().min(15);
            languages.push(Language::from_tag(code));
            for word in fields {
                *words.entry(SmolStr::from(fold(word))).or_default() |= bit;
            }
        }
        Self { languages, words }
    }

    /// Whether `word` is one of the small words of any language.
    pub(crate) fn is_stopword(&self, word: &str) -> bool {
        self.words.contains_key(word)
    }

    /// The language of the text that was cut into `tokens`.
    pub(crate) fn language(&self, tokens: &[Token<'_>], declared: &[SmolStr]) -> Language {
        let declared: Vec<_> = declared
            .iter()
            .map(|tag| Language::from_tag(tag))
            .filter(|language| *language != Language::default())
            .collect();
        match script(tokens) {
            Script::Latin => self.vote(tokens, &declared),
            Script::None => declared.into_iter().next().unwrap_or_default(),
            Script::Other(codes) => {
                let fits = |language: &&Language| codes.contains(&language.as_str());
                declared.iter().find(fits).cloned().unwrap_or_else(|| {
                    Language::from_tag(codes.first().copied().unwrap_or_default())
                })
            }
        }
    }

    fn vote(&self, tokens: &[Token<'_>], declared: &[Language]) -> Language {
        let mut weights = [0.0_f32; 16];
        for token in tokens.iter().filter(|token| token.kind == TokenKind::Word) {
            let Some(&bits) = self.words.get(token.text) else { continue };
            // u16 to f32 is exact; a word of four languages says a quarter for each.
            let share = 1.0 / f32::from(u16::try_from(bits.count_ones()).unwrap_or(1));
            for (bit, weight) in weights.iter_mut().enumerate() {
                if bits & (1 << bit) != 0 {
                    *weight += share;
                }
            }
        }
        for (language, weight) in self.languages.iter().zip(&mut weights) {
            if declared.contains(language) {
                *weight += DECLARED_WEIGHT;
            }
        }
        let best = self.languages.iter().zip(weights).max_by(|a, b| a.1.total_cmp(&b.1));
        match best {
            Some((language, weight)) if weight >= MIN_WEIGHT => language.clone(),
            _ => declared.first().cloned().unwrap_or_default(),
        }
    }
}

/// The script that most of a text is written in.
#[derive(Debug, PartialEq, Eq)]
enum Script {
    /// No letters at all.
    None,
    /// Latin letters: the words must tell.
    Latin,
    /// A script of few languages; the first is meant where nothing else is said.
    Other(&'static [&'static str]),
}

/// The letters of a script, and the languages that are written in it.
type ScriptEntry = (fn(char) -> bool, &'static [&'static str]);

/// Scripts that tell the language.
const SCRIPTS: [ScriptEntry; 12] = [
    (|c| matches!(c, '\u{3040}'..='\u{30ff}'), &["ja"]),
    (|c| matches!(c, '\u{ac00}'..='\u{d7af}' | '\u{1100}'..='\u{11ff}'), &["ko"]),
    (|c| matches!(c, '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}'), &["zh", "ja"]),
    (|c| matches!(c, '\u{600}'..='\u{6ff}'), &["ar", "fa", "ur"]),
    (|c| matches!(c, '\u{590}'..='\u{5ff}'), &["he", "yi"]),
    (|c| matches!(c, '\u{900}'..='\u{97f}'), &["hi", "mr", "ne"]),
    (|c| matches!(c, '\u{e00}'..='\u{e7f}'), &["th"]),
    (|c| matches!(c, '\u{370}'..='\u{3ff}'), &["el"]),
    (|c| matches!(c, 'і' | 'ї' | 'є' | 'ґ'), &["uk", "be"]),
    (|c| matches!(c, '\u{400}'..='\u{4ff}'), &["ru", "uk", "bg", "sr", "mk", "be"]),
    (|c| matches!(c, '\u{980}'..='\u{9ff}'), &["bn"]),
    (|c| matches!(c, '\u{b80}'..='\u{bff}'), &["ta"]),
];

fn script(tokens: &[Token<'_>]) -> Script {
    let mut n_latin = 0_u32;
    let mut n_others = [0_u32; SCRIPTS.len()];
    let words = tokens.iter().filter(|token| token.kind == TokenKind::Word);
    for character in words.flat_map(|token| token.text.chars()) {
        if character.is_ascii_alphabetic() {
            n_latin += 1;
        } else if let Some((_, n_chars)) =
            SCRIPTS.iter().zip(&mut n_others).find(|((has, _), _)| has(character))
        {
            *n_chars += 1;
        }
    }
    let n_other: u32 = n_others.iter().sum();
    if n_other == 0 || n_other * 2 < n_latin {
        return if n_latin == 0 { Script::None } else { Script::Latin };
    }
    // Kana and the Ukrainian letters stand among others that are more, so the first sign of them decides.
    let [n_kana, _, n_han, _, _, _, _, _, n_ukrainian, n_cyrillic, ..] = n_others;
    let first = if n_kana > 0 && n_kana * 10 >= n_han {
        0
    } else if n_ukrainian > 0 && n_cyrillic > 0 && n_ukrainian * 20 >= n_cyrillic {
        8
    } else {
        (0..n_others.len()).max_by_key(|idx| n_others.get(*idx).copied()).unwrap_or_default()
    };
    SCRIPTS.get(first).map_or(Script::None, |(_, codes)| Script::Other(codes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::tokens;

    #[track_caller]
    fn check(text: &str, declared: &[&str], expected: &str) {
        let reader = LanguageReader::new();
        let declared: Vec<SmolStr> = declared.iter().map(SmolStr::new).collect();
        let folded = fold(text);
        assert_eq!(reader.language(&tokens(&folded), &declared).as_str(), expected, "{text}");
    }

    #[test]
    fn small_words_tell() {
        check("Le train est encore en retard, c'est pas possible", &[], "fr");
        check("The train is late again and nobody knows why", &[], "en");
        check("El tren llega con retraso y no hay información", &[], "es");
        check("Der Zug ist schon wieder zu spät und keiner weiß warum", &[], "de");
        check("Il treno è in ritardo e non si sa perché", &[], "it");
        check("O trem está atrasado e não há informação", &[], "pt");
        check("De trein is weer te laat en niemand weet waarom", &[], "nl");
        check("Pociąg jest opóźniony i nie wiem dlaczego", &[], "pl");
    }

    #[test]
    fn scripts_tell() {
        check("電車が遅れています", &[], "ja");
        check("火车又晚点了", &[], "zh");
        check("기차가 또 늦어요", &[], "ko");
        check("القطار متأخر مرة أخرى", &[], "ar");
        check("הרכבת מאחרת שוב", &[], "he");
        check("ट्रेन फिर लेट है", &[], "hi");
        check("รถไฟมาช้าอีกแล้ว", &[], "th");
        check("Поезд снова опаздывает", &[], "ru");
        check("Поїзд знову спізнюється", &[], "uk");
        check("Το τρένο άργησε", &[], "el");
    }

    #[test]
    fn the_declared_tag_is_evidence_not_truth() {
        check("TGV 6173", &["fr-FR"], "fr");
        check("🚆🚆", &["de"], "de");
        check("Le train est à quai et il part dans une heure", &["en"], "fr");
        check("قطار", &["fa"], "fa");
        check("قطار", &["fr"], "ar");
        check("Ok super", &["sk"], "sk");
        check("xyz", &["klingon"], "und");
        check("", &[], "und");
    }

    #[test]
    fn every_line_of_the_list_is_a_language() {
        let reader = LanguageReader::new();
        assert!(reader.languages.len() <= 16);
        assert!(reader.languages.iter().all(|language| language.as_str() != "und"));
    }
}
