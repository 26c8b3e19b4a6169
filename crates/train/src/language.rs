//! The language model: which data, which copies of it, which lanes.

use std::{collections::BTreeMap, path::Path};

use fastrand::Rng;
use serde::Deserialize;
use vigie_analysis::{
    Features, LanguageReader, Table, TableError, features::MAX_READ_BYTES, language_rows, side_of,
};

use crate::{Examples, Progress, Settings, Split, TextError, quantize, texts, train};

/// Languages in Latin letters, a lane each.
const LATIN: [&str; 50] = [
    "af", "az", "bs", "ca", "cs", "cy", "da", "de", "en", "eo", "es", "et", "eu", "fi", "fr", "ga",
    "hr", "hu", "id", "is", "it", "la", "lg", "lt", "lv", "mi", "ms", "nb", "nl", "nn", "pl", "pt",
    "ro", "sk", "sl", "sn", "so", "sq", "sr", "st", "sv", "sw", "tl", "tn", "tr", "ts", "vi", "xh",
    "yo", "zu",
];
/// Languages in scripts that a few share.
const FEW: [&str; 15] =
    ["ar", "be", "bg", "fa", "hi", "ja", "kk", "mk", "mn", "mr", "ru", "sr", "uk", "ur", "zh"];
/// A megabyte of rows of 64 bytes; an eighth of one of rows of 16.
const LATIN_ROW_BITS: u32 = 14;
const FEW_ROW_BITS: u32 = 13;
/// Languages with more texts than this weigh no more by them.
const MANY_TEXTS: f32 = 10_000.0;
/// Languages that are written much on social networks, and those that are written some. The scores of the
/// others start lower, which matters for short texts only: a word of four letters is seldom Afrikaans.
const COMMON: &str = "en es pt fr de it id tr nl pl ar ru ja zh hi uk fa";
const KNOWN: &str = "sv hu cs ro da fi hr sr bs sk sl nb ca sq ms tl vi bg ur mk be";
const KNOWN_BIAS: f32 = -0.6;
const RARE_BIAS: f32 = -2.2;
/// What copies without accents, and short copies, weigh against the text itself.
const BARE_WEIGHT: f32 = 0.4;
const SHORT_WEIGHT: f32 = 1.0;

/// Greetings, thanks, laughs: what short posts say.
const PHRASES: &str = include_str!("../data/phrases.txt");
/// How often each phrase is learned.
const PHRASE_COPIES: usize = 12;

/// The files of labelled texts, below the folder of data.
const FILES: [&str; 8] = [
    "lid/lingua_dev.jsonl.gz",
    "sentiment/mozetic15_posneg.jsonl.gz",
    "sentiment/umsab_train.jsonl.gz",
    "sentiment/semeval2013-2016_en.jsonl.gz",
    "sentiment/deft2017_fr_train.jsonl.gz",
    "sentiment/reviews_ja.jsonl.gz",
    "sentiment/reviews_zh.jsonl.gz",
    "sentiment/reviews_id.jsonl.gz",
];

/// A line of a set of texts in known languages.
#[derive(Clone, Debug, Deserialize)]
struct Line {
    lang: String,
    text: String,
    /// Of lingua's texts: `single-words`, `word-pairs` or `sentences`.
    #[serde(default)]
    kind: String,
}

/// A text that was kept out of the training, to measure with.
#[derive(Clone, Debug)]
pub struct HeldOut {
    /// The ISO 639-1 code.
    pub lang: String,
    /// What was written, without names and links.
    pub text: String,
    /// Where it is from: `tweets`, or the kind of lingua's text.
    pub kind: String,
}

impl HeldOut {
    /// The group that this text is counted in, by its length in characters.
    fn length(&self) -> &'static str {
        match self.text.chars().count() {
            ..=20 => "up to 20 characters",
            21..=60 => "21 to 60 characters",
            _ => "over 60 characters",
        }
    }
}

/// Right answers, texts, answers of `und`.
type Counts = (u32, u32, u32);

/// How good a language model is on texts that were kept out of its training.
#[derive(Clone, Debug, Default)]
pub struct LanguageFigures(BTreeMap<String, Counts>);

