//! The toxicity model: what it is made of, how it is trained, how good it is.
//!
//! One lane says how offensive a text is. It learns from OLID's training part above all; MLMA and the hate set of
//! TweetEval count little, since their posts were searched by words, and a model takes those words for the offence.
//! Posts of sentiment sets and our own sentences about who people are stand for what is clean, the negative ones too:
//! a complaint is no abuse. Posts with a listed word are no clean side, whatever their set says.

use std::{fmt, path::Path};

use serde::Deserialize;
use vigie_analysis::{
    Features, TOXICITY_LANE, Table, TableError, WordFilter, toxicity_flags, toxicity_score,
};
use vigie_model::{Flag, Flags};

use crate::{Confusion, Examples, Loss, Progress, Settings, TextError, quantize, texts, train};

/// Our own clean sentences about who people are.
const IDENTITY: &str = include_str!("../data/identity.txt");
/// Parts of the cross validation.
const N_FOLDS: u64 = 3;
/// What sentences of [`IDENTITY`], posts of clean sets, and complaints among them, weigh.
const IDENTITY_WEIGHT: f32 = 0.3;
const CLEAN_WEIGHT: f32 = 0.2;
const COMPLAINT_WEIGHT: f32 = 0.1;

/// What a set is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    /// Offensive or not, as the product means it.
    Offense,
    /// Hateful or not: what is not hateful may well be offensive.
    Hate,
    /// Hostile or not, found by search words.
    Hostility,
    /// Nothing offensive but by chance.
    Clean,
    /// As [`Role::Offense`] or [`Role::Clean`], and never trained on.
    HeldOut,
}

/// The sets: file, language where its lines do not say, role.
const SETS: [(&str, &str, Role); 9] = [
    ("toxicity/tweeteval_offensive_train", "en", Role::Offense),
    ("toxicity/tweeteval_offensive_val", "en", Role::HeldOut),
    ("toxicity/tweeteval_hate_train", "en", Role::Hate),
    ("toxicity/mlma_train", "", Role::Hostility),
    ("sentiment/umsab_train", "", Role::Clean),
    ("sentiment/umsab_val", "", Role::HeldOut),
    ("sentiment/semeval2013-2016_en", "en", Role::Clean),
    ("sentiment/deft2017_fr_train", "fr", Role::Clean),
    ("sentiment/mozetic15_posneg", "", Role::Clean),
];
/// Of the largest set, so many lines at most are taken: it is the sixth part.
const MAX_LINES: usize = 50_000;

/// A line of any of the sets.
#[derive(Deserialize)]
struct Line {
    #[serde(default)]
    lang: String,
    #[serde(default)]
    label: serde_json::Value,
    #[serde(default)]
    hostility: String,
    text: String,
}

/// A text, ready to be learned or measured.
struct Sample {
    rows: Vec<u32>,
    /// What our lists raise.
    words: Flags,
    offensive: bool,
    weight: f32,
    /// What its figures are counted under; nothing where it only teaches.
    group: Option<String>,
    is_held_out: bool,
    fold: u64,
}

