//! Fits a linear model: stochastic gradients with AdaGrad's rates, an example at a time.

use fastrand::Rng;
use vigie_analysis::{ROW_BITS, logistic, softmax};

use crate::{Examples, examples::best};

/// What the lanes of a model compete for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// One class is right: the shares of all sum to one.
    Softmax,
    /// Each lane says yes or no by itself.
    Logistic,
}

/// How to train.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// What the lanes compete for.
    pub loss: Loss,
    /// The binary logarithm of the number of rows, at most [`ROW_BITS`].
    pub row_bits: u32,
    /// How often each example is seen.
    pub epochs: u32,
    /// How far the first step goes.
    pub rate: f32,
    /// How far the last step goes, in parts of the first: below 1 the end swings less.
    pub last_rate: f32,
    /// Added to what steps are divided by: keeps those of weights small that are seldom seen, and mostly by chance.
    pub floor: f32,
    /// How hard large weights are pulled to zero, at each touch.
    pub l2: f32,
    /// How many of a thousand rows of an example are left out at each sight, at random: against learning by heart.
    pub dropout: u32,
    /// Another seed, another order of examples.
    pub seed: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            loss: Loss::Softmax,
            row_bits: ROW_BITS,
            epochs: 5,
            rate: 0.5,
            last_rate: 1.0,
            floor: 1e-6,
            l2: 0.0,
            dropout: 0,
            seed: 1,
        }
    }
}

/// How far a training has come.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Progress {
    /// Examples seen, over all epochs.
    pub n_seen: usize,
    /// Examples to see.
    pub n_all: usize,
    /// The mean loss of the latest examples.
    pub loss: f32,
}

/// A trained model, before it is made small.
#[derive(Clone, Debug, PartialEq)]
pub struct Weights {
    n_classes: usize,
    row_bits: u32,
    /// The weights row by row.
    rows: Vec<f32>,
    biases: Vec<f32>,
    /// The biases of each group but 0, one after the other.
    group_biases: Vec<f32>,
}

/// How slowly the biases of groups follow: they are to take up a set's habits, not single posts.
const GROUP_RATE: f32 = 0.06;

impl Weights {
    /// A model that knows nothing.
    #[must_use]
    pub fn zero(n_classes: usize, row_bits: u32) -> Self {
        let row_bits = row_bits.min(ROW_BITS);
        let n_weights = n_classes << row_bits;
        Self {
            n_classes,
            row_bits,
            rows: vec![0.0; n_weights],
            biases: vec![0.0; n_classes],
            group_biases: Vec::new(),
        }
    }

    /// How many lanes it has.
    #[must_use]
    pub const fn n_classes(&self) -> usize {
        self.n_classes
    }

    /// The binary logarithm of the number of rows.
    #[must_use]
    pub const fn row_bits(&self) -> u32 {
        self.row_bits
    }

    /// The weights row by row.
    #[must_use]
    pub fn rows(&self) -> &[f32] {
        &self.rows
    }

    /// What is added to the score of each lane.
    #[must_use]
    pub fn biases(&self) -> &[f32] {
        &self.biases
    }

    /// The same, to add what is known beforehand.
    pub fn biases_mut(&mut self) -> &mut [f32] {
        &mut self.biases
    }

    /// Multiplies every score by `factor`: the classes stay, the probabilities grow sharper or softer.
    pub fn scale(&mut self, factor: f32) {
        self.rows.iter_mut().chain(&mut self.biases).for_each(|weight| *weight *= factor);
    }

    const fn start(&self, row: u32) -> usize {
        (row >> (ROW_BITS - self.row_bits)) as usize * self.n_classes
    }

    /// The score of each lane for a text of these rows.
    pub fn scores(&self, rows: &[u32], scores: &mut Vec<f32>) {
        scores.clear();
        scores.resize(self.n_classes, 0.0);
        for &row in rows {
            let start = self.start(row);
            let weights = self.rows.get(start..start + self.n_classes).unwrap_or_default();
            for (score, weight) in scores.iter_mut().zip(weights) {
                *score += weight;
            }
        }
        let norm = 1.0 / (rows.len().max(1) as f32).sqrt();
        for (score, bias) in scores.iter_mut().zip(&self.biases) {
            *score = *score * norm + bias;
        }
    }

    /// The class with the highest score for a text of these rows.
    #[must_use]
    pub fn class(&self, rows: &[u32]) -> usize {
        let mut scores = Vec::new();
        self.scores(rows, &mut scores);
        best(&scores)
    }
}

/// Where the biases of a group begin.
const fn group_start(group: u16, n_classes: usize) -> usize {
    (group as usize).saturating_sub(1) * n_classes
}

/// The sums of squared gradients and the buffers of a training.
struct Trainer<'a> {
    settings: &'a Settings,
    /// The rate of this step.
    rate: f32,
    weights: Weights,
    squares: Vec<f32>,
    bias_squares: Vec<f32>,
    scores: Vec<f32>,
    kept: Vec<u32>,
    rng: Rng,
}