impl LanguageFigures {
    /// Measures `reader`; Croatian, Serbian and Bosnian count as one.
    #[must_use]
    pub fn of(reader: &LanguageReader, held_out: &[HeldOut]) -> Self {
        let mut figures = Self::default();
        let mut features = Features::new();
        let mut rows = Vec::new();
        for line in held_out {
            features.read(&line.text, []);
            let found = reader.language(features.letters(), &[], &mut rows);
            let truth = one_of_kin(&line.lang);
            let is_right = one_of_kin(found.as_str()) == truth;
            let groups = [
                line.kind.clone(),
                format!("{}, {}", line.kind, line.length()),
                format!("{}, {truth}", line.kind),
            ];
            for group in groups {
                let counts = figures.0.entry(group).or_default();
                counts.0 += u32::from(is_right);
                counts.1 += 1;
                counts.2 += u32::from(found.as_str() == "und");
            }
        }
        figures
    }
}

fn one_of_kin(code: &str) -> &str {
    if matches!(code, "sr" | "bs") { "hr" } else { code }
}

impl std::fmt::Display for LanguageFigures {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut means: BTreeMap<&str, (f64, u32)> = BTreeMap::new();
        for (group, (n_right, n_texts, n_unsure)) in &self.0 {
            let percent = 100.0 * f64::from(*n_right) / f64::from(*n_texts);
            writeln!(f, "{group:36} {percent:5.1} % of {n_texts} ({n_unsure} not told)")?;
            if let Some((kind, _)) = group.split_once(", ").filter(|(_, of)| of.len() == 2) {
                let mean = means.entry(kind).or_default();
                *mean = (mean.0 + percent, mean.1 + 1);
            }
        }
        for (kind, (sum, n_languages)) in means {
            let mean = sum / f64::from(n_languages);
            writeln!(f, "{kind}: mean of {n_languages} languages {mean:.1} %")?;
        }
        Ok(())
    }
}

/// What the training of the language model gives.
#[derive(Clone, Debug)]
pub struct LanguageModel {
    /// The file for the program.
    pub file: Vec<u8>,
    /// What was kept out.
    pub held_out: Vec<HeldOut>,
    /// How many texts each language had.
    pub n_texts: BTreeMap<String, usize>,
}

/// Why there is no language model.
#[derive(Debug, thiserror::Error)]
pub enum LanguageError {
    /// The data cannot be read.
    #[error(transparent)]
    Text(#[from] TextError),
    /// The weights do not make a table.
    #[error("the weights do not make a table")]
    Table(#[from] TableError),
}

/// Trains the language model on the data below `data`, but for what `split` keeps out of it.
///
/// # Errors
/// Where a file of the data cannot be read.
pub fn train_language(
    data: &Path,
    split: Split,
    settings: &Settings,
    progress: &mut dyn FnMut(Progress),
) -> Result<LanguageModel, LanguageError> {
    let mut held_out = Vec::new();
    let mut lines = Vec::new();
    for file in FILES {
        let is_lingua = file.starts_with("lid/");
        for line in texts::<Line>(&data.join(file))? {
            // Its Hindi is written in Latin letters, and half English.
            if file.contains("umsab") && line.lang == "hi" {
                continue;
            }
            let text = without_names(&line.text);
            // Lingua's set is small and clean: half of it is kept out where a tenth of the tweets is.
            let out = if is_lingua { 5 * split.out_of_thousand } else { split.out_of_thousand };
            if (Split { out_of_thousand: out, ..split }).keeps_out(&line.text) {
                let kind = if is_lingua { line.kind } else { "tweets".to_owned() };
                held_out.push(HeldOut { lang: line.lang, text, kind });
            } else {
                lines.push((line.lang, text));
            }
        }
    }
    let mut n_texts = BTreeMap::new();
    for (lang, _) in &lines {
        *n_texts.entry(lang.clone()).or_default() += 1;
    }
    let mut maker = Maker::new(&n_texts, settings.seed);
    for (lang, text) in &lines {
        maker.add(lang, text);
    }
    maker.add_phrases();
    let latin = fit(&maker.latin, &LATIN, LATIN_ROW_BITS, settings, progress)?;
    let few = fit(&maker.few, &FEW, FEW_ROW_BITS, settings, progress)?;
    Ok(LanguageModel { file: LanguageReader::file(&latin, &few), held_out, n_texts })
}

fn fit(
    examples: &Examples,
    names: &[&str],
    row_bits: u32,
    settings: &Settings,
    progress: &mut dyn FnMut(Progress),
) -> Result<Table, TableError> {
    let settings = Settings { row_bits, ..*settings };
    let mut weights = train(examples, &settings, None, progress);
    for (bias, name) in weights.biases_mut().iter_mut().zip(names) {
        let is_in = |list: &str| list.split(' ').any(|code| code == *name);
        *bias += match () {
            () if is_in(COMMON) => 0.0,
            () if is_in(KNOWN) => KNOWN_BIAS,
            () => RARE_BIAS,
        };
    }
    quantize(&weights, names)
}

/// Makes examples and the copies that stand for how people write.
struct Maker<'a> {
    n_texts: &'a BTreeMap<String, usize>,
    latin: Examples,
    few: Examples,
    features: Features,
    rows: Vec<u32>,
    rng: Rng,
}

impl<'a> Maker<'a> {
    fn new(n_texts: &'a BTreeMap<String, usize>, seed: u64) -> Self {
        Self {
            n_texts,
            latin: Examples::new(LATIN.len()),
            few: Examples::new(FEW.len()),
            features: Features::new(),
            rows: Vec::new(),
            rng: Rng::with_seed(seed),
        }
    }