/// Why there is no toxicity model.
#[derive(Debug, thiserror::Error)]
pub enum ToxicityError {
    /// The data cannot be read.
    #[error(transparent)]
    Text(#[from] TextError),
    /// The weights do not make a table.
    #[error("the weights do not make a table")]
    Table(#[from] TableError),
}

/// What the training of the toxicity model gives.
#[derive(Clone, Debug)]
pub struct ToxicityModel {
    /// The file for the program.
    pub file: Vec<u8>,
    /// How good it is on texts that it was not trained on.
    pub figures: ToxicityFigures,
}

/// How good the filter is: lists and model together.
#[derive(Clone, Debug, Default)]
pub struct ToxicityFigures {
    /// By group of texts.
    pub groups: Vec<GroupFigures>,
}

/// The figures of one group of texts.
#[derive(Clone, Debug)]
pub struct GroupFigures {
    /// The set and the language.
    pub name: String,
    /// Clean and offensive, as told by people (rows) and by the filter (columns).
    pub confusion: Confusion,
    /// Clean posts that would be held, and all clean posts.
    pub n_clean_held: (u32, u32),
    /// Offensive posts that would be held, and all offensive posts.
    pub n_offensive_held: (u32, u32),
}

/// The settings that were found best by cross validation on the training parts.
#[must_use]
pub fn toxicity_settings() -> Settings {
    /// A quarter of the rows of sentiment are enough, and a quarter of its file.
    const TOXICITY_ROW_BITS: u32 = 17;
    Settings {
        loss: Loss::Logistic,
        row_bits: TOXICITY_ROW_BITS,
        epochs: 12,
        rate: 0.3,
        l2: 2e-3,
        dropout: 200,
        ..Settings::default()
    }
}

/// Trains the toxicity model on the data below `data`, and measures it by cross validation and on held-out sets.
///
/// # Errors
/// Where a file of the data cannot be read.
pub fn train_toxicity(
    data: &Path,
    settings: &Settings,
    progress: &mut dyn FnMut(Progress),
) -> Result<ToxicityModel, ToxicityError> {
    let samples = samples(data)?;
    let mut figures = ToxicityFigures::default();
    for fold in 0..N_FOLDS {
        let table = fit(&samples, Some(fold), settings, progress)?;
        let measured = samples.iter().filter(|sample| sample.fold == fold && !sample.is_held_out);
        figures.add(&table, measured);
    }
    let table = fit(&samples, None, settings, progress)?;
    figures.add(&table, samples.iter().filter(|sample| sample.is_held_out));
    Ok(ToxicityModel { file: table.to_bytes(), figures })
}

/// A model of all samples but those that are held out and those of `fold`.
fn fit(
    samples: &[Sample],
    fold: Option<u64>,
    settings: &Settings,
    progress: &mut dyn FnMut(Progress),
) -> Result<Table, TableError> {
    let mut examples = Examples::new(1);
    for sample in samples {
        if sample.weight > 0.0 && !sample.is_held_out && Some(sample.fold) != fold {
            let target = f32::from(u8::from(sample.offensive));
            examples.push(&sample.rows, &[target], sample.weight);
        }
    }
    quantize(&train(&examples, settings, None, progress), &[TOXICITY_LANE])
}

fn samples(data: &Path) -> Result<Vec<Sample>, TextError> {
    let filter = WordFilter::new();
    let mut features = Features::new();
    let mut samples = Vec::new();
    for (name, set_lang, role) in SETS {
        let lines = texts::<Line>(&data.join(format!("{name}.jsonl.gz")))?;
        let step = lines.len().div_ceil(MAX_LINES);
        for line in lines.iter().step_by(step) {
            let lang = if line.lang.is_empty() { set_lang } else { &line.lang };
            features.read(&line.text, []);
            let words = filter.flags(features.folded(), lang);
            let (offensive, weight) = lesson(line, lang, role, words);
            samples.push(Sample {
                rows: features.rows().to_vec(),
                words,
                offensive,
                weight,
                group: group(name, lang, line),
                is_held_out: role == Role::HeldOut,
                fold: fold_of(&line.text),
            });
        }
    }
    for sentence in identity_sentences() {
        features.read(&sentence, []);
        samples.push(Sample {
            rows: features.rows().to_vec(),
            words: Flags::NONE,
            offensive: false,
            weight: IDENTITY_WEIGHT,
            group: None,
            is_held_out: false,
            fold: N_FOLDS,
        });
    }
    Ok(samples)
}

/// Whether the text of a line is offensive, and how far to trust that.
fn lesson(line: &Line, lang: &str, role: Role, words: Flags) -> (bool, f32) {
    let is_marked = line.label.as_i64() == Some(1);
    match role {
        Role::Offense | Role::HeldOut => (is_marked, 1.0),
        Role::Hate if is_marked => (true, 0.2),
        Role::Hate => (false, if words.is_empty() { 0.05 } else { 0.0 }),
        Role::Hostility if line.hostility == "normal" => (false, 0.2),
        // Some of the raters found these normal.
        Role::Hostility if line.hostility.contains("normal") => (true, 0.0),
        Role::Hostility => (true, if lang == "fr" { 0.1 } else { 0.05 }),
        Role::Clean if !words.is_empty() => (false, 0.0),
        Role::Clean if line.label == "negative" => (false, COMPLAINT_WEIGHT),
        Role::Clean => (false, CLEAN_WEIGHT),
    }
}

/// What the figures of a line are counted under.
fn group(set: &str, lang: &str, line: &Line) -> Option<String> {
    let name = set.rsplit('/').next().unwrap_or(set);
    let is_search = name.starts_with("tweeteval_hate") || name.starts_with("mlma") && lang != "fr";
    let mood = if line.label == "negative" { " negative" } else { "" };
    (!is_search).then(|| format!("{name} {lang}{mood}"))
}

fn fold_of(text: &str) -> u64 {
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3)
    });
    (hash >> 33) % N_FOLDS
}