/// Fits weights to `examples`; tells `progress` about every thousandth example, and goes on from `start` if given.
pub fn train(
    examples: &Examples,
    settings: &Settings,
    start: Option<Weights>,
    progress: &mut dyn FnMut(Progress),
) -> Weights {
    let n_classes = examples.n_classes();
    let mut weights = start.unwrap_or_else(|| Weights::zero(n_classes, settings.row_bits));
    weights.group_biases.resize(examples.n_groups() * n_classes, 0.0);
    let mut trainer = Trainer {
        settings,
        rate: settings.rate,
        squares: vec![0.0; weights.rows.len()],
        bias_squares: vec![0.0; n_classes],
        scores: Vec::new(),
        kept: Vec::new(),
        rng: Rng::with_seed(settings.seed),
        weights,
    };
    let mut order: Vec<usize> = (0..examples.len()).collect();
    let n_all = order.len() * settings.epochs as usize;
    let (mut n_seen, mut loss) = (0, 0.0);
    for _ in 0..settings.epochs {
        trainer.rng.shuffle(&mut order);
        for &example in &order {
            let done = n_seen as f32 / n_all.max(1) as f32;
            trainer.rate = settings.rate * (1.0 + (settings.last_rate - 1.0) * done);
            loss += trainer.learn(examples, example);
            n_seen += 1;
            if n_seen % 1_000 == 0 || n_seen == n_all {
                progress(Progress { n_seen, n_all, loss: loss / 1_000.0 });
                loss = 0.0;
            }
        }
    }
    trainer.weights
}

impl Trainer<'_> {
    /// Takes one step; gives the loss before it.
    fn learn(&mut self, examples: &Examples, example: usize) -> f32 {
        let dropout = self.settings.dropout;
        self.kept.clear();
        for &row in examples.rows(example) {
            if dropout == 0 || self.rng.u32(..1_000) >= dropout {
                self.kept.push(row);
            }
        }
        if self.kept.is_empty() {
            return 0.0;
        }
        self.weights.scores(&self.kept, &mut self.scores);
        let group = examples.group(example);
        let places = (group > 0).then(|| group_start(group, self.weights.n_classes));
        let of_group = places.and_then(|start| self.weights.group_biases.get(start..));
        for (score, bias) in self.scores.iter_mut().zip(of_group.unwrap_or_default()) {
            *score += bias;
        }
        let targets = examples.targets(example);
        let loss = self.gradients(targets, examples.weight(example));
        let of_group = places.and_then(|start| self.weights.group_biases.get_mut(start..));
        for (bias, gradient) in of_group.unwrap_or_default().iter_mut().zip(&self.scores) {
            *bias -= GROUP_RATE * self.rate * gradient;
        }
        self.step();
        loss
    }

    /// Turns the scores into the gradients of the loss, and gives the loss.
    fn gradients(&mut self, targets: &[f32], weight: f32) -> f32 {
        match self.settings.loss {
            Loss::Softmax => {
                // A class of which nothing is known takes no part.
                for (score, target) in self.scores.iter_mut().zip(targets) {
                    *score = if target.is_nan() { f32::MIN / 2.0 } else { *score };
                }
                softmax(&mut self.scores);
            }
            Loss::Logistic => self.scores.iter_mut().for_each(|score| *score = logistic(*score)),
        }
        let mut loss = 0.0;
        for (score, &target) in self.scores.iter_mut().zip(targets) {
            if target.is_nan() {
                *score = 0.0;
                continue;
            }
            loss -= target * score.max(1e-6).ln();
            if self.settings.loss == Loss::Logistic {
                loss -= (1.0 - target) * (1.0 - *score).max(1e-6).ln();
            }
            *score = (*score - target) * weight;
        }
        loss * weight
    }

    fn step(&mut self) {
        let norm = 1.0 / (self.kept.len() as f32).sqrt();
        let (rate, l2, floor) = (self.rate, self.settings.l2, self.settings.floor);
        let n_classes = self.weights.n_classes;
        let biases = self.weights.biases.iter_mut().zip(&mut self.bias_squares);
        for ((bias, square), gradient) in biases.zip(&self.scores) {
            *square += gradient * gradient;
            *bias -= 0.1 * rate * gradient / (square.sqrt() + 1e-6);
        }
        for &row in &self.kept {
            let start = self.weights.start(row);
            let places = start..start + n_classes;
            let Some(weights) = self.weights.rows.get_mut(places.clone()) else { continue };
            let Some(squares) = self.squares.get_mut(places) else { continue };
            for ((weight, square), gradient) in weights.iter_mut().zip(squares).zip(&self.scores) {
                let gradient = gradient * norm + l2 * *weight;
                *square += gradient * gradient;
                *weight -= rate * gradient / (square.sqrt() + floor);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn examples() -> Examples {
        let mut examples = Examples::new(2);
        for n in 0..200_u32 {
            let class = n % 2;
            examples.push_class(&[class, 10 + n % 7, 1_000 + n], class as usize, 1.0);
        }
        examples
    }

    #[test]
    fn learns_what_can_be_learned_and_the_same_twice() {
        let examples = examples();
        let settings = Settings { row_bits: ROW_BITS, ..Settings::default() };
        let mut n_told = 0;
        let weights = train(&examples, &settings, None, &mut |_| n_told += 1);
        assert!((0..examples.len()).all(|n| weights.class(examples.rows(n)) == examples.class(n)));
        assert_eq!((weights.class(&[0]), weights.class(&[1]), n_told), (0, 1, 1));
        assert_eq!(train(&examples, &settings, None, &mut |_| ()), weights);
        let other = Settings { dropout: 300, loss: Loss::Logistic, ..settings };
        let weights = train(&examples, &other, None, &mut |_| ());
        assert_eq!((weights.class(&[0]), weights.class(&[1])), (0, 1));
    }

    #[test]
    fn lanes_without_knowledge_stay() {
        let mut examples = Examples::new(2);
        examples.push(&[3], &[1.0, f32::NAN], 1.0);
        let settings = Settings { loss: Loss::Logistic, ..Settings::default() };
        let weights = train(&examples, &settings, None, &mut |_| ());
        let mut scores = Vec::new();
        weights.scores(&[3], &mut scores);
        assert!(scores[0] > 0.0 && scores[1] == 0.0);
    }
}