    fn add(&mut self, lang: &str, text: &str) {
        let n_texts = self.n_texts.get(lang).copied().unwrap_or(1) as f32;
        let weight = (MANY_TEXTS / n_texts).min(1.0);
        self.push(lang, text, weight);
        let bare = vigie_analysis::fold(text);
        if bare != text.to_lowercase() {
            self.push(lang, &bare, weight * BARE_WEIGHT);
        }
        let words: Vec<&str> = text.split_whitespace().collect();
        if words.len() > 3 {
            let n_words = self.rng.usize(1..=4.min(words.len()));
            let start = self.rng.usize(..=words.len() - n_words);
            let short = words.get(start..start + n_words).unwrap_or_default().join(" ");
            self.push(lang, &short, weight * SHORT_WEIGHT);
            if self.rng.bool() {
                self.push(lang, &vigie_analysis::fold(&short), weight * SHORT_WEIGHT * 0.5);
            }
        }
    }

    fn add_phrases(&mut self) {
        for line in PHRASES.lines().filter(|line| !line.starts_with('#')) {
            let Some((lang, phrases)) = line.split_once(' ') else { continue };
            for phrase in phrases.split('|').map(str::trim) {
                for _ in 0..PHRASE_COPIES {
                    self.push(lang, phrase, 1.0);
                }
                self.push(lang, &vigie_analysis::fold(phrase), PHRASE_COPIES as f32 * BARE_WEIGHT);
            }
        }
    }

    fn push(&mut self, lang: &str, text: &str, weight: f32) {
        debug_assert!(text.len() <= 8 * MAX_READ_BYTES, "posts are short");
        self.features.read(text, []);
        let Some((is_latin, codes)) = side_of(self.features.letters()) else { return };
        let names: &[&str] = if is_latin { &LATIN } else { &FEW };
        let Some(lane) = names.iter().position(|name| *name == lang) else { return };
        if !is_latin && !codes.contains(&lang) {
            return;
        }
        language_rows(self.features.letters(), &mut self.rows);
        let examples = if is_latin { &mut self.latin } else { &mut self.few };
        examples.push_class(&self.rows, lane, weight);
    }
}

/// The text without names, links and the sign of a repost: they are of no language.
#[must_use]
pub fn without_names(text: &str) -> String {
    let words = text.split_whitespace().filter(|word| {
        !word.starts_with('@')
            && !word.starts_with("http")
            && !word.contains("t.co/")
            && *word != "RT"
    });
    words.collect::<Vec<_>>().join(" ")
}