fn identity_sentences() -> impl Iterator<Item = String> {
    let of = |mark: &'static str| {
        let split = move |line: &'static str| line.split_once(mark);
        IDENTITY.lines().filter(|line| !line.starts_with('#')).filter_map(split)
    };
    of("> ").flat_map(move |(lang, sentence)| {
        let groups = of(": ").filter(move |(known, _)| *known == lang);
        groups.flat_map(move |(_, names)| {
            names.split_whitespace().map(move |name| sentence.replace('*', name))
        })
    })
}

impl ToxicityFigures {
    fn add<'a>(&mut self, table: &Table, samples: impl Iterator<Item = &'a Sample>) {
        for sample in samples {
            let Some(name) = &sample.group else { continue };
            let flags = toxicity_flags(sample.words, toxicity_score(table, &sample.rows));
            self.group(name).add(sample.offensive, flags);
        }
    }

    fn group(&mut self, name: &str) -> &mut GroupFigures {
        let place = self.groups.iter().position(|group| group.name == name).unwrap_or_else(|| {
            self.groups.push(GroupFigures {
                name: name.to_owned(),
                confusion: Confusion::new(&["clean", "offensive"]),
                n_clean_held: (0, 0),
                n_offensive_held: (0, 0),
            });
            self.groups.len() - 1
        });
        self.groups.get_mut(place).expect("it was found or made")
    }
}

impl GroupFigures {
    fn add(&mut self, offensive: bool, flags: Flags) {
        let found = flags.contains(Flag::Offensive);
        self.confusion.add(usize::from(offensive), usize::from(found));
        let (n_held, n_all) =
            if offensive { &mut self.n_offensive_held } else { &mut self.n_clean_held };
        *n_held += u32::from(flags.holds());
        *n_all += 1;
    }
}

impl fmt::Display for ToxicityFigures {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            formatter,
            "| texts | n | macro-F1 | clean flagged | clean held | offensive held |"
        )?;
        writeln!(formatter, "|---|---|---|---|---|---|")?;
        let percent = |(part, whole): (u32, u32)| {
            if whole == 0 {
                String::from("-")
            } else {
                format!("{:.2} %", 100.0 * f64::from(part) / f64::from(whole))
            }
        };
        let mut groups: Vec<_> = self.groups.iter().collect();
        groups.sort_by(|one, other| one.name.cmp(&other.name));
        for group in groups {
            let n_clean = group.n_clean_held.1;
            let macro_f1 = if n_clean == 0 || group.n_offensive_held.1 == 0 {
                String::from("-")
            } else {
                format!("{:.1}", 50.0 * (group.confusion.f1(0) + group.confusion.f1(1)))
            };
            let flagged = f64::from(n_clean) * (1.0 - group.confusion.recall(0));
            writeln!(
                formatter,
                "| {} | {} | {macro_f1} | {} | {} | {} |",
                group.name,
                group.confusion.total(),
                percent((flagged.round() as u32, n_clean)),
                percent(group.n_clean_held),
                percent(group.n_offensive_held),
            )?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_are_made_of_all_groups() {
        let sentences: Vec<_> = identity_sentences().collect();
        assert!(sentences.len() > 1_000, "{}", sentences.len());
        assert!(sentences.iter().any(|sentence| sentence == "je suis gay et fier de l'être"));
        assert!(sentences.iter().all(|sentence| !sentence.contains('*')));
    }

    #[test]
    fn complaints_weigh_less_and_listed_words_nothing() {
        let line = |label: &str| Line {
            lang: String::new(),
            label: label.into(),
            hostility: String::new(),
            text: String::new(),
        };
        let (_, complaint) = lesson(&line("negative"), "fr", Role::Clean, Flags::NONE);
        let (_, praise) = lesson(&line("positive"), "fr", Role::Clean, Flags::NONE);
        assert!(0.0 < complaint && complaint < praise);
        let sworn = Flags::one(Flag::Profanity, vigie_model::Severity::Mild);
        assert_eq!(lesson(&line("positive"), "fr", Role::Clean, sworn), (false, 0.0));
    }

    #[test]
    fn figures_count_both_answers() {
        let mut group = ToxicityFigures::default();
        let strong = Flags::one(Flag::Offensive, vigie_model::Severity::Strong);
        group.group("a").add(true, strong);
        group.group("a").add(false, Flags::NONE);
        assert_eq!(group.groups[0].n_offensive_held, (1, 1));
        assert!(
            group.to_string().contains("| a | 2 | 100.0 | 0.00 % | 0.00 % | 100.00 % |"),
            "{group}"
        );
    }
}
