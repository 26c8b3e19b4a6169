//! The sentiment model: what it is made of, how it is trained, how good it is.
//!
//! Posts with labels come from public sets; [`Opinion`]s of a larger model on posts without labels come from
//! `scripts/teacher.py`; words and pictographs with their feeling from the list beside this crate.
//! Each set has its own view of what is neutral: its weight says how far to trust it.

use std::path::{Path, PathBuf};

use rustc_hash::FxHashMap;
use serde::Deserialize;
use vigie_analysis::{Features, ROW_BITS, SENTIMENT_LANES, Table, TableError};

use crate::{
    Confusion, Examples, Line, Loss, Progress, Settings, Split, TextError, Weights, examples::best,
    quantize, texts, train,
};

/// Our own words with a feeling: `language weight word…`, from -3 to 3.
const LEXICON: &str = include_str!("../data/lexicon.txt");
/// Our own short phrases: `label`, a tab, the phrase.
const PHRASES: &str = include_str!("../data/feelings.txt");
/// Which texts are kept out of the training where a set has no part of its own for it.
const SPLIT: Split = Split { seed: 20_261_123, out_of_thousand: 60 };
/// What our own words with a negation before them weigh: made up, and not always what people say.
const NEGATED_WEIGHT: f32 = 0.2;
/// What our own phrases weigh: enough for understatements, which the sets show seldom.
const PHRASE_WEIGHT: f32 = 2.0;
/// What turns a word round, by language.
const NEGATORS: [(&str, &[&str]); 6] = [
    ("en", &["not", "isn't", "never"]),
    ("fr", &["pas", "ce n'est pas", "jamais"]),
    ("es", &["no es", "nada"]),
    ("de", &["nicht", "gar nicht"]),
    ("it", &["non è", "per niente"]),
    ("pt", &["não é", "nada"]),
];
/// Gold labels are softened by so much: people disagree on one post in five.
const SOFTENING: f32 = 0.1;
/// How far the teacher's opinion of a labelled post counts beside the label: it has learned these labels by heart.
const TEACHER_SHARE: f32 = 0.1;
/// The teacher's shares are raised to this power: it is less sure than it is right.
const SHARPNESS: f32 = 1.5;
/// The set that gives posts to the teacher as well: those that the split keeps out of it are kept out here too.
const SHARED_SET: &str = "mozetic15";
/// How the names of sources end whose shares are labels that people gave.
const GOLD_SUFFIX: &str = "_gold";
/// A language of a set has no more say than so many posts.
const MAX_OF_LANGUAGE: f32 = 5_000.0;
/// The label that says nothing is neutral, as in sets without neutral posts.
const UNKNOWN: f32 = f32::NAN;

/// A set of labelled posts: its file, what it weighs, and the part that is kept out.
struct Set {
    name: &'static str,
    /// The language, where its lines do not say.
    lang: &'static str,
    weight: f32,
    has_neutral: bool,
    role: Role,
}

/// What a set is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    /// All of it is trained on.
    Train,
    /// Trained on but for the part that the split keeps out.
    Both,
    /// Measured on, and trained on only once all is chosen.
    Held,
}

const fn set(name: &'static str, lang: &'static str, weight: f32, role: Role) -> Set {
    Set { name, lang, weight, has_neutral: true, role }
}

/// The set whose view of the classes the model takes: balanced, in eight languages.
const FIRST_SET: &str = "umsab_train";
/// More of the first set, on which settings are chosen and probabilities made true.
const VALIDATION_SET: &str = "umsab_val";

/// The sets, in the folder `sentiment` of the data.
const SETS: [Set; 9] = [
    set(FIRST_SET, "", 1.0, Role::Train),
    set(VALIDATION_SET, "", 1.0, Role::Held),
    set("semeval2013-2016_en", "en", 0.3, Role::Both),
    set("deft2017_fr_train", "fr", 0.7, Role::Both),
    Set { has_neutral: false, ..set("mozetic15_posneg", "", 0.3, Role::Both) },
    set("reviews_ja", "ja", 0.5, Role::Both),
    set("reviews_zh", "zh", 0.5, Role::Both),
    set("reviews_id", "id", 0.5, Role::Both),
    set("reviews_ms", "ms", 0.5, Role::Both),
];

/// How the weights are fitted; chosen on the validation set, as a mean over its languages.
pub const SENTIMENT_SETTINGS: Settings = Settings {
    loss: Loss::Softmax,
    row_bits: ROW_BITS,
    epochs: 4,
    rate: 0.3,
    last_rate: 0.1,
    floor: 0.03,
    l2: 5e-5,
    dropout: 0,
    seed: 1,
};

/// What a larger model thinks of a text.
#[derive(Clone, Debug, Deserialize)]
struct Opinion {
    /// Where the text is from.
    source: String,
    lang: String,
    text: String,
    /// The probabilities of negative, neutral and positive.
    shares: [f32; 3],
}

/// How to make the model.
#[derive(Clone, Debug)]
pub struct SentimentPlan {
    /// The folder with the sets.
    pub folder: PathBuf,
    /// The teacher's opinions, where there are any.
    pub opinions: Option<PathBuf>,
    /// Whether to train once more with the validation set, for the table that is shipped, once all is chosen.
    ///
    /// The figures are in any case those of the training without it.
    pub trains_on_validation: bool,
    /// How to fit the weights.
    pub settings: Settings,
}

/// How good the model is on one set in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentimentFigure {
    /// The set.
    pub set: &'static str,
    /// The language.
    pub lang: String,
    /// All posts.
    pub all: Confusion,
    /// The posts that the model is sure of.
    pub sure: Confusion,
}

/// A trained model with its figures on what it has not seen.
#[derive(Clone, Debug)]
pub struct SentimentModel {
    /// The weights of eight bits.
    pub table: Table,
    /// The figures, by set and language.
    pub figures: Vec<SentimentFigure>,
}

/// Why there is no model.
#[derive(Debug, thiserror::Error)]
pub enum SentimentError {
    /// A set cannot be read.
    #[error(transparent)]
    Text(#[from] TextError),
    /// The weights make no table.
    #[error(transparent)]
    Table(#[from] TableError),
}

/// Trains the model of `plan`.
///
/// # Errors
/// Where a set or the opinions cannot be read.
pub fn train_sentiment(
    plan: &SentimentPlan,
    progress: &mut dyn FnMut(Progress),
) -> Result<SentimentModel, SentimentError> {
    let mut data = Data::new(plan.opinions.as_deref())?;
    for set in &SETS {
        data.add_set(set, &plan.folder.join("sentiment"))?;
    }
    data.add_opinions();
    data.add_words();
    let mut weights = train(&data.examples, &plan.settings, None, progress);
    let factor = calibration(&weights, &data.held);
    weights.scale(factor);
    let mut table = quantize(&weights, &SENTIMENT_LANES)?;
    let figures = data.held.iter().map(|held| held.figure(&table)).collect();
    if plan.trains_on_validation {
        data.add_validation();
        weights = train(&data.examples, &plan.settings, None, progress);
        weights.scale(factor);
        table = quantize(&weights, &SENTIMENT_LANES)?;
    }
    Ok(SentimentModel { table, figures })
}

/// Posts of one set and language that are not trained on.
struct Held {
    set: &'static str,
    lang: String,
    has_neutral: bool,
    examples: Examples,
}

impl Held {
    fn figure(&self, table: &Table) -> SentimentFigure {
        let mut figure = SentimentFigure {
            set: self.set,
            lang: self.lang.clone(),
            all: Confusion::new(&SENTIMENT_LANES),
            sure: Confusion::new(&SENTIMENT_LANES),
        };
        for example in 0..self.examples.len() {
            let rows = self.examples.rows(example);
            let mut shares = vigie_analysis::sentiment_shares(table, rows);
            if !self.has_neutral {
                shares[1] = 0.0;
            }
            let (truth, found) = (self.examples.class(example), best(&shares));
            figure.all.add(truth, found);
            if !vigie_analysis::is_unsure(shares) {
                figure.sure.add(truth, found);
            }
        }
        figure
    }
}

/// What is trained on and what is kept out.
struct Data {
    features: Features,
    examples: Examples,
    held: Vec<Held>,
    opinions: Vec<Opinion>,
    /// The teacher's shares of labelled texts.
    of_labelled: FxHashMap<String, [f32; 3]>,
    /// The set and language of each group of examples, from 1.
    groups: Vec<(String, String)>,
}

impl Data {
    fn new(opinions: Option<&Path>) -> Result<Self, TextError> {
        let mut opinions: Vec<Opinion> = opinions.map(texts).transpose()?.unwrap_or_default();
        let of_labelled = opinions
            .extract_if(.., |opinion| opinion.source == FIRST_SET)
            .map(|opinion| (key(&opinion.text), opinion.shares))
            .collect();
        let (features, examples) = (Features::new(), Examples::new(3));
        let (held, groups) = (Vec::new(), Vec::new());
        Ok(Self { features, examples, held, opinions, of_labelled, groups })
    }

    /// What is learned from now on comes from this set and language.
    ///
    /// The first set is of no group: its view of the classes is the model's own, in each of its languages.
    fn begin_group(&mut self, set: &str, lang: &str) {
        if set == FIRST_SET {
            return self.examples.begin_group(0);
        }
        let found = self.groups.iter().position(|(name, of)| name == set && of == lang);
        let place = found.unwrap_or_else(|| {
            self.groups.push((set.to_owned(), lang.to_owned()));
            self.groups.len() - 1
        });
        self.examples.begin_group(u16::try_from(place + 1).unwrap_or_default());
    }

    /// Trains on the validation set as on more of the first set.
    fn add_validation(&mut self) {
        for held in std::mem::take(&mut self.held) {
            if held.set != VALIDATION_SET {
                continue;
            }
            self.begin_group(FIRST_SET, &held.lang);
            for example in 0..held.examples.len() {
                let targets = softened(held.examples.class(example));
                self.examples.push(held.examples.rows(example), &targets, 1.0);
            }
        }
    }

    fn add_set(&mut self, set: &Set, folder: &Path) -> Result<(), TextError> {
        let lines: Vec<Line> = texts(&folder.join(format!("{}.jsonl.gz", set.name)))?;
        let mut n_of_language: FxHashMap<String, f32> = FxHashMap::default();
        for line in &lines {
            *n_of_language.entry(line.lang.clone()).or_default() += 1.0;
        }
        for line in &lines {
            let Some(class) = line.label.as_str().and_then(class_of) else { continue };
            let is_held = match set.role {
                Role::Train => false,
                Role::Held => true,
                Role::Both => SPLIT.keeps_out(&line.text),
            };
            if is_held {
                self.hold(set, line, class);
            } else {
                let n = n_of_language.get(&line.lang).copied().unwrap_or(1.0);
                let weight = set.weight * (MAX_OF_LANGUAGE / n).min(1.0);
                let weight = if set.has_neutral { set.weight } else { weight };
                self.learn(set, line, class, weight);
            }
        }
        Ok(())
    }

    fn hold(&mut self, set: &Set, line: &Line, class: usize) {
        let lang = if set.lang.is_empty() { line.lang.as_str() } else { set.lang };
        let found = self.held.iter().position(|held| held.set == set.name && held.lang == lang);
        let place = found.unwrap_or_else(|| {
            self.held.push(Held {
                set: set.name,
                lang: lang.to_owned(),
                has_neutral: set.has_neutral,
                examples: Examples::new(3),
            });
            self.held.len() - 1
        });
        self.features.read(&line.text, []);
        if let Some(held) = self.held.get_mut(place) {
            held.examples.push_class(self.features.rows(), class, 1.0);
        }
    }

    fn learn(&mut self, set: &Set, line: &Line, class: usize, weight: f32) {
        self.begin_group(set.name, &line.lang);
        self.features.read(&line.text, []);
        let targets = if set.has_neutral {
            let gold = softened(class);
            let opinion = self.of_labelled.get(&key(&line.text));
            opinion.map_or(gold, |opinion| mixed(gold, sharpened(*opinion), TEACHER_SHARE))
        } else if class == 0 {
            [1.0, UNKNOWN, 0.0]
        } else {
            [0.0, UNKNOWN, 1.0]
        };
        self.examples.push(self.features.rows(), &targets, weight);
    }

    fn add_opinions(&mut self) {
        for opinion in std::mem::take(&mut self.opinions) {
            let source = opinion.source.as_str();
            if source == SHARED_SET && SPLIT.keeps_out(&opinion.text) {
                continue;
            }
            self.begin_group(source, &opinion.lang);
            self.features.read(&opinion.text, []);
            let weight = match source {
                _ if source.ends_with(GOLD_SUFFIX) => 0.1,
                "words" => 0.2,
                "parts" => 0.3,
                // Politicians write unlike others.
                "candidates" => 0.25,
                _ => 0.5,
            };
            self.examples.push(self.features.rows(), &sharpened(opinion.shares), weight);
        }
    }

    /// Adds the words and phrases of our own lists.
    fn add_words(&mut self) {
        self.begin_group("lexicon", "");
        for line in LEXICON.lines().filter(|line| !line.starts_with('#')) {
            let mut words = line.split_whitespace().skip(1);
            let Some(weight) = words.next().and_then(|weight| weight.parse::<f32>().ok()) else {
                continue;
            };
            let negators = NEGATORS.iter().find(|(lang, _)| line.starts_with(lang));
            for word in words {
                self.features.read(word, []);
                self.examples.push(self.features.rows(), &felt(weight), 1.0);
                for negator in negators.map_or(&[][..], |(_, negators)| negators) {
                    self.features.read(&format!("{negator} {word}"), []);
                    // "Not bad" is less good than "not good" is bad.
                    let weight = if weight > 0.0 { -weight } else { -0.6 * weight };
                    self.examples.push(self.features.rows(), &felt(weight), NEGATED_WEIGHT);
                }
            }
        }
        self.begin_group("phrases", "");
        for line in PHRASES.lines().filter(|line| !line.starts_with('#')) {
            let Some((label, phrase)) = line.split_once('\t') else { continue };
            let Some(class) = class_of(label) else { continue };
            self.features.read(phrase, []);
            self.examples.push(self.features.rows(), &softened(class), PHRASE_WEIGHT);
        }
    }
}

/// What scores are to be multiplied with for probabilities to be true ones on the validation set.
fn calibration(weights: &Weights, held: &[Held]) -> f32 {
    let loss = |factor: f32| -> f32 {
        let mut scores = Vec::new();
        let mut loss = 0.0;
        for held in held.iter().filter(|held| held.set == VALIDATION_SET) {
            for example in 0..held.examples.len() {
                weights.scores(held.examples.rows(example), &mut scores);
                scores.iter_mut().for_each(|score| *score *= factor);
                vigie_analysis::softmax(&mut scores);
                let truth = held.examples.class(example);
                loss -= scores.get(truth).copied().unwrap_or(1.0).max(1e-6).ln();
            }
        }
        loss
    };
    (1..=40)
        .map(|step| step as f32 * 0.05)
        .min_by(|a, b| loss(*a).total_cmp(&loss(*b)))
        .unwrap_or(1.0)
}

fn class_of(label: &str) -> Option<usize> {
    SENTIMENT_LANES.iter().position(|lane| *lane == label)
}

/// The shares of a word of our list, by its weight.
fn felt(weight: f32) -> [f32; 3] {
    let (strong, weak) = (0.35 + 0.2 * weight.abs(), 0.05);
    let rest = 1.0 - strong - weak;
    if weight > 0.0 { [weak, rest, strong] } else { [strong, rest, weak] }
}

fn softened(class: usize) -> [f32; 3] {
    let mut targets = [SOFTENING / 3.0; 3];
    if let Some(target) = targets.get_mut(class) {
        *target += 1.0 - SOFTENING;
    }
    targets
}

/// The teacher's shares with [`SHARPNESS`].
fn sharpened(shares: [f32; 3]) -> [f32; 3] {
    let shares = shares.map(|share| share.max(1e-4).powf(SHARPNESS));
    let sum: f32 = shares.iter().sum();
    shares.map(|share| share / sum)
}

fn mixed(gold: [f32; 3], opinion: [f32; 3], share: f32) -> [f32; 3] {
    let mut targets = gold;
    for (target, opinion) in targets.iter_mut().zip(opinion) {
        *target += share * (opinion - *target);
    }
    targets
}

/// One spelling of a text for those who cleaned it differently.
fn key(text: &str) -> String {
    text.split_whitespace()
        .filter(|word| !word.starts_with('@') && !word.starts_with("http"))
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_own_lists_are_read() {
        let mut data = Data::new(None).expect("no file");
        data.add_words();
        assert!(data.examples.len() > 1_000, "{}", data.examples.len());
        for line in PHRASES.lines().filter(|line| !line.starts_with('#')) {
            let (label, _) = line.split_once('\t').expect("a tab");
            assert!(class_of(label).is_some(), "{line}");
        }
    }

    #[test]
    fn targets_are_shares() {
        let mixed = mixed(softened(2), [0.2, 0.6, 0.2], 0.5);
        assert!((mixed.iter().sum::<f32>() - 1.0).abs() < 1e-6, "{mixed:?}");
        assert!(mixed[2] > mixed[1] && mixed[1] > mixed[0]);
        let sharpened = sharpened([0.0, 0.6, 0.4]);
        assert!((sharpened.iter().sum::<f32>() - 1.0).abs() < 1e-6, "{sharpened:?}");
        assert!(sharpened[1] > 0.6 && sharpened[0] < 0.01, "{sharpened:?}");
    }
}
